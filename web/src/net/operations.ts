/** Operations with and without what names them and what the log adds to them. */
import type { Operation, OperationDraft } from '../kernel/records';

export function targetOf(draft: OperationDraft): string {
  const operation = draft as Operation;
  return operation.op === 'put' ? operation.annotation.id : operation.target;
}

/** The gesture as it was first made: undoing and redoing it does not change its name. */
export function gestureOf({ step, undoes }: Operation): string | undefined {
  return undoes ?? step;
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
