/**
 * A person's operations that no server has acknowledged: the batch under way, exactly as it was
 * sent, and what waits behind it. Both are carried along as others' operations arrive, so that they
 * always say what they would do on the present state. An entry whose base is not the present
 * revision was made on a state that this page never had whole (offline for long, another tab's);
 * it stays as it was made, and the server carries it over what came since.
 * Pure but for the kernel's transformation; nothing here waits or speaks to the network.
 */
import type { Kernel } from '../kernel/kernel';
import type { Operation, OperationDraft } from '../kernel/records';
import type { RemoteOperation } from './liveTypes';
import { changeOf, sameChange, targetOf } from './operations';
import type { Batch } from './sessionWire';

export interface Queued {
  operation: Operation;
  base: number;
}

export interface Lost {
  operation: Operation;
  rule: string;
  /** The server's word for it. */
  code?: string;
}

export interface Carried {
  /** The other's change as it is on top of this queue; null when nothing is left of it. */
  remote: OperationDraft | null;
  /** Waiting operations of which nothing is left. */
  lost: Lost[];
}

/** Characters. A frame may have 1 MiB; a single larger operation goes another way. */
const kBatchSizeMax = 400_000;

export class SessionQueue {
  private batch: Batch | null = null;
  /** The batch's operations as they stand on the present state; lost ones are missing. */
  private under: Queued[] = [];
  private waiting: Queued[] = [];
  private rewritten = false;
  private batches = 0;

  constructor(private readonly kernel: Pick<Kernel, 'transformAll'>) {}

  get size(): number {
    return (this.batch?.operations.length ?? 0) + this.waiting.length;
  }

  get underWay(): Batch | null {
    return this.batch;
  }

  /** In the order in which they were made. */
  entries(): Queued[] {
    return [...this.under, ...this.waiting];
  }

  /** As the server will be asked for them: the batch unchanged, then what waits. */
  operations(): Operation[] {
    return [...(this.batch?.operations ?? []), ...this.waiting.map((entry) => entry.operation)];
  }

  push(entries: readonly Queued[]): void {
    this.waiting.push(...entries);
  }

  /** What another tab or an earlier visit left, but for what is here already. */
  adopt(entries: readonly Queued[]): void {
    const known = new Set(this.operations().map((operation) => operation.id));
    this.waiting.push(...entries.filter((entry) => !known.has(entry.operation.id)));
  }

  /** The batch under way once more, or a new one of operations made on one revision. */
  nextBatch(limit: number): Batch | null {
    if (this.batch !== null) return this.batch;
    const base = this.waiting[0]?.base;
    if (base === undefined) return null;
    let count = 0;
    let size = 0;
    for (const entry of this.waiting.slice(0, limit)) {
      size += JSON.stringify(entry.operation).length;
      if (entry.base !== base || (count > 0 && size > kBatchSizeMax)) break;
      count += 1;
    }
    this.under = this.waiting.splice(0, count);
    const operations = this.under.map((entry) => entry.operation);
    this.batch = { n: ++this.batches, base, operations };
    return this.batch;
  }

  /** The answer came: whatever of the batch was not stored is over. */
  endBatch(): void {
    this.batch = null;
    this.under = [];
  }

  /** The batch was not taken as a whole: its operations wait again, but for `without`. */
  returnBatch(without: ReadonlySet<string>): void {
    const kept = this.under.filter((entry) => !without.has(entry.operation.id));
    this.waiting.unshift(...kept);
    this.batch = null;
    this.under = [];
    this.rewritten = true;
  }

  /** Takes everything as made on `revision`: what came before it is too much to be carried over. */
  standOn(revision: number): void {
    this.waiting = this.waiting.map((entry) => ({ ...entry, base: revision }));
    this.rewritten = true;
  }

  has(id: string): boolean {
    const is = (operation: Operation) => operation.id === id;
    return (
      (this.batch?.operations.some(is) ?? false) ||
      this.waiting.some((entry) => is(entry.operation))
    );
  }

  /** Those that change this annotation. */
  on(target: string): Operation[] {
    return this.operations().filter((operation) => targetOf(operation) === target);
  }

  /**
   * An operation of this queue is in the log as `stored`. True when the state on top of the log is
   * the same as before: it went in first and as it was here.
   */
  settle(stored: Operation): boolean {
    const entries = this.entries();
    const index = entries.findIndex((entry) => entry.operation.id === stored.id);
    this.forget(new Set([stored.id]));
    return index === 0 && sameChange(entries[0]!.operation, stored);
  }

  forget(ids: ReadonlySet<string>): void {
    this.under = this.under.filter((entry) => !ids.has(entry.operation.id));
    this.waiting = this.waiting.filter((entry) => !ids.has(entry.operation.id));
  }

  /** Carries everything over `remote`, which follows `remote.revision - 1`. */
  carryOver(remote: RemoteOperation): Carried {
    const target = targetOf(remote);
    const before = remote.revision - 1;
    const meets = (entry: Queued) => entry.base === before && targetOf(entry.operation) === target;
    const met = this.entries().filter(meets);
    const carried = this.transform(met, changeOf(remote));
    this.advance(before, remote.revision);
    return carried;
  }

  /** The document went from revision `before` to `after`; what is in step with it stays so. */
  advance(before: number, after: number): void {
    for (const entry of this.under) if (entry.base === before) entry.base = after;
    for (const entry of this.waiting) {
      if (entry.base !== before) continue;
      entry.base = after;
      this.rewritten = true;
    }
  }

  /** What waits, when it is no longer as it was kept on this device. */
  takeRewritten(): Queued[] | null {
    if (!this.rewritten) return null;
    this.rewritten = false;
    return this.waiting;
  }

  private transform(met: readonly Queued[], remote: OperationDraft): Carried {
    if (met.length === 0) return { remote, lost: [] };
    const operations = met.map((entry) => entry.operation);
    const merged = this.kernel.transformAll(operations, [remote], 'later');
    const lost: Lost[] = [];
    const over = new Set<string>();
    met.forEach((entry, index) => {
      const { change, rule } = merged.changes[index]!;
      if (change !== null) {
        entry.operation = change;
        return;
      }
      over.add(entry.operation.id);
      if (this.waiting.includes(entry)) lost.push({ operation: entry.operation, rule });
    });
    this.forget(over);
    return { remote: merged.over[0] ?? null, lost };
  }
}
