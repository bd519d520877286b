import { Eye, EyeOff, Lock, LockOpen, Pin, Sparkles, Trash2, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { deleteObjects } from '@/editor/commands/editCommands';
import type { Editor } from '@/editor/editor';
import { keyText } from '@/editor/keys/keysOf';
import { groupColor } from '@/editor/objects/groups';
import { toggleMark } from '@/editor/objects/marks';
import type { Row } from '@/editor/objects/rows';
import type { Signal } from '@/editor/signal';
import type { Entry } from '@/editor/store';
import { t } from '@/i18n/i18n';
import { IconButton } from '@/ui/Button';
import { calm, usePicked, useSignal } from '../useSignal';
import { useEditor, useWorkspace } from '../workspace';
import { chooseRow, showOnCanvas } from './chooseRow';
import type { Spot } from './ObjectTree';
import { warningText } from './warningText';

export function rowId(spot: Spot): string {
  return 'object' in spot
    ? `object-row-${spot.object}`
    : `object-section-${spot.section.replace(/\s/g, '-')}`;
}

interface ObjectRowProps {
  row: Row & { kind: 'object' };
  top: number;
  active: boolean;
}

export const ObjectRow = memo(function ObjectRow({ row, top, active }: ObjectRowProps) {
  const editor = useEditor();
  const { commands } = useWorkspace();
  const { id } = row;
  useSignal(editor.labels);
  const selected = useHas(calm(editor.selection), id);
  const hovering = calm(editor.hovered);
  const hovered = usePicked(hovering, () => hovering.get() === id);
  const hidden = useHas(editor.hidden, id);
  const locked = useHas(editor.guarded, id);
  const pinned = useHas(editor.pinned, id);
  const entry = usePicked(editor.store.version, () => editor.store.get(id));
  usePicked(editor.store.version, () => editor.ages.numberOf(id));
  const warnings = usePicked(editor.warnings.version, () => editor.warnings.of(id));
  // A warning may call another object by its number.
  usePicked(editor.store.version, () => warnings.length > 0 && editor.store.version.get());
  if (!entry) return null;
  const marks = { hidden, locked, pinned };
  const choose = (event: React.MouseEvent) => {
    const toggles = event.ctrlKey || event.metaKey;
    chooseRow(editor, id, event.shiftKey ? 'range' : toggles ? 'toggle' : 'only');
  };
  return (
    <div
      id={rowId({ object: id })}
      className="object-row"
      role="treeitem"
      style={{ transform: `translateY(${top}px)` }}
      data-level={row.level}
      data-active={active || undefined}
      data-hovered={hovered || undefined}
      data-selected={selected || undefined}
      data-hidden={hidden || undefined}
      aria-level={row.level}
      aria-setsize={row.count}
      aria-posinset={row.position}
      aria-selected={selected}
      aria-label={rowLabel(editor, entry, marks)}
      onPointerEnter={() => editor.hovered.set(id)}
      onPointerLeave={() => editor.hovered.set(null)}
      // The hand stays where it was: keys go on to edit, not to move in the list.
      onMouseDown={(event) => event.preventDefault()}
      onContextMenu={(event) => {
        event.preventDefault();
        if (!editor.selection.get().has(id)) chooseRow(editor, id, 'only');
        commands.page.openMenu([event.clientX, event.clientY]);
      }}
    >
      <div className="object-main" onClick={choose} onDoubleClick={() => showOnCanvas(editor, id)}>
        <RowFace entry={entry} marks={marks} />
      </div>
      <RowButtons id={id} marks={marks} />
    </div>
  );
});

/** A row renders for itself: not with every step of the pointer over others. */
function useHas(signal: Signal<ReadonlySet<string>>, id: string): boolean {
  return usePicked(signal, () => signal.get().has(id));
}

interface Marks {
  hidden: boolean;
  locked: boolean;
  pinned: boolean;
}

/** Begins with what the row shows, so that it can be called by it. */
function rowLabel(editor: Editor, entry: Entry, marks: Marks): string {
  const { annotation } = entry;
  const name = t('objects.row.name', {
    label: editor.labelOf(annotation).name,
    number: editor.ages.numberOf(annotation.id),
  });
  const parts = [
    `${name} ${sizeText(entry)}`,
    ...(annotation.source === 'model' ? [t('objects.row.byModel')] : []),
    ...(annotation.group ? [t('objects.row.grouped')] : []),
    ...(marks.hidden ? [t('objects.row.hidden')] : []),
    ...(marks.locked ? [t('objects.row.locked')] : []),
    ...(marks.pinned ? [t('objects.row.pinned')] : []),
    ...editor.warnings.of(annotation.id).map((warning) => warningText(editor, warning)),
  ];
  return parts.join(', ');
}

function sizeText({ placed, outline }: Entry): string {
  const [x0, y0, x1, y1] = outline.bounds;
  return placed ? `${Math.round(x1 - x0)} × ${Math.round(y1 - y0)}` : t('objects.row.tag');
}

function RowFace({ entry, marks }: { entry: Entry; marks: Marks }) {
  const editor = useEditor();
  const { annotation } = entry;
  const label = editor.labelOf(annotation);
  const [problem] = editor.warnings.of(annotation.id);
  return (
    <>
      <span className="swatch" style={{ background: label.color }} />
      <span className="truncate">{label.name}</span>{' '}
      <span className="object-number num">{editor.ages.numberOf(annotation.id)}</span>{' '}
      {annotation.group ? (
        <span
          className="object-group"
          style={{ background: groupColor(annotation.group) }}
          title={t('objects.row.grouped')}
        />
      ) : null}
      {annotation.source === 'model' ? <Sparkles className="ai-ink" aria-hidden="true" /> : null}
      {problem ? (
        <TriangleAlert className="warn-ink" aria-hidden="true" data-testid="row-warning" />
      ) : null}
      {marks.locked ? <Lock aria-hidden="true" data-testid="row-locked" /> : null}
      {marks.pinned ? <Pin aria-hidden="true" data-testid="row-pinned" /> : null}
      <span className="object-size num">{sizeText(entry)}</span>
    </>
  );
}

/** For the pointer; the keyboard has keys for all of them. */
function RowButtons({ id, marks }: { id: string; marks: Marks }) {
  const editor = useEditor();
  return (
    <>
      <IconButton
        size="s"
        tabIndex={-1}
        label={marks.locked ? t('objects.row.unlock') : t('objects.row.lock')}
        keys={keyText('object.lock')}
        icon={marks.locked ? <Lock /> : <LockOpen />}
        onClick={() => toggleMark(editor.guarded, [id])}
      />
      <IconButton
        size="s"
        tabIndex={-1}
        label={marks.hidden ? t('objects.row.show') : t('objects.row.hide')}
        keys={keyText('view.hide')}
        icon={marks.hidden ? <EyeOff /> : <Eye />}
        onClick={() => toggleMark(editor.hidden, [id])}
      />
      <IconButton
        size="s"
        tabIndex={-1}
        label={t('objects.row.delete')}
        keys={keyText('edit.delete')}
        icon={<Trash2 />}
        onClick={() => deleteObjects(editor, [id])}
      />
    </>
  );
}
