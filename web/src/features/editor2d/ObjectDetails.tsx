import { relabel } from '@/editor/commands/labelCommands';
import { t } from '@/i18n/i18n';
import { Select } from '@/ui/Select';
import { Blame } from '../history/Blame';
import { AttributeFields } from './AttributeFields';
import { JointList } from './JointList';
import { NumericPanel } from './NumericPanel';
import { calm, useSignal } from './useSignal';
import { useEditor } from './workspace';

/** Label, place and attributes of what is selected; the way to edit without dragging. */
export function ObjectDetails() {
  const editor = useEditor();
  useSignal(editor.store.version);
  useSignal(calm(editor.selection));
  const labels = useSignal(editor.labels);
  const entries = editor.selected();
  const selected = entries.map((entry) => entry.annotation);
  const [first] = selected;
  if (!first) return null;
  const same = selected.every((annotation) => annotation.label_id === first.label_id);
  const labelId = same ? (first.label_id ?? '') : '';
  return (
    <div className="details" data-testid="object-details">
      <label className="details-row">
        <span>
          {selected.length > 1
            ? t('commands.objects', { count: selected.length })
            : t('canvas.view.colorings.label')}
        </span>
        <Select
          small
          aria-label={t('editor.labels.ofSelection')}
          value={labelId}
          options={[
            ...(labelId === ''
              ? [{ value: '', label: t(same ? 'objects.unlabelled' : 'editor.labels.several') }]
              : []),
            ...labels.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(event) => {
            const next = event.currentTarget.value;
            if (next !== '')
              relabel(
                editor,
                selected.map((annotation) => annotation.id),
                next,
              );
          }}
        />
      </label>
      {selected.length === 1 ? (
        <NumericPanel key={`numbers/${first.id}`} annotation={first} />
      ) : null}
      {entries.length === 1 && first.shape.type === 'skeleton' ? (
        <JointList key={first.id} entry={entries[0]!} shape={first.shape} />
      ) : null}
      <AttributeFields annotations={selected} labels={labels} />
      {selected.length === 1 ? <Blame key={first.id} annotation={first} /> : null}
    </div>
  );
}
