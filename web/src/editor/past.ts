/**
 * An earlier state of the document, shown in place of the present one and compared with it. An
 * object that is in both is changed when anything a person sees of it differs.
 */
import type { Annotation } from '../kernel/records';
import { outlineOf, type Outline } from './outline';
import type { Kernel } from '../kernel/kernel';

export interface Past {
  readonly revision: number;
  /** RFC 3339. */
  readonly at: string;
  readonly items: ReadonlyMap<string, Annotation>;
}

export type DiffKind = 'added' | 'changed' | 'removed';

/** How the present differs from the past, object by object. */
export interface PastDiff {
  readonly kind: DiffKind;
  readonly id: string;
  readonly outline: Outline | null;
}

export function makePast(revision: number, at: string, items: readonly Annotation[]): Past {
  return { revision, at, items: new Map(items.map((item) => [item.id, item])) };
}

export function diffToNow(past: Past, now: readonly Annotation[], kernel: Kernel): PastDiff[] {
  const present = new Map(now.map((item) => [item.id, item]));
  const out: PastDiff[] = [];
  for (const [id, before] of past.items) {
    const after = present.get(id);
    const outline = outlineOf(before.shape, kernel);
    if (!after) out.push({ kind: 'removed', id, outline });
    else if (looks(before) !== looks(after)) out.push({ kind: 'changed', id, outline });
  }
  for (const [id, after] of present) {
    if (past.items.has(id)) continue;
    out.push({ kind: 'added', id, outline: outlineOf(after.shape, kernel) });
  }
  return out;
}

function looks({ shape, label_id, attributes, z }: Annotation): string {
  const names = Object.keys(attributes).sort();
  const values = names.map((name) => [name, attributes[name]]);
  return JSON.stringify([shape, label_id, values, z ?? null]);
}
