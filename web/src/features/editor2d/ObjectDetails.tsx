import { useState } from 'react';
import { relabel } from '@/editor/commands/labelCommands';
import type { AttributeDefinition } from '@/editor/labels';
import { round64 } from '@/editor/transform';
import type { Annotation, AttributeValue, BoxShape } from '@/kernel/records';
import { Select } from '@/ui/Select';
import { Blame } from '../history/Blame';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';

/** Label, place and attributes of what is selected; the way to edit without dragging. */
export function ObjectDetails() {
  const editor = useEditor();
  useSignal(editor.store.version);
  useSignal(editor.selection);
  const labels = useSignal(editor.labels);
  const selected = editor.selected().map((entry) => entry.annotation);
  const [first] = selected;
  if (!first) return null;
  const same = selected.every((annotation) => annotation.label_id === first.label_id);
  const labelId = same ? (first.label_id ?? '') : '';
  const definitions = labels.find((label) => label.id === labelId)?.attributes ?? [];
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
      {definitions.map((definition) => (
        <AttributeField
          key={`${first.id}/${definition.name}`}
          definition={definition}
          annotations={selected}
        />
      ))}
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

interface AttributeFieldProps {
  definition: AttributeDefinition;
  annotations: readonly Annotation[];
}

function AttributeField({ definition, annotations }: AttributeFieldProps) {
  const editor = useEditor();
  const { name, kind } = definition;
  const value = annotations[0]?.attributes[name] ?? null;
  const set = (next: AttributeValue) => {
    editor.commit(
      `Set ${name}`,
      annotations.map((annotation) => ({
        op: 'set' as const,
        target: annotation.id,
        field: `attributes.${name}`,
        value: next,
        prev: annotation.attributes[name] ?? null,
      })),
    );
  };
  if (kind === 'checkbox' && definition.options) {
    return <ChoicesField name={name} options={definition.options} value={value} onChange={set} />;
  }
  if (kind === 'checkbox') {
    return (
      <label className="details-row details-check">
        <span>{name}</span>
        <input
          type="checkbox"
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked)}
        />
      </label>
    );
  }
  return (
    <label className="details-row">
      <span className="truncate">{name}</span>
      {kind === 'select' || kind === 'radio' ? (
        <Select
          small
          value={typeof value === 'string' ? value : ''}
          options={[
            { value: '', label: 'Not set' },
            ...(definition.options ?? []).map((choice) => ({ value: choice, label: choice })),
          ]}
          onChange={(event) => set(event.currentTarget.value || null)}
        />
      ) : (
        <TextField key={String(value)} kind={kind} value={value} onChange={set} />
      )}
    </label>
  );
}

interface ChoicesFieldProps {
  name: string;
  options: readonly string[];
  value: AttributeValue;
  onChange: (value: AttributeValue) => void;
}

function ChoicesField({ name, options, value, onChange }: ChoicesFieldProps) {
  const chosen = Array.isArray(value) ? value : [];
  return (
    <fieldset className="details-row">
      <legend className="truncate">{name}</legend>
      <div className="details-choices">
        {options.map((option) => (
          <label key={option} className="checkbox">
            <input
              type="checkbox"
              checked={chosen.includes(option)}
              onChange={(event) => {
                const rest = chosen.filter((item) => item !== option);
                onChange(event.currentTarget.checked ? [...rest, option] : rest);
              }}
            />
            {option}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface TextFieldProps {
  kind: 'number' | 'text';
  value: AttributeValue;
  onChange: (value: AttributeValue) => void;
}

function TextField({ kind, value, onChange }: TextFieldProps) {
  const before = value === null ? '' : String(value);
  const [text, setText] = useState(before);
  const leave = () => {
    if (text === before) return;
    if (text === '') return onChange(null);
    onChange(kind === 'number' ? Number(text) : text);
  };
  return (
    <input
      className="input input-s"
      type={kind}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}
