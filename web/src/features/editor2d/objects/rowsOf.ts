/** The rows of an editor live as long as it does, whichever panel is shown. */
import type { Editor } from '@/editor/editor';
import { groupings, ObjectRows, type Grouping } from '@/editor/objects/rows';
import { preferences } from '@/net/preferences';
import { kGrouping } from '../choices';

const known = new WeakMap<Editor, ObjectRows>();

export function rowsOf(editor: Editor): ObjectRows {
  const before = known.get(editor);
  if (before) return before;
  const rows = new ObjectRows(editor);
  const stored = preferences.get<unknown>(kGrouping, 'none');
  rows.grouping.set(groupings.find((one) => one === stored) ?? 'none');
  known.set(editor, rows);
  return rows;
}

export function chooseGrouping(editor: Editor, grouping: Grouping): void {
  preferences.set(kGrouping, grouping);
  rowsOf(editor).grouping.set(grouping);
}
