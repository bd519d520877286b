import type { Annotation, OperationDraft } from '../../kernel/records';
import { t } from '../../i18n/i18n';
import type { Editor } from '../editor';
import { copySelection, duplicateSelection, pasteHeld } from '../objects/clipboardUse';
import { unlocked } from '../objects/marks';
import { bringForward, bringToFront, sendBackward, sendToBack } from '../objects/order';
import { canMove, limitMove, translateShape } from '../transform';
import type { Command, CommandContext } from './command';

const hasSelection = ({ editor }: CommandContext) => editor.selection.get().size > 0;

function setShape(annotation: Annotation, shape: Annotation['shape']): OperationDraft {
  const prev = annotation.shape;
  return { op: 'set', target: annotation.id, field: 'shape', value: shape, prev };
}

function nudge(editor: Editor, dx: number, dy: number): void {
  const operations = editor.selected().flatMap(({ annotation, outline }) => {
    if (!canMove(annotation.shape) || !editor.mayChange(annotation.id)) return [];
    if (editor.pinned.get().has(annotation.id)) return [];
    const [mx, my] = limitMove(outline.bounds, editor.view.image.get(), dx, dy);
    if (mx === 0 && my === 0) return [];
    return [setShape(annotation, translateShape(annotation.shape, mx, my, editor.kernel))];
  });
  if (operations.length > 0) editor.commit(t('objects.steps.nudge'), operations);
}

/** What this person has locked stays, unless `force` says that it is meant. */
export function deleteObjects(editor: Editor, ids: readonly string[], force = false): void {
  const free = force ? ids : unlocked(editor, ids);
  if (free.length < ids.length) editor.notices.emit({ tone: 'info', code: 'object_locked' });
  editor.commit(
    t('objects.steps.delete', { count: free.length }),
    free.map((target) => ({ op: 'del', target })),
  );
}

/** Selects the next object in reading order of the pile. */
function step(editor: Editor, by: 1 | -1): void {
  const ordered = editor.store.ordered().filter((entry) => editor.isVisible(entry));
  if (ordered.length === 0) return;
  const current = ordered.findIndex((entry) => editor.selection.get().has(entry.annotation.id));
  const next = current < 0 ? (by > 0 ? 0 : ordered.length - 1) : current + by;
  const entry = ordered[(next + ordered.length) % ordered.length]!;
  editor.tool.set('select');
  editor.select([entry.annotation.id]);
}

type ArrowKey = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

function arrow(key: ArrowKey, dx: number, dy: number): Command {
  return {
    id: `edit.nudge.${key}`,
    title: `commands.edit.nudge.${key}`,
    group: 'edit',
    keys: [key],
    enabled: hasSelection,
    run: ({ editor }) => nudge(editor, dx, dy),
  };
}

function farArrow(command: Command, dx: number, dy: number): Command {
  return {
    ...command,
    id: `${command.id}.far`,
    keys: command.keys.map((key) => `Shift+${key}`),
    run: ({ editor }) => nudge(editor, dx * 10, dy * 10),
  };
}

const kDirections = [
  ['ArrowLeft', -1, 0],
  ['ArrowRight', 1, 0],
  ['ArrowUp', 0, -1],
  ['ArrowDown', 0, 1],
] as const;

const kNudges = kDirections.flatMap(([key, dx, dy]) => {
  const near = arrow(key, dx, dy);
  return [near, farArrow(near, dx, dy)];
});

export const kEditCommands: readonly Command[] = [
  {
    id: 'edit.undo',
    title: 'commands.edit.undo',
    group: 'edit',
    keys: ['$mod+z'],
    enabled: ({ editor }) => !editor.locked() && editor.history.state.get().undo !== null,
    run: ({ editor }) => {
      const title = editor.history.undo();
      if (title) editor.announcements.emit(t('objects.steps.undone', { title }));
    },
  },
  {
    id: 'edit.redo',
    title: 'commands.edit.redo',
    group: 'edit',
    keys: ['$mod+Shift+z', '$mod+y'],
    enabled: ({ editor }) => !editor.locked() && editor.history.state.get().redo !== null,
    run: ({ editor }) => {
      const title = editor.history.redo();
      if (title) editor.announcements.emit(t('objects.steps.redone', { title }));
    },
  },
  {
    id: 'edit.delete',
    title: 'commands.edit.delete',
    group: 'edit',
    keys: ['Delete', 'Backspace'],
    run: ({ editor, dispatch }) => {
      if (!dispatch({ type: 'back' })) deleteObjects(editor, [...editor.selection.get()]);
    },
  },
  {
    id: 'edit.copy',
    title: 'commands.edit.copy',
    group: 'edit',
    keys: ['$mod+c'],
    enabled: hasSelection,
    run: ({ editor }) => void copySelection(editor),
  },
  {
    id: 'edit.cut',
    title: 'commands.edit.cut',
    group: 'edit',
    keys: ['$mod+x'],
    enabled: hasSelection,
    run: ({ editor }) => {
      void copySelection(editor);
      deleteObjects(editor, [...editor.selection.get()]);
    },
  },
  {
    id: 'edit.paste',
    title: 'commands.edit.paste',
    group: 'edit',
    keys: ['$mod+v'],
    run: ({ editor }) => void pasteHeld(editor),
  },
  {
    id: 'edit.pasteInPlace',
    title: 'commands.edit.pasteInPlace',
    group: 'edit',
    keys: ['$mod+Shift+v'],
    run: ({ editor }) => void pasteHeld(editor, true),
  },
  {
    id: 'edit.duplicate',
    title: 'commands.edit.duplicate',
    group: 'edit',
    keys: ['$mod+d'],
    enabled: hasSelection,
    run: ({ editor }) => duplicateSelection(editor),
  },
  {
    id: 'edit.all',
    title: 'commands.edit.all',
    group: 'edit',
    keys: ['$mod+a'],
    run: ({ editor }) => {
      editor.tool.set('select');
      const entries = editor.store.ordered().filter((entry) => editor.isVisible(entry));
      editor.select(entries.map((entry) => entry.annotation.id));
    },
  },
  {
    id: 'edit.next',
    title: 'commands.edit.next',
    group: 'edit',
    keys: ['Tab'],
    run: ({ editor }) => step(editor, 1),
  },
  {
    id: 'edit.previous',
    title: 'commands.edit.previous',
    group: 'edit',
    keys: ['Shift+Tab'],
    run: ({ editor }) => step(editor, -1),
  },
  {
    id: 'edit.front',
    title: 'commands.edit.front',
    group: 'edit',
    keys: ['$mod+]'],
    enabled: hasSelection,
    run: ({ editor }) => bringToFront(editor),
  },
  {
    id: 'edit.back',
    title: 'commands.edit.back',
    group: 'edit',
    keys: ['$mod+['],
    enabled: hasSelection,
    run: ({ editor }) => sendToBack(editor),
  },
  {
    id: 'edit.forward',
    title: 'commands.edit.forward',
    group: 'edit',
    keys: ['Alt+]'],
    enabled: hasSelection,
    run: ({ editor }) => bringForward(editor),
  },
  {
    id: 'edit.backward',
    title: 'commands.edit.backward',
    group: 'edit',
    keys: ['Alt+['],
    enabled: hasSelection,
    run: ({ editor }) => sendBackward(editor),
  },
  ...kNudges,
];
