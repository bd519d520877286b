/**
 * Puts what comes from the log in order by revision. Frames may come twice, overlap, or overtake
 * each other (an acknowledgement and the others' operations before it); what is early waits here.
 */
import type { RemoteOperation } from './liveTypes';

const kEarlyMax = 10_000;

export class Arrivals {
  private early = new Map<number, RemoteOperation>();

  add(operations: readonly RemoteOperation[], revision: number): void {
    for (const operation of operations) {
      if (operation.revision <= revision || this.early.size >= kEarlyMax) continue;
      this.early.set(operation.revision, operation);
    }
  }

  /** Those that follow `revision` without a gap. */
  take(revision: number): RemoteOperation[] {
    const ready: RemoteOperation[] = [];
    for (;;) {
      const next = this.early.get(revision + ready.length + 1);
      if (!next) return ready;
      this.early.delete(next.revision);
      ready.push(next);
    }
  }

  /** Is something here that lacks what comes before it? */
  get gap(): boolean {
    return this.early.size > 0;
  }

  /** A whole state of `revision` came. */
  skipTo(revision: number): void {
    for (const each of this.early.keys()) if (each <= revision) this.early.delete(each);
  }
}
