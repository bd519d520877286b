import { ArrowLeft, ArrowRight, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { keyText } from '@/editor/keys/keysOf';
import {
  arrowsAt,
  kKindLengthMax,
  renameArrow,
  unrelate,
  type Arrow,
} from '@/editor/objects/relations';
import { t } from '@/i18n/i18n';
import { Button, IconButton } from '@/ui/Button';
import { calm, useSignal } from '../useSignal';
import { useEditor } from '../workspace';
import { chooseRow } from './chooseRow';

/** The arrows of the one object that is selected: what they are called, where they lead. */
export function RelationList() {
  const editor = useEditor();
  useSignal(editor.store.version);
  const [only, ...others] = useSignal(calm(editor.selection));
  if (only === undefined || others.length > 0) return null;
  const arrows = arrowsAt(editor, only);
  return (
    <section className="relations" aria-label={t('objects.relations.title')}>
      <header>
        <h3>{t('objects.relations.title')}</h3>
        <Button
          size="s"
          variant="ghost"
          icon={<Plus />}
          title={keyText('tool.relation')}
          data-testid="add-relation"
          onClick={() => editor.tool.set('relation')}
        >
          {t('objects.relations.add')}
        </Button>
      </header>
      <ul>
        {arrows.map((arrow) => (
          <RelationRow
            key={`${arrow.from} ${arrow.to} ${arrow.kind}`}
            arrow={arrow}
            leaves={arrow.from === only}
          />
        ))}
      </ul>
    </section>
  );
}

function RelationRow({ arrow, leaves }: { arrow: Arrow; leaves: boolean }) {
  const editor = useEditor();
  const other = leaves ? arrow.to : arrow.from;
  const entry = editor.store.get(other);
  if (!entry) return null;
  const name = t('objects.row.name', {
    label: editor.labelOf(entry.annotation).name,
    number: editor.ages.numberOf(other),
  });
  return (
    <li data-testid="relation">
      {leaves ? (
        <ArrowRight aria-label={t('objects.relations.to')} />
      ) : (
        <ArrowLeft aria-label={t('objects.relations.from')} />
      )}
      <button
        type="button"
        className="relation-end truncate"
        onPointerEnter={() => editor.hovered.set(other)}
        onPointerLeave={() => editor.hovered.set(null)}
        onClick={() => chooseRow(editor, other, 'only')}
      >
        {name}
      </button>
      <KindField arrow={arrow} name={name} />
      <IconButton
        size="s"
        label={t('objects.relations.delete', { name })}
        icon={<Trash2 />}
        onClick={() => unrelate(editor, arrow)}
      />
    </li>
  );
}

function KindField({ arrow, name }: { arrow: Arrow; name: string }) {
  const editor = useEditor();
  const [text, setText] = useState(arrow.kind);
  return (
    <input
      className="input input-s"
      value={text}
      maxLength={kKindLengthMax}
      placeholder={t('objects.relations.kind')}
      aria-label={t('objects.relations.kindOf', { name })}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => renameArrow(editor, arrow, text.trim())}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}
