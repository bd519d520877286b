/** Operations with and without what names them and what the log adds to them. */
import type { Kernel, Side } from '../kernel/kernel';
import type { Operation, OperationDraft } from '../kernel/records';

export function targetOf(draft: OperationDraft): string {
  const operation = draft as Operation;
  return operation.op === 'put' ? operation.annotation.id : operation.target;
}

/** The bare change: no id, gesture, revision or author. */
export function changeOf(operation: OperationDraft): OperationDraft {
  const {
    id: _id,
    step: _step,
    undoes: _undoes,
    ...change
  } = asSent(operation as Operation) as Operation & Record<string, unknown>;
  return change as OperationDraft;
}

/** What the log adds to an operation is nothing that the kernel would take. */
export function asSent(operation: Operation): Operation {
  const {
    revision: _revision,
    created_by: _author,
    created_at: _time,
    source: _source,
    run: _run,
    ...sent
  } = operation as Operation & Record<string, unknown>;
  return sent as Operation;
}

/** Order of members counts: unequal may still mean the same, equal never means another. */
export function sameChange(a: OperationDraft, b: OperationDraft): boolean {
  return JSON.stringify(changeOf(a)) === JSON.stringify(changeOf(b));
}

export interface Carried {
  /** Null when nothing is left of it. */
  change: OperationDraft | null;
  rule: string;
}

export type Transformer = Pick<Kernel, 'transformAll'>;

/** Bare changes on a state that has `over`, and what `over` is on top of them. */
export function carryChanges(
  kernel: Transformer,
  changes: readonly OperationDraft[],
  over: readonly OperationDraft[],
  side: Side,
): { changes: Carried[]; over: Carried[] } {
  const merged = kernel.transformAll(changes.map(named), over.map(named), side);
  const bare = (list: typeof merged.over) =>
    list.map(({ operation, rule }) => ({ change: operation && changeOf(operation), rule }));
  return { changes: bare(merged.changes), over: bare(merged.over) };
}

/** The kernel reads whole operations; the name has no effect on what they become. */
const kAnyName = '00000000-0000-7000-8000-000000000000';
const named = (change: OperationDraft) => ({ ...change, id: kAnyName }) as Operation;
