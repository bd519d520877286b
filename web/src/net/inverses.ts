/** What takes waiting gestures back, gathered per annotation while they are laid anew. */
import type { Operation, OperationDraft } from '../kernel/records';
import { gestureOf, targetOf } from './operations';

export interface Inverse {
  gesture: string;
  target: string;
  /** In the order to run them. */
  operations: OperationDraft[];
}

export class Inverses {
  private readonly found = new Map<string, Inverse & { step: string | undefined }>();

  /** In the order in which the operations are applied. */
  add(operation: Operation, inverse: readonly OperationDraft[]): void {
    const gesture = gestureOf(operation);
    if (gesture === undefined) return;
    const target = targetOf(operation);
    const { step } = operation;
    const key = `${gesture} ${target}`;
    const before = this.found.get(key);
    // Done, then undone: what counts is how to take back the last of them.
    const earlier = before?.step === step ? (before?.operations ?? []) : [];
    this.found.set(key, { gesture, target, operations: [...inverse, ...earlier], step });
  }

  all(): Inverse[] {
    return [...this.found.values()];
  }
}
