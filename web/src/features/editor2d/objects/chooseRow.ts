import type { Editor } from '@/editor/editor';
import { rowsOf } from './rowsOf';

export type Choice = 'only' | 'toggle' | 'range';

/** Where a range with Shift begins. */
let anchor: string | null = null;
const kRangeMax = 20_000;

export function chooseRow(editor: Editor, id: string, choice: Choice): void {
  editor.tool.set('select');
  if (choice === 'range') return chooseRange(editor, id);
  anchor = id;
  if (choice === 'only') return editor.select([id]);
  const next = new Set(editor.selection.get());
  if (!next.delete(id)) next.add(id);
  editor.select(next);
}

function chooseRange(editor: Editor, id: string): void {
  const layout = rowsOf(editor).layout();
  const to = layout.indexOf(id);
  const from = anchor === null ? to : layout.indexOf(anchor);
  if (from < 0 || to < 0) return editor.select([id]);
  const [low, high] = [
    Math.min(from, to),
    Math.min(Math.max(from, to), Math.min(from, to) + kRangeMax),
  ];
  const ids: string[] = [];
  for (let index = low; index <= high; index++) {
    const row = layout.at(index);
    if (row?.kind === 'object') ids.push(row.id);
  }
  editor.select(ids);
}

export function showOnCanvas(editor: Editor, id: string): void {
  const entry = editor.store.get(id);
  if (entry?.placed) editor.view.show(entry.outline.bounds);
}
