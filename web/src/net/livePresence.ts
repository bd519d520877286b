/**
 * What this page shows to others: the latest presence, at most ten times a second and only when it
 * changed, and the locks that it holds, renewed while they last. A new connection is told anew.
 */
import { type Clock, Timer } from './clock';
import type { ShownPresence } from './liveTypes';

const kBetweenMs = 100;
/** The server forgets a lock after 10 s. */
const kRenewMs = 4_000;

export class LivePresence {
  private shown: ShownPresence | null = null;
  private told = '';
  private toldAt = -Infinity;
  private readonly held = new Set<string>();
  private readonly later: Timer;
  private readonly renewal: Timer;

  /** `send` says whether there is a connection to take it. */
  constructor(
    private readonly clock: Clock,
    private readonly send: (message: object) => boolean,
  ) {
    this.later = new Timer(clock);
    this.renewal = new Timer(clock);
  }

  show(presence: ShownPresence): void {
    this.shown = presence;
    if (this.later.running) return;
    this.later.start(Math.max(0, this.toldAt + kBetweenMs - this.clock.now()), () => this.tell());
  }

  lock(target: string): void {
    if (this.held.has(target)) return;
    this.held.add(target);
    this.send({ t: 'lock', target });
    if (!this.renewal.running) this.renewal.start(kRenewMs, () => this.renew());
  }

  unlock(target: string): void {
    if (this.held.delete(target)) this.send({ t: 'unlock', target });
  }

  /** There is a new connection, which knows nothing of this page. */
  restart(): void {
    this.told = '';
    if (this.shown !== null) this.show(this.shown);
    this.renew();
  }

  stop(): void {
    this.later.stop();
    this.renewal.stop();
  }

  private tell(): void {
    const message = { t: 'presence', ...this.shown };
    const text = JSON.stringify(message);
    if (text === this.told || !this.send(message)) return;
    this.told = text;
    this.toldAt = this.clock.now();
  }

  private renew(): void {
    for (const target of this.held) this.send({ t: 'lock', target });
    if (this.held.size > 0) this.renewal.start(kRenewMs, () => this.renew());
  }
}
