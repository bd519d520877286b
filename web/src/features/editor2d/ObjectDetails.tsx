import { useState } from 'react';
import { relabel } from '@/editor/commands/labelCommands';
import { round64 } from '@/editor/transform';
import type { Annotation, BoxShape } from '@/kernel/records';
import { Select } from '@/ui/Select';
import { Blame } from '../history/Blame';
import { AttributeFields } from './AttributeFields';
import { JointList } from './JointList';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';

/** Label, place and attributes of what is selected; the way to edit without dragging. */
export function ObjectDetails() {
  const editor = useEditor();
  useSignal(editor.store.version);
  useSignal(editor.selection);
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
        <span>{selected.length > 1 ? `${selected.length} objects` : 'Label'}</span>
        <Select
          small
          aria-label="Label of the selection"
          value={labelId}
          options={[
            ...(labelId === ''
              ? [{ value: '', label: same ? 'Unlabelled' : 'Several labels' }]
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
      {selected.length === 1 && first.shape.type === 'box' ? (
        <BoxFields key={first.id} annotation={first} box={first.shape} />
      ) : null}
      {entries.length === 1 && first.shape.type === 'skeleton' ? (
        <JointList key={first.id} entry={entries[0]!} shape={first.shape} />
      ) : null}
      <AttributeFields annotations={selected} labels={labels} />
      {selected.length === 1 ? <Blame key={first.id} annotation={first} /> : null}
    </div>
  );
}

const kSides = [
  ['x', 'X'],
  ['y', 'Y'],
  ['width', 'W'],
  ['height', 'H'],
] as const;

function BoxFields({ annotation, box }: { annotation: Annotation; box: BoxShape }) {
  const editor = useEditor();
  const change = (side: (typeof kSides)[number][0], value: number) => {
    if (!Number.isFinite(value) || value === box[side]) return;
    if ((side === 'width' || side === 'height') && value < 1) return;
    const next = { ...box, [side]: round64(value) };
    editor.commit('Change box', [
      { op: 'set', target: annotation.id, field: 'shape', value: next, prev: box },
    ]);
  };
  return (
    <div className="details-box">
      {kSides.map(([side, title]) => (
        <NumberField
          key={`${side}/${box[side]}`}
          title={title}
          value={box[side]}
          onChange={(value) => change(side, value)}
        />
      ))}
    </div>
  );
}

interface NumberFieldProps {
  title: string;
  value: number;
  onChange: (value: number) => void;
}

/** Takes effect when left or on Enter, so that half-typed numbers move nothing. */
function NumberField({ title, value, onChange }: NumberFieldProps) {
  // Rounded for reading: leaving the field untouched must not round what is stored.
  const steps = Math.abs(value) < 1000 ? 10 : 1;
  const shown = String(Math.round(value * steps) / steps);
  const [text, setText] = useState(shown);
  return (
    <label className="number-field">
      <span>{title}</span>
      <input
        className="input input-s num"
        type="number"
        step="1"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => text.trim() !== '' && text !== shown && onChange(Number(text))}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </label>
  );
}
