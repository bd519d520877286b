import {
  ArrowDown,
  ArrowUp,
  ChevronDown,
  ChevronRight,
  GripVertical,
  ListPlus,
  Plus,
  Tags,
  Trash2,
} from 'lucide-react';
import { type DragEvent, useId, useMemo, useState } from 'react';
import { type AttributeKind, type LabelKind, attributeKinds, labelKinds } from '@/net/api';
import { Button, IconButton } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { formatPlural } from '@/ui/format';
import { Input, TextArea } from '@/ui/Input';
import { Select } from '@/ui/Select';
import {
  type AttributeDraft,
  type LabelDraft,
  type LabelErrors,
  addNames,
  changeKind,
  checkLabels,
  draftOf,
  moveItem,
  nextKey,
  takesChoices,
} from './labelDrafts';
import { labelPresets } from './presets';
import './labels.css';

const kindText: Record<LabelKind, string> = {
  any: 'Any shape',
  box: 'Box',
  polygon: 'Polygon',
  polyline: 'Line',
  points: 'Points',
  mask: 'Mask',
  skeleton: 'Skeleton',
  ellipse: 'Ellipse',
  cuboid: 'Cuboid',
  tag: 'Tag',
};

const attributeText: Record<AttributeKind, string> = {
  select: 'One of a list',
  radio: 'One of a few',
  checkbox: 'Yes or no',
  number: 'Number',
  text: 'Text',
};

export interface LabelEditorProps {
  labels: readonly LabelDraft[];
  onChange: (labels: LabelDraft[]) => void;
  /** Missing names are only marked once the person has tried to save. */
  showErrors: boolean;
}

export function LabelEditor({ labels, onChange, showErrors }: LabelEditorProps) {
  const [pasting, setPasting] = useState(false);
  const [dragged, setDragged] = useState<number | null>(null);
  const errors = useMemo(() => checkLabels(labels), [labels]);
  const titleId = useId();

  const update = (index: number, change: Partial<LabelDraft>) =>
    onChange(labels.map((label, at) => (at === index ? { ...label, ...change } : label)));
  const move = (from: number, to: number) => onChange(moveItem(labels, from, to));
  const dropOn = (event: DragEvent, index: number) => {
    event.preventDefault();
    if (dragged !== null) move(dragged, index);
    setDragged(null);
  };

  return (
    <section aria-labelledby={titleId} className="label-editor">
      <div className="label-editor-head">
        <h2 className="h3" id={titleId}>
          Labels
        </h2>
        <span className="muted num">
          {labels.length > 0 ? formatPlural(labels.length, 'label') : ''}
        </span>
        <Button size="s" variant="ghost" icon={<ListPlus />} onClick={() => setPasting(true)}>
          Paste a list
        </Button>
        <Button
          size="s"
          icon={<Plus />}
          data-testid="add-label"
          onClick={() => onChange([...labels, draftOf('', labels)])}
        >
          Add label
        </Button>
      </div>
      {labels.length === 0 ? (
        <div className="label-editor-empty">
          <Tags aria-hidden="true" />
          <div>
            <strong>Start from a preset, or add your own</strong>
            <p>Labels named like COCO classes are filled in by the detectors that come with us.</p>
            <div className="row">
              {labelPresets.map((preset) => (
                <Button
                  key={preset.name}
                  size="s"
                  onClick={() => onChange(addNames(labels, preset.labels))}
                >
                  {preset.name}
                </Button>
              ))}
            </div>
          </div>
        </div>
      ) : (
        <ol className="label-items">
          {labels.map((label, index) => (
            <li
              key={label.key}
              className="label-item"
              data-dragged={dragged === index || undefined}
              onDragOver={(event) => (dragged !== null ? event.preventDefault() : undefined)}
              onDrop={(event) => dropOn(event, index)}
            >
              <LabelRow
                label={label}
                errors={errors}
                showErrors={showErrors}
                onChange={(change) => update(index, change)}
                onRemove={() => onChange(labels.filter((_, at) => at !== index))}
                onMoveUp={index > 0 ? () => move(index, index - 1) : undefined}
                onMoveDown={index < labels.length - 1 ? () => move(index, index + 1) : undefined}
                onDragStart={() => setDragged(index)}
                onDragEnd={() => setDragged(null)}
                onEnter={() => onChange([...labels, draftOf('', labels)])}
              />
            </li>
          ))}
        </ol>
      )}
      <PasteDialog
        open={pasting}
        onOpenChange={setPasting}
        onNames={(names) => onChange(addNames(labels, names))}
      />
    </section>
  );
}

interface LabelRowProps {
  label: LabelDraft;
  errors: LabelErrors;
  showErrors: boolean;
  onChange: (change: Partial<LabelDraft>) => void;
  onRemove: () => void;
  onMoveUp?: () => void;
  onMoveDown?: () => void;
  onDragStart: () => void;
  onDragEnd: () => void;
  onEnter: () => void;
}

function LabelRow(props: LabelRowProps) {
  const { label, errors, showErrors, onChange } = props;
  const [open, setOpen] = useState(label.attributes.length > 0 && label.attributes.length < 4);
  // A doubled name is said at once; an empty one only when the form was sent.
  const error = showErrors || label.name.trim() !== '' ? errors.get(label.key) : undefined;
  const errorId = useId();
  const panelId = useId();
  const name = label.name.trim() || 'new label';
  const addAttribute = () => {
    const attribute: AttributeDraft = { key: nextKey(), name: '', kind: 'select', choices: '' };
    onChange({ attributes: [...label.attributes, attribute] });
    setOpen(true);
  };
  return (
    <>
      <div className="label-line">
        <span
          className="grip"
          draggable
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move';
            event.dataTransfer.setData('text/plain', label.name);
            props.onDragStart();
          }}
          onDragEnd={props.onDragEnd}
          aria-hidden="true"
        >
          <GripVertical />
        </span>
        <input
          type="color"
          className="color-input"
          aria-label={`Colour of ${name}`}
          value={label.color}
          onChange={(event) => onChange({ color: event.target.value.toUpperCase() })}
        />
        <Input
          small
          aria-label="Name of the label"
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? errorId : undefined}
          placeholder="Name"
          value={label.name}
          maxLength={100}
          autoFocus={label.name === '' && !label.id}
          onChange={(event) => onChange({ name: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
            event.preventDefault();
            if (label.name.trim() !== '') props.onEnter();
          }}
        />
        <Select
          small
          aria-label={`Shape of ${name}`}
          value={label.kind}
          onChange={(event) => onChange({ kind: event.target.value as LabelKind })}
          options={labelKinds.map((kind) => ({ value: kind, label: kindText[kind] }))}
        />
        <Button
          size="s"
          variant="ghost"
          className="attributes-toggle"
          aria-expanded={open}
          aria-controls={panelId}
          icon={open ? <ChevronDown /> : <ChevronRight />}
          onClick={() => (label.attributes.length === 0 && !open ? addAttribute() : setOpen(!open))}
        >
          {label.attributes.length > 0
            ? formatPlural(label.attributes.length, 'attribute')
            : 'Attributes'}
        </Button>
        <div className="label-actions">
          <IconButton
            size="s"
            label={`Move ${name} up`}
            icon={<ArrowUp />}
            disabled={!props.onMoveUp}
            onClick={props.onMoveUp}
          />
          <IconButton
            size="s"
            label={`Move ${name} down`}
            icon={<ArrowDown />}
            disabled={!props.onMoveDown}
            onClick={props.onMoveDown}
          />
          <IconButton
            size="s"
            label={`Remove ${name}`}
            icon={<Trash2 />}
            onClick={props.onRemove}
          />
        </div>
      </div>
      {error ? (
        <div className="field-error label-error" id={errorId} role="alert">
          {error}
        </div>
      ) : null}
      {open ? (
        <div className="attributes" id={panelId}>
          {label.attributes.map((attribute) => (
            <AttributeRow
              key={attribute.key}
              attribute={attribute}
              error={showErrors || attribute.name !== '' ? errors.get(attribute.key) : undefined}
              onChange={(changed) =>
                onChange({
                  attributes: label.attributes.map((other) =>
                    other.key === changed.key ? changed : other,
                  ),
                })
              }
              onRemove={() =>
                onChange({
                  attributes: label.attributes.filter((other) => other.key !== attribute.key),
                })
              }
            />
          ))}
          <Button size="s" variant="ghost" icon={<Plus />} onClick={addAttribute}>
            Add attribute
          </Button>
        </div>
      ) : null}
    </>
  );
}

interface AttributeRowProps {
  attribute: AttributeDraft;
  error?: string;
  onChange: (attribute: AttributeDraft) => void;
  onRemove: () => void;
}

function AttributeRow({ attribute, error, onChange, onRemove }: AttributeRowProps) {
  const errorId = useId();
  const name = attribute.name.trim() || 'new attribute';
  return (
    <div>
      <div className="attribute-line">
        <Input
          small
          aria-label="Name of the attribute"
          placeholder="Attribute"
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? errorId : undefined}
          value={attribute.name}
          maxLength={100}
          autoFocus={attribute.name === ''}
          onChange={(event) => onChange({ ...attribute, name: event.target.value })}
        />
        <Select
          small
          aria-label={`Kind of ${name}`}
          value={attribute.kind}
          onChange={(event) => onChange(changeKind(attribute, event.target.value as AttributeKind))}
          options={attributeKinds.map((kind) => ({ value: kind, label: attributeText[kind] }))}
        />
        {takesChoices(attribute.kind) ? (
          <Input
            small
            aria-label={`Choices of ${name}`}
            placeholder={attribute.kind === 'checkbox' ? 'Several of a list' : 'red, green, blue'}
            value={attribute.choices}
            onChange={(event) => onChange({ ...attribute, choices: event.target.value })}
          />
        ) : (
          <span />
        )}
        <IconButton size="s" label={`Remove ${name}`} icon={<Trash2 />} onClick={onRemove} />
      </div>
      {error ? (
        <div className="field-error" id={errorId} role="alert">
          {error}
        </div>
      ) : null}
    </div>
  );
}

interface PasteDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onNames: (names: string[]) => void;
}

function PasteDialog({ open, onOpenChange, onNames }: PasteDialogProps) {
  const [text, setText] = useState('');
  const names = text
    .split(/[\n,;\t]/)
    .map((name) => name.trim())
    .filter(Boolean);
  const add = () => {
    onNames(names);
    setText('');
    onOpenChange(false);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Paste a list of labels"
      description="One name a line, or separated by commas. Known names are left alone."
      footer={
        <>
          <Button variant="ghost" onClick={() => onOpenChange(false)}>
            Cancel
          </Button>
          <Button variant="primary" disabled={names.length === 0} onClick={add}>
            {names.length === 0 ? 'Add labels' : `Add ${formatPlural(names.length, 'label')}`}
          </Button>
        </>
      }
    >
      <Field label="Names">
        {(control) => (
          <TextArea
            {...control}
            rows={8}
            autoFocus
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}
