/**
 * What this person does to objects that is no part of the document: hide, lock, pin. Nobody else
 * sees it; it is remembered per image in this browser.
 */
import type { Editor } from '../editor';
import type { Signal } from '../signal';

export type Mark = 'hidden' | 'guarded' | 'pinned';
export const marks: readonly Mark[] = ['hidden', 'guarded', 'pinned'];

/** Marks all of them; where all are marked already, none. Returns whether they are marked now. */
export function toggleMark(set: Signal<ReadonlySet<string>>, ids: readonly string[]): boolean {
  const before = set.get();
  const on = ids.some((id) => !before.has(id));
  const next = new Set(before);
  for (const id of ids) {
    if (on) next.add(id);
    else next.delete(id);
  }
  set.set(next);
  return on;
}

export type StoredMarks = Partial<Record<Mark, readonly string[]>>;

export function marksOf(editor: Editor): StoredMarks {
  const stored: StoredMarks = {};
  for (const mark of marks) {
    const ids = [...editor[mark].get()].filter((id) => editor.store.get(id));
    if (ids.length > 0) stored[mark] = ids;
  }
  return stored;
}

export function putMarks(editor: Editor, stored: unknown): void {
  if (stored === null || typeof stored !== 'object') return;
  for (const mark of marks) {
    const ids = (stored as Record<string, unknown>)[mark];
    if (!Array.isArray(ids) || ids.length === 0) continue;
    editor[mark].set(new Set(ids.filter((id): id is string => typeof id === 'string')));
  }
}

/** Of these the ones that this person has not locked. */
export function unlocked(editor: Editor, ids: Iterable<string>): string[] {
  const guarded = editor.guarded.get();
  return [...ids].filter((id) => !guarded.has(id));
}
