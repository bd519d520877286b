/** The keys of the tree: WAI-ARIA's pattern, with what an image editor adds to it. */
import type { KeyboardEvent } from 'react';
import type { Editor } from '@/editor/editor';
import { toggleMark } from '@/editor/objects/marks';
import type { Layout, ObjectRows, Row } from '@/editor/objects/rows';
import { chooseRow, showOnCanvas } from './chooseRow';
import type { Spot } from './ObjectTree';

export interface TreeContext {
  editor: Editor;
  rows: ObjectRows;
  layout: Layout;
  /** Of the row the keyboard stands on; -1 for none. */
  index: number;
  spot: Spot | null;
  go(spot: Spot): void;
}

const kPage = 10;

/** Returns whether the press was the tree's. */
export function treeKey(event: KeyboardEvent, context: TreeContext): boolean {
  const { index, layout } = context;
  const { key } = event;
  if (event.altKey || event.metaKey || (event.ctrlKey && key !== ' ')) return false;
  switch (key) {
    case 'ArrowDown':
      return step(context, index + 1, event.shiftKey);
    case 'ArrowUp':
      return step(context, index - 1, event.shiftKey);
    case 'PageDown':
      return step(context, Math.min(layout.count - 1, index + kPage), event.shiftKey);
    case 'PageUp':
      return step(context, Math.max(0, index - kPage), event.shiftKey);
    case 'Home':
      return step(context, 0, false);
    case 'End':
      return step(context, layout.count - 1, false);
    case 'ArrowRight':
      return open(context, true);
    case 'ArrowLeft':
      return open(context, false);
    case 'Enter':
      return choose(context);
    case ' ':
      return event.ctrlKey ? addToSelection(context) : toggleVisible(context);
    default:
      return key.length === 1 && !event.ctrlKey && typeahead(context, key);
  }
}

function step(context: TreeContext, to: number, extend: boolean): boolean {
  const row = context.layout.at(to);
  if (!row) return true;
  stand(context, row);
  if (extend && row.kind === 'object') {
    context.editor.select([...context.editor.selection.get(), row.id]);
  }
  return true;
}

/** The canvas shows by its hover what the keyboard stands on. */
function stand({ editor, go }: TreeContext, row: Row): void {
  editor.hovered.set(row.kind === 'object' ? row.id : null);
  go(row.kind === 'object' ? { object: row.id } : { section: row.section.key });
}

function open(context: TreeContext, wanted: boolean): boolean {
  const { layout, rows, index } = context;
  const row = layout.at(index);
  if (!row) return true;
  if (row.kind === 'section') {
    if (row.section.open !== wanted) rows.toggle(row.section.key, wanted);
    else if (wanted) step(context, index + 1, false);
    return true;
  }
  if (wanted || row.level === 1) return true;
  for (let above = index - 1; above >= 0; above--) {
    const heading = layout.at(above);
    if (heading?.kind !== 'section') continue;
    stand(context, heading);
    break;
  }
  return true;
}

function choose({ editor, layout, rows, index }: TreeContext): boolean {
  const row = layout.at(index);
  if (row?.kind === 'section') rows.toggle(row.section.key);
  if (row?.kind !== 'object') return true;
  chooseRow(editor, row.id, 'only');
  showOnCanvas(editor, row.id);
  return true;
}

function addToSelection({ editor, layout, index }: TreeContext): boolean {
  const row = layout.at(index);
  if (row?.kind === 'object') chooseRow(editor, row.id, 'toggle');
  return true;
}

function toggleVisible({ editor, layout, index }: TreeContext): boolean {
  const row = layout.at(index);
  if (row) toggleMark(editor.hidden, row.kind === 'object' ? [row.id] : row.section.ids);
  return true;
}

const kPauseMs = 700;
let typed = { text: '', at: 0 };

/** To the next row whose name begins with what was typed in one go. */
function typeahead(context: TreeContext, key: string): boolean {
  const { layout, index } = context;
  const now = performance.now();
  const text = (now - typed.at < kPauseMs ? typed.text : '') + key.toLowerCase();
  typed = { text, at: now };
  // One letter goes on to the next; more of a word may still mean the same row.
  const from = text.length === 1 ? index + 1 : Math.max(0, index);
  for (let passed = 0; passed < layout.count; passed++) {
    const row = layout.at((from + passed) % layout.count);
    if (!row || !nameOf(context, row).startsWith(text)) continue;
    stand(context, row);
    return true;
  }
  return true;
}

function nameOf({ editor }: TreeContext, row: Row): string {
  if (row.kind === 'section') return row.section.title.toLowerCase();
  const entry = editor.store.get(row.id);
  return entry ? editor.labelOf(entry.annotation).name.toLowerCase() : '';
}
