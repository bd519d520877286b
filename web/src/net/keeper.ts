/**
 * Keeps the queue in the outbox, write after write, and says when this device keeps nothing. While
 * something waits the tab says that it is alive; what a tab that is gone has left is taken over.
 */
import { Timer, type Clock } from './clock';
import type { KeptOperation, Leftovers, Outbox } from './sessionOutbox';

const kHoldMs = 5_000;

export class Keeper {
  broken = false;
  onMore: (entries: readonly KeptOperation[]) => void = () => {};
  private writes: Promise<void> = Promise.resolve();
  private readonly alive: Timer;
  private readonly again: Timer;
  private closed = false;

  constructor(
    private readonly outbox: Outbox,
    clock: Clock,
    private readonly onBroken: () => void,
  ) {
    this.alive = new Timer(clock);
    this.again = new Timer(clock);
  }

  async read(): Promise<KeptOperation[]> {
    const left: Leftovers = await this.outbox.read().catch(() => {
      this.broken = true;
      return { entries: [], againMs: null };
    });
    if (left.againMs !== null && !this.closed) {
      this.again.start(left.againMs + 100, () => void this.readMore());
    }
    return left.entries;
  }

  put(entries: readonly KeptOperation[]): void {
    if (entries.length === 0) return;
    const kept = entries.map((entry) => ({ ...entry }));
    this.write(() => this.outbox.put(kept));
  }

  remove(ids: readonly string[]): void {
    if (ids.length > 0) this.write(() => this.outbox.remove(ids));
  }

  /** Does anything wait? */
  holding(waits: boolean): void {
    if (!waits || this.closed) return this.alive.stop();
    if (this.alive.running) return;
    this.alive.start(kHoldMs, () => {
      this.write(() => this.outbox.hold());
      this.holding(true);
    });
  }

  close(): void {
    this.closed = true;
    this.alive.stop();
    this.again.stop();
  }

  private async readMore(): Promise<void> {
    const entries = await this.read();
    if (entries.length > 0 && !this.closed) this.onMore(entries);
  }

  private write(run: () => Promise<void>): void {
    this.writes = this.writes.then(run).catch(() => {
      if (this.broken) return;
      this.broken = true;
      this.onBroken();
    });
  }
}
