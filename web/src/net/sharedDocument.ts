/**
 * One asset's annotations twice: `confirmed`, the fold of the server's log, and `live`, the same
 * with the queue on top, which is what the person sees. Operations touch one annotation each, so
 * after others' operations only the annotations that they touched are laid anew.
 */
import type { ApplyResult, Kernel, KernelDocument } from '../kernel/kernel';
import type { Annotation, Operation, OperationDraft, Snapshot } from '../kernel/records';
import type { RemoteOperation } from './liveTypes';
import { asSent, changeOf, targetOf } from './operations';
import type { SessionQueue } from './sessionQueue';

export class SharedDocument {
  private readonly confirmed: KernelDocument;
  private live: KernelDocument;
  private head = 0;
  /** What `items` would say, as long as nothing was added to the state that was loaded. */
  private loaded: Annotation[] | null = null;

  constructor(
    kernel: Kernel,
    private readonly queue: SessionQueue,
  ) {
    this.confirmed = kernel.createDocument();
    this.live = kernel.createDocument();
  }

  get revision(): number {
    return this.head;
  }

  get(id: string): Annotation | null {
    return this.live.get(id);
  }

  ids(): string[] {
    return this.live.ids();
  }

  items(): Annotation[] {
    return this.loaded ?? this.live.items();
  }

  /** What the server has, as far as this page knows. */
  confirmedItems(): Annotation[] {
    return this.confirmed.items();
  }

  /** An operation the kernel refuses stays in the queue: only the server may refuse it. */
  load(snapshot: Snapshot): void {
    this.head = snapshot.revision;
    this.confirmed.load(snapshot);
    const previous = this.live;
    this.live = this.confirmed.clone();
    for (const { operation } of this.queue.entries()) this.live.apply(operation);
    previous.dispose();
    this.loaded = this.queue.size === 0 ? snapshot.items : null;
  }

  /** What would take `operation` back, computed before `apply`. */
  invert(operation: Operation): OperationDraft[] {
    return this.live.invert(operation).map(changeOf);
  }

  apply(operation: Operation): ApplyResult {
    this.loaded = null;
    return this.live.apply(operation);
  }

  /** The log has grown by `operation`. False when this page's state cannot be the server's. */
  confirm(operation: RemoteOperation): boolean {
    if (operation.revision !== this.head + 1) return false;
    this.loaded = null;
    if (!this.confirmed.apply(asSent(operation)).ok) return false;
    this.head = operation.revision;
    return true;
  }

  /**
   * Lays the queue on the confirmed state again for these annotations. `onApplied` hears what takes
   * each of its operations back now.
   */
  restack(
    ids: ReadonlySet<string>,
    onApplied: (operation: Operation, inverse: OperationDraft[]) => void,
  ): void {
    this.loaded = null;
    for (const id of ids) this.live.adopt(id, this.confirmed);
    for (const { operation } of this.queue.entries()) {
      if (!ids.has(targetOf(operation))) continue;
      const inverse = this.invert(operation);
      if (this.live.apply(operation).ok) onApplied(operation, inverse);
    }
  }

  dispose(): void {
    this.confirmed.dispose();
    this.live.dispose();
  }
}
