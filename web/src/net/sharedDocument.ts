/**
 * One asset's annotations twice: `confirmed`, the fold of the server's log, and `live`, the same
 * with the queue on top, which is what the person sees. Operations touch one annotation each, so
 * after others' operations only the annotations that they touched are laid anew. The kernel is told
 * of an annotation when the first operation on it comes: of a hundred thousand most are only
 * looked at.
 */
import type { ApplyResult, Kernel, KernelDocument } from '../kernel/kernel';
import type { Annotation, Operation, OperationDraft, Snapshot } from '../kernel/records';
import type { RemoteOperation } from './liveTypes';
import { asSent, changeOf, targetOf } from './operations';
import type { SessionQueue } from './sessionQueue';

export class SharedDocument {
  private readonly confirmed: KernelDocument;
  private live: KernelDocument;
  /** What was loaded and no operation has come to. */
  private untouched = new Map<string, Annotation>();
  private head = 0;

  constructor(
    private readonly kernel: Kernel,
    private readonly queue: SessionQueue,
  ) {
    this.confirmed = kernel.createDocument();
    this.live = kernel.createDocument();
  }

  get revision(): number {
    return this.head;
  }

  get(id: string): Annotation | null {
    return this.untouched.get(id) ?? this.live.get(id);
  }

  ids(): string[] {
    return [...this.untouched.keys(), ...this.live.ids()].sort();
  }

  items(): Annotation[] {
    return this.with(this.live);
  }

  /** What the server has, as far as this page knows. */
  confirmedItems(): Annotation[] {
    return this.with(this.confirmed);
  }

  /** An operation the kernel refuses stays in the queue: only the server may refuse it. */
  load(snapshot: Snapshot): void {
    this.head = snapshot.revision;
    this.untouched = new Map(snapshot.items.map((item) => [item.id, item]));
    this.confirmed.load({ revision: snapshot.revision, items: [] });
    const previous = this.live;
    this.live = this.confirmed.clone();
    for (const { operation } of this.queue.entries()) this.apply(operation);
    previous.dispose();
  }

  /** What would take `operation` back, computed before `apply`. */
  invert(operation: Operation): OperationDraft[] {
    this.touch(targetOf(operation));
    return this.live.invert(operation).map(changeOf);
  }

  apply(operation: Operation): ApplyResult {
    this.touch(targetOf(operation));
    return this.live.apply(operation);
  }

  /** The log has grown by `operation`. False when this page's state cannot be the server's. */
  confirm(operation: RemoteOperation): boolean {
    if (operation.revision !== this.head + 1) return false;
    this.touch(targetOf(operation));
    if (!this.confirmed.apply(asSent(operation)).ok) return false;
    this.head = operation.revision;
    return true;
  }

  /** By id, which is by age. */
  private with(touched: KernelDocument): Annotation[] {
    const untouched = [...this.untouched.values()];
    const items = touched.items();
    if (items.length === 0) return untouched;
    return [...untouched, ...items].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private touch(id: string): void {
    const item = this.untouched.get(id);
    if (!item) return;
    const alone = this.kernel.createDocument();
    alone.load({ revision: this.head, items: [item] });
    this.confirmed.adopt(id, alone);
    this.live.adopt(id, alone);
    alone.dispose();
    this.untouched.delete(id);
  }

  /**
   * Lays the queue on the confirmed state again for these annotations. `onApplied` hears what takes
   * each of its operations back now.
   */
  restack(
    ids: ReadonlySet<string>,
    onApplied: (operation: Operation, inverse: OperationDraft[]) => void,
  ): void {
    for (const id of ids) {
      this.touch(id);
      this.live.adopt(id, this.confirmed);
    }
    for (const { operation } of this.queue.entries()) {
      if (!ids.has(targetOf(operation))) continue;
      const inverse = this.invert(operation);
      if (this.apply(operation).ok) onApplied(operation, inverse);
    }
  }

  dispose(): void {
    this.confirmed.dispose();
    this.live.dispose();
  }
}
