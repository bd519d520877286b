import { uuidv7 } from '../../kernel/ids';
import type { Annotation, OperationDraft } from '../../kernel/records';
import type { Editor } from '../editor';
import { canMove, limitMove, translateShape } from '../transform';
import type { Command, CommandContext } from './command';

const hasSelection = ({ editor }: CommandContext) => editor.selection.get().size > 0;

let clipboard: Annotation[] = [];
/** Image pixels by which a copy is set off from its original. */
const kPasteOffset = 12;

function setShape(annotation: Annotation, shape: Annotation['shape']): OperationDraft {
  const prev = annotation.shape;
  return { op: 'set', target: annotation.id, field: 'shape', value: shape, prev };
}

function nudge(editor: Editor, dx: number, dy: number): void {
  const operations = editor.selected().flatMap(({ annotation, outline }) => {
    if (!canMove(annotation.shape)) return [];
    const [mx, my] = limitMove(outline.bounds, editor.view.image.get(), dx, dy);
    if (mx === 0 && my === 0) return [];
    return [setShape(annotation, translateShape(annotation.shape, mx, my))];
  });
  if (operations.length > 0) editor.commit('Nudge', operations);
}

function paste(editor: Editor, source: readonly Annotation[], title: string): void {
  const copies = source.map((original): Annotation => {
    const { label_id, attributes, group } = original;
    const shape = translateShape(original.shape, kPasteOffset, kPasteOffset);
    const copy = { id: uuidv7(), label_id, attributes, shape, source: 'manual' as const };
    return { ...copy, ...(group && { group }), ...editor.onTop() };
  });
  const known = new Set(editor.labels.get().map((label) => label.id));
  const valid = copies.filter((copy) => copy.label_id !== null && known.has(copy.label_id));
  const done = editor.commit(
    title,
    valid.map((annotation) => ({ op: 'put', annotation })),
  );
  if (done) editor.select(valid.map((copy) => copy.id));
}

export function deleteObjects(editor: Editor, ids: readonly string[]): void {
  const title = ids.length > 1 ? `Delete ${ids.length} objects` : 'Delete object';
  editor.commit(
    title,
    ids.map((target) => ({ op: 'del', target })),
  );
}

function bringToFront(editor: Editor): void {
  let top = editor.store.topDepth();
  const chosen = editor.selection.get();
  const entries = editor.store.ordered().filter(({ annotation }) => chosen.has(annotation.id));
  const operations = entries.map(({ annotation }): OperationDraft => {
    top = editor.kernel.keyBetween(top, null);
    return { op: 'reorder', target: annotation.id, z: top };
  });
  editor.commit('Bring to front', operations);
}

/**
 * Objects without a place of their own lie at the bottom: all others get one, these lose theirs.
 */
function sendToBack(editor: Editor): void {
  const ordered = editor.store.ordered().map((entry) => entry.annotation);
  const chosen = editor.selection.get();
  const lowest = ordered.find(({ id, z }) => z !== undefined && !chosen.has(id))?.z ?? null;
  let place: string | null = null;
  const operations = ordered.flatMap(({ id, z }): OperationDraft[] => {
    if (chosen.has(id)) return z === undefined ? [] : [{ op: 'reorder', target: id, z: null }];
    if (z !== undefined) return [];
    place = editor.kernel.keyBetween(place, lowest);
    return [{ op: 'reorder', target: id, z: place }];
  });
  editor.commit('Send to back', operations);
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

export function toggleHidden(editor: Editor, ids: readonly string[]): void {
  editor.hidden.update((hidden) => {
    const next = new Set(hidden);
    const hide = ids.some((id) => !hidden.has(id));
    for (const id of ids) {
      if (hide) next.add(id);
      else next.delete(id);
    }
    return next;
  });
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
      if (title) editor.announcements.emit(`Undone: ${title}`);
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
      if (title) editor.announcements.emit(`Redone: ${title}`);
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
    run: ({ editor }) => {
      clipboard = editor.selected().map((entry) => entry.annotation);
    },
  },
  {
    id: 'edit.paste',
    title: 'commands.edit.paste',
    group: 'edit',
    keys: ['$mod+v'],
    enabled: () => clipboard.length > 0,
    run: ({ editor }) => paste(editor, clipboard, 'Paste'),
  },
  {
    id: 'edit.duplicate',
    title: 'commands.edit.duplicate',
    group: 'edit',
    keys: ['$mod+d'],
    enabled: hasSelection,
    run: ({ editor }) => {
      const source = editor.selected().map((entry) => entry.annotation);
      paste(editor, source, 'Duplicate');
    },
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
  ...kNudges,
];
