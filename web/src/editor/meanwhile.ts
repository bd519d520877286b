/**
 * What others did to the objects this person has selected, as few calm lines: one for each person
 * and kind of change, which grows instead of being said again. A line goes by itself.
 */
import type { RemoteOperation } from '../net/liveTypes';
import type { Annotation } from '../kernel/records';
import { Signal } from './signal';

export type MeanwhileKind = 'changed' | 'deleted' | 'held';

export interface MeanwhileLine {
  readonly key: string;
  readonly kind: MeanwhileKind;
  /** Id of the user who did it. */
  readonly by: string;
  /** The last known state of each object it is about. */
  readonly objects: readonly Annotation[];
  /** Milliseconds of the same clock as `add` is given. */
  readonly until: number;
}

export const kLineMs = 8000;
const kLinesMax = 3;

export class Meanwhile {
  readonly lines = new Signal<readonly MeanwhileLine[]>([]);

  add(kind: MeanwhileKind, by: string, objects: readonly Annotation[], now: number): void {
    if (objects.length === 0) return;
    const key = `${by}/${kind}`;
    const alive = this.lines.get().filter((line) => line.until > now);
    const known = alive.find((line) => line.key === key)?.objects ?? [];
    const added = new Set(objects.map((object) => object.id));
    const all = [...known.filter((object) => !added.has(object.id)), ...objects];
    const line = { key, kind, by, objects: all, until: now + kLineMs };
    this.lines.set([...alive.filter((other) => other.key !== key), line].slice(-kLinesMax));
  }

  dismiss(key: string): void {
    this.lines.update((lines) => lines.filter((line) => line.key !== key));
  }

  expire(now: number): void {
    const alive = this.lines.get().filter((line) => line.until > now);
    if (alive.length !== this.lines.get().length) this.lines.set(alive);
  }
}

export interface Affected {
  kind: 'changed' | 'deleted';
  by: string;
  ids: string[];
}

/** Which of the selected objects a batch of others touches, by person; deletion speaks last. */
export function affected(
  operations: readonly RemoteOperation[],
  selection: ReadonlySet<string>,
): Affected[] {
  const last = new Map<string, { kind: Affected['kind']; by: string }>();
  for (const operation of operations) {
    const id = operation.op === 'put' ? operation.annotation.id : operation.target;
    if (!selection.has(id) || operation.op === 'reorder') continue;
    const kind = operation.op === 'del' ? 'deleted' : 'changed';
    last.set(id, { kind, by: operation.created_by });
  }
  const out: Affected[] = [];
  for (const [id, { kind, by }] of last) {
    const same = out.find((entry) => entry.kind === kind && entry.by === by);
    if (same) same.ids.push(id);
    else out.push({ kind, by, ids: [id] });
  }
  return out;
}
