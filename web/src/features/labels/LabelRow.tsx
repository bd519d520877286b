import {
  ArrowDown,
  ArrowUp,
  ChevronDown,
  ChevronRight,
  Copy,
  GripVertical,
  PersonStanding,
  Plus,
  Trash2,
} from 'lucide-react';
import { lazy, Suspense, useId, useState } from 'react';
import { inkOn } from '@/editor/labels';
import { type MessageKey, t } from '@/i18n/i18n';
import { type LabelKind, labelKinds } from '@/net/api';
import { Button, IconButton } from '@/ui/Button';
import { Input } from '@/ui/Input';
import { Select } from '@/ui/Select';
import { AttributeRow } from './AttributeRow';
import { type AttributeDraft, type LabelDraft, type LabelErrors, nextKey } from './labelDrafts';

const SkeletonDesigner = lazy(() => import('./designer/SkeletonDesigner'));

const kKindText = Object.fromEntries(
  labelKinds.map((kind) => [kind, `labels.kinds.${kind}` as const]),
) as Record<LabelKind, MessageKey>;
/** The number keys of the image editor, for the first ten labels. */
const kDigits = '1234567890';

export interface LabelRowProps {
  label: LabelDraft;
  place: number;
  /** The name of an earlier label whose colour is hard to tell from this one's. */
  alike?: string;
  errors: LabelErrors;
  showErrors: boolean;
  onChange: (change: Partial<LabelDraft>) => void;
  onRemove: () => void;
  onDuplicate: () => void;
  onMoveUp?: () => void;
  onMoveDown?: () => void;
  onDragStart: () => void;
  onDragEnd: () => void;
  onEnter: () => void;
}

export function LabelRow(props: LabelRowProps) {
  const { label, errors, showErrors, onChange } = props;
  const [open, setOpen] = useState(label.attributes.length > 0 && label.attributes.length < 4);
  // A doubled name is said at once; an empty one only when the form was sent.
  const error = showErrors || label.name.trim() !== '' ? errors.get(label.key) : undefined;
  const errorId = useId();
  const panelId = useId();
  const name = label.name.trim() || t('labels.newLabel');
  const addAttribute = () => {
    const attribute: AttributeDraft = { key: nextKey(), name: '', kind: 'select', choices: '' };
    onChange({ attributes: [...label.attributes, attribute] });
    setOpen(true);
  };
  return (
    <>
      <div className="label-line">
        <Grip {...props} />
        <input
          type="color"
          className="color-input"
          aria-label={t('labels.colorOf', { name })}
          title={props.alike ? t('labels.alike', { name: props.alike }) : undefined}
          value={label.color}
          onChange={(event) => onChange({ color: event.target.value.toUpperCase() })}
        />
        <Input
          small
          aria-label={t('labels.name')}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? errorId : undefined}
          placeholder={t('labels.namePlaceholder')}
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
          aria-label={t('labels.shapeOf', { name })}
          value={label.kind}
          onChange={(event) => onChange({ kind: event.target.value as LabelKind })}
          options={labelKinds.map((kind) => ({ value: kind, label: t(kKindText[kind]) }))}
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
            ? t('labels.attributes.count', { count: label.attributes.length })
            : t('labels.attributes.title')}
        </Button>
        <RowActions {...props} name={name} />
      </div>
      {error ? (
        <div className="field-error label-error" id={errorId} role="alert">
          {t(error)}
        </div>
      ) : null}
      {props.alike ? (
        <p className="label-note">{t('labels.alike', { name: props.alike })}</p>
      ) : null}
      {label.kind === 'skeleton' || label.skeleton ? (
        <SkeletonLine label={label} name={name} onChange={onChange} />
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
            {t('labels.attributes.add')}
          </Button>
        </div>
      ) : null}
    </>
  );
}

/** Takes the row along; the key that chooses the label while annotating stands beside it. */
function Grip({ label, place, onDragStart, onDragEnd }: LabelRowProps) {
  const digit = kDigits[place];
  return (
    <span
      className="grip"
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', label.name);
        onDragStart();
      }}
      onDragEnd={onDragEnd}
    >
      <GripVertical aria-hidden="true" />
      {digit ? (
        <span
          className="label-digit num"
          title={t('labels.digit', { digit })}
          style={{ background: label.color, color: inkOn(label.color) }}
        >
          {digit}
        </span>
      ) : null}
    </span>
  );
}

function RowActions(props: LabelRowProps & { name: string }) {
  const { name } = props;
  return (
    <div className="label-actions">
      <IconButton
        size="s"
        label={t('labels.moveUp', { name })}
        icon={<ArrowUp />}
        disabled={!props.onMoveUp}
        onClick={props.onMoveUp}
      />
      <IconButton
        size="s"
        label={t('labels.moveDown', { name })}
        icon={<ArrowDown />}
        disabled={!props.onMoveDown}
        onClick={props.onMoveDown}
      />
      <IconButton
        size="s"
        label={t('labels.duplicate', { name })}
        icon={<Copy />}
        onClick={props.onDuplicate}
      />
      <IconButton
        size="s"
        label={t('labels.remove', { name })}
        icon={<Trash2 />}
        onClick={props.onRemove}
      />
    </div>
  );
}

interface SkeletonLineProps {
  label: LabelDraft;
  name: string;
  onChange: (change: Partial<LabelDraft>) => void;
}

function SkeletonLine({ label, name, onChange }: SkeletonLineProps) {
  const [designing, setDesigning] = useState(false);
  const { skeleton } = label;
  const what = t(skeleton ? 'labels.designer.edit' : 'labels.designer.make');
  return (
    <div className="label-skeleton">
      <Button
        size="s"
        icon={<PersonStanding />}
        aria-label={t('labels.designer.openOf', { what, name })}
        onClick={() => setDesigning(true)}
      >
        {what}
      </Button>
      <span className="muted num">
        {skeleton
          ? [
              t('labels.designer.points', { count: skeleton.points.length }),
              t('labels.designer.bones', { count: skeleton.edges.length }),
            ].join(', ')
          : t('labels.designer.none')}
      </span>
      {designing ? (
        <Suspense>
          <SkeletonDesigner
            name={name}
            color={label.color}
            saved={label.id !== undefined}
            template={skeleton}
            onClose={() => setDesigning(false)}
            onTemplate={(next) => onChange({ skeleton: next })}
          />
        </Suspense>
      ) : null}
    </div>
  );
}
