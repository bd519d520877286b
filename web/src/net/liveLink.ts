/**
 * Keeps one connection to an asset's room alive: a fresh ticket for each, a pause that grows with
 * every failure in a row, at once when the network or the page comes back.
 */
import { backoff, type Clock, Timer } from './clock';
import type { ServerFrame, WelcomeFrame } from './liveFrames';
import { LivePresence } from './livePresence';
import { LiveSocket, type RawSocket } from './liveSocket';
import type { Connection, LiveListeners, ShownPresence } from './liveTypes';
import {
  TransportError,
  type Batch,
  type Outage,
  type SessionWire,
  type WireListener,
} from './sessionWire';

export interface LivePorts {
  clock: Clock;
  /** @throws TransportError */
  ticket(): Promise<string>;
  connect(ticket: string): RawSocket;
  online(): boolean;
}

export interface LinkEvents {
  /** Tickets are given but no socket gets through, or there are no tickets at all. */
  onBlocked(): void;
  /** A socket got through; the wire's listener hears of it next. */
  onThrough(): void;
}

const kWelcomeMs = 10_000;
const kSteadyMs = 10_000;
const kBlockedAfter = 3;
/** While plain HTTP does the work, a socket is still tried now and then. */
const kBlockedRetryMs = 60_000;
const kEndings: Record<number, Outage> = {
  4401: 'signed_out',
  4403: 'connecting',
  4404: 'gone',
};

export class LiveLink implements SessionWire {
  private listener: WireListener | null = null;
  private socket: LiveSocket | null = null;
  /** Sent last. */
  private batch: Batch | null = null;
  private welcomed = false;
  private everWelcomed = false;
  private welcomedAt = 0;
  private failures = 0;
  private unopened = 0;
  /** Answers for an earlier attempt are nothing any more. */
  private attempt = 0;
  private readonly timer: Timer;
  private readonly presence: LivePresence;

  constructor(
    private readonly ports: LivePorts,
    private readonly people: LiveListeners | null,
    private readonly events: LinkEvents,
  ) {
    this.timer = new Timer(ports.clock);
    this.presence = new LivePresence(ports.clock, (message) => this.say(message));
  }

  start(listener: WireListener): void {
    this.listener = listener;
    this.people?.onConnection('connecting');
    void this.connect();
  }

  send(batch: Batch): void {
    const { n, base, operations } = batch;
    this.batch = batch;
    if (this.say({ t: 'ops', n, base, operations })) this.socket?.expectAnswer();
  }

  retryNow(): void {
    if (this.listener === null || this.welcomed) return;
    this.failures = 0;
    void this.connect();
  }

  /** The browser says that there is no network: what the socket would say is no longer trusted. */
  lose(): void {
    if (this.listener !== null) this.fail('unreachable');
  }

  catchUp(): void {
    if (this.welcomed) void this.connect();
  }

  show(presence: ShownPresence): void {
    this.presence.show(presence);
  }

  lock(target: string): void {
    this.presence.lock(target);
  }

  unlock(target: string): void {
    this.presence.unlock(target);
  }

  close(): void {
    this.drop();
    this.presence.stop();
    this.listener = null;
  }

  private say(message: object): boolean {
    return this.welcomed && (this.socket?.send(message) ?? false);
  }

  private async connect(): Promise<void> {
    this.drop();
    const attempt = this.attempt;
    let ticket: string;
    try {
      ticket = await this.ports.ticket();
    } catch (error) {
      if (attempt === this.attempt) this.refuseTicket(error);
      return;
    }
    if (attempt === this.attempt) this.open(ticket);
  }

  private open(ticket: string): void {
    let raw: RawSocket;
    try {
      raw = this.ports.connect(ticket);
    } catch {
      return this.unwelcome();
    }
    const attempt = this.attempt;
    const hello = { t: 'hello', revision: this.listener!.revision() };
    this.socket = new LiveSocket(
      raw,
      hello,
      {
        onFrame: (frame) => attempt === this.attempt && this.hear(frame),
        onEnd: (reason) => attempt === this.attempt && this.ended(reason),
      },
      this.ports.clock,
    );
    this.timer.start(kWelcomeMs, () => this.unwelcome());
  }

  private drop(): void {
    this.attempt += 1;
    this.timer.stop();
    this.socket?.abandon();
    this.socket = null;
    this.welcomed = false;
  }

  private refuseTicket(error: unknown): void {
    const failure = error instanceof TransportError ? error.failure : 'unreachable';
    if (failure === 'signed_out' || failure === 'forbidden') return this.stop(failure);
    if (failure === 'unreachable') return this.fail('unreachable');
    // A server without rooms; whether the asset is there is told by its state over HTTP.
    this.blocked();
  }

  private ended(reason: number | 'silent'): void {
    if (reason === 'silent') return this.fail('silent');
    const outage = kEndings[reason];
    if (outage === 'signed_out' || outage === 'gone') return this.stop(outage);
    if (!this.welcomed) return this.unwelcome();
    this.fail('connecting');
  }

  private unwelcome(): void {
    this.unopened += 1;
    if (this.unopened >= kBlockedAfter) return this.blocked();
    this.fail('connecting');
  }

  private blocked(): void {
    this.drop();
    this.timer.start(kBlockedRetryMs * (0.5 + this.ports.clock.random()), () => {
      void this.connect();
    });
    this.tell('polling');
    this.events.onBlocked();
  }

  /** Tries again after a while. */
  private fail(outage: Outage): void {
    const steady = this.welcomed && this.ports.clock.now() - this.welcomedAt >= kSteadyMs;
    this.drop();
    this.failures = steady ? 1 : this.failures + 1;
    const delay = backoff(this.failures, this.ports.clock);
    this.timer.start(delay, () => void this.connect());
    // A line that was there and broke off is usually there again at the first attempt.
    const worse = outage === 'connecting' && this.failures > 1 ? 'unreachable' : outage;
    this.tell(this.ports.online() ? 'reconnecting' : 'offline');
    this.listener?.onOutage(worse);
  }

  private stop(outage: Outage): void {
    this.drop();
    this.tell('reconnecting');
    this.listener?.onOutage(outage);
  }

  private hear(frame: ServerFrame): void {
    if (frame.t === 'welcome') return this.welcome(frame);
    if (!this.welcomed) return;
    switch (frame.t) {
      case 'ack':
        return this.listener?.onAcknowledged(frame);
      case 'ops':
        return this.listener?.onArrival(frame);
      case 'presence':
        return this.people?.onPresence(frame.members, frame.left);
      case 'locks':
        return this.people?.onLocks(frame.locks);
      case 'thread':
        return this.people?.onThread(frame.thread);
      case 'error':
        return this.refuse(frame);
      case 'resync':
        return void this.connect();
      case 'pong':
        return;
    }
  }

  private welcome(frame: WelcomeFrame): void {
    const { session, user, can_write, members, locks } = frame;
    this.timer.stop();
    this.welcomed = this.everWelcomed = true;
    this.welcomedAt = this.ports.clock.now();
    this.unopened = 0;
    this.events.onThrough();
    this.tell('live');
    this.people?.onWelcome({ session, user, can_write, members, locks });
    this.listener?.onReady(frame, can_write);
    this.presence.restart();
  }

  private refuse(frame: Extract<ServerFrame, { t: 'error' }>): void {
    const { n, code, detail, retry_ms } = frame;
    if (n === undefined || n !== this.batch?.n) return;
    const { batch } = this;
    if (retry_ms !== undefined) return this.timer.start(retry_ms, () => this.send(batch));
    // What one may do has changed; the next welcome says how.
    if (code === 'permission_denied') return this.fail('connecting');
    this.listener?.onRefused({ n, code, detail, dropped: [] });
  }

  private tell(connection: Connection): void {
    const first = !this.everWelcomed && connection === 'reconnecting';
    this.people?.onConnection(first ? 'connecting' : connection);
  }
}
