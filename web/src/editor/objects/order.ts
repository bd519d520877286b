/** Which object lies on which: fractional keys, so that only what moves is written. */
import type { OperationDraft } from '../../kernel/records';
import { t } from '../../i18n/i18n';
import type { Editor } from '../editor';
import type { Entry } from '../store';

export function bringToFront(editor: Editor): void {
  let top = editor.store.topDepth();
  const operations = pile(editor).map(({ annotation }): OperationDraft => {
    top = editor.kernel.keyBetween(top, null);
    return { op: 'reorder', target: annotation.id, z: top };
  });
  editor.commit(t('objects.steps.front'), operations);
}

/**
 * Objects without a place of their own lie at the bottom: all others get one, these lose theirs.
 */
export function sendToBack(editor: Editor): void {
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
  editor.commit(t('objects.steps.back'), operations);
}

/** Past the next object that it overlaps; where nothing does, past the next one at all. */
export function bringForward(editor: Editor): void {
  step(editor, 1);
}

export function sendBackward(editor: Editor): void {
  step(editor, -1);
}

/** The selected entries, bottom first. */
function pile(editor: Editor): readonly Entry[] {
  const chosen = editor.selection.get();
  return editor.store.ordered().filter(({ annotation }) => chosen.has(annotation.id));
}

function step(editor: Editor, by: 1 | -1): void {
  const ordered = editor.store.ordered();
  const chosen = pile(editor);
  const [first] = by > 0 ? chosen.slice(-1) : chosen;
  if (!first) return;
  const at = ordered.indexOf(first);
  const beyond = by > 0 ? ordered.slice(at + 1) : ordered.slice(0, at).reverse();
  const next = beyond.find((other) => overlap(first, other)) ?? beyond[0];
  if (!next) return;
  const title = t(by > 0 ? 'objects.steps.forward' : 'objects.steps.backward');
  const target = ordered.indexOf(next);
  const moved = new Set(chosen);
  const after = ordered.filter((entry) => !moved.has(entry));
  const place = after.indexOf(ordered[target]!) + (by > 0 ? 1 : 0);
  editor.commit(title, placeBetween(editor, after, place, chosen));
}

function overlap({ outline: a }: Entry, { outline: b }: Entry): boolean {
  const [ax0, ay0, ax1, ay1] = a.bounds;
  const [bx0, by0, bx1, by1] = b.bounds;
  return ax0 < bx1 && bx0 < ax1 && ay0 < by1 && by0 < ay1;
}

/**
 * Puts `moved` at `place` of `rest`. Everything below the place needs a key of its own, because
 * what has none lies at the bottom by age.
 */
function placeBetween(
  editor: Editor,
  rest: readonly Entry[],
  place: number,
  moved: readonly Entry[],
): OperationDraft[] {
  const keyless = (entry: Entry) => entry.annotation.z === undefined;
  const above = rest[place]?.annotation.z ?? null;
  const operations: OperationDraft[] = [];
  let low: string | null = null;
  for (const entry of rest.slice(0, place)) {
    if (!keyless(entry)) low = entry.annotation.z!;
  }
  const give = (entry: Entry, high: string | null) => {
    low = editor.kernel.keyBetween(low, high);
    operations.push({ op: 'reorder', target: entry.annotation.id, z: low });
  };
  // What has no key lies below all that has one, so these stay in order on their own.
  const lifted = rest.slice(place).filter(keyless);
  const high =
    lifted.length > 0 ? (rest.slice(place).find((e) => !keyless(e))?.annotation.z ?? null) : above;
  for (const entry of [...moved, ...lifted]) give(entry, high);
  return operations;
}
