import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { chooseLabel } from '@/editor/commands/labelCommands';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { IconButton } from '@/ui/Button';
import { toast } from '@/ui/Toast';
import { ensureLabel } from './projectLabels';
import { useSignal } from './useSignal';
import { useEditor, useWorkspace } from './workspace';

/** From this many labels on a filter is faster than looking. */
const kFilterFrom = 12;

export function LabelPicker() {
  const editor = useEditor();
  const labels = useSignal(editor.labels);
  const active = useSignal(editor.activeLabel);
  const [adding, setAdding] = useState(false);
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const shown = labels
    .map((label, index) => ({ label, index }))
    .filter(({ label }) => label.name.toLowerCase().includes(wanted));
  return (
    <section className="labels" aria-label={t('commands.groups.labels')}>
      <header className="panel-head">
        <h2>{t('commands.groups.labels')}</h2>
        <span className="panel-count num">{labels.length}</span>
        <IconButton
          size="s"
          label={t('editor.labels.add')}
          icon={<Plus />}
          aria-expanded={adding}
          onClick={() => setAdding(!adding)}
        />
      </header>
      {adding ? <AddLabel onDone={() => setAdding(false)} /> : null}
      {labels.length >= kFilterFrom ? (
        <input
          className="input input-s label-filter"
          type="search"
          placeholder={t('editor.labels.find')}
          aria-label={t('editor.labels.find')}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      ) : null}
      <div className="label-list" role="radiogroup" aria-label={t('editor.labels.choose')}>
        {shown.map(({ label, index }) => (
          <button
            key={label.id}
            type="button"
            role="radio"
            className="label-row"
            aria-checked={label.id === active}
            onClick={() => chooseLabel(editor, label.id)}
          >
            <span className="swatch" style={{ background: label.color }} />
            <span className="truncate">{label.name}</span>
            {index < 10 ? <kbd className="label-key">{(index + 1) % 10}</kbd> : null}
          </button>
        ))}
        {labels.length === 0 ? <p className="panel-note">{t('editor.labels.none')}</p> : null}
      </div>
    </section>
  );
}

function AddLabel({ onDone }: { onDone: () => void }) {
  const { editor, projectId } = useWorkspace();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const add = async () => {
    if (name.trim() === '') return onDone();
    setBusy(true);
    try {
      const label = await ensureLabel(client, projectId, name.trim());
      editor.labels.update((labels) =>
        labels.some((known) => known.id === label.id) ? labels : [...labels, label],
      );
      editor.activeLabel.set(label.id);
      onDone();
    } catch (error) {
      toast({ tone: 'err', title: t('editor.labels.failed'), detail: errorText(error) });
      setBusy(false);
    }
  };
  return (
    <form
      className="label-add"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <input
        className="input input-s"
        autoFocus
        placeholder={t('editor.labels.hint')}
        aria-label={t('editor.labels.name')}
        value={name}
        maxLength={100}
        disabled={busy}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && onDone()}
      />
    </form>
  );
}
