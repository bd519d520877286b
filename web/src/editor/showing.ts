/**
 * What this window shows to the others: cursor, selection, tool and view in image pixels, and which
 * objects are being dragged. Whoever takes it thins it out to the pace of the wire.
 */
import type { Editor } from './editor';
import type { ShownPresence } from '../net/liveTypes';

export interface Showcase {
  show(presence: ShownPresence): void;
  lock(target: string): void;
  unlock(target: string): void;
}

const kSelectionMax = 100;

/** Returns what stops it. */
export function showPresence(editor: Editor, showcase: Showcase): () => void {
  let held: ReadonlySet<string> = new Set();
  const show = () => showcase.show(presenceOf(editor));
  const hold = () => {
    const next = new Set(editor.overlay.get().replaced.keys());
    for (const id of next) {
      if (held.has(id)) continue;
      showcase.lock(id);
      const holder = editor.company.holderOf(id);
      if (holder) editor.tellMeanwhile('held', holder.userId, [id]);
    }
    for (const id of held) if (!next.has(id)) showcase.unlock(id);
    held = next;
  };
  const { view } = editor;
  const stops = [
    view.pointer.subscribe(show),
    view.camera.subscribe(show),
    view.stage.subscribe(show),
    editor.selection.subscribe(show),
    editor.tool.subscribe(show),
    editor.overlay.subscribe(hold),
  ];
  show();
  return () => {
    for (const stop of stops) stop();
    for (const id of held) showcase.unlock(id);
  };
}

export function presenceOf(editor: Editor): ShownPresence {
  const pointer = editor.view.pointer.get();
  return {
    cursor: pointer ? [tenth(pointer[0]), tenth(pointer[1])] : null,
    selection: [...editor.selection.get()].slice(0, kSelectionMax),
    tool: editor.tool.get(),
    view: editor.view.shown(),
    frame: null,
  };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
