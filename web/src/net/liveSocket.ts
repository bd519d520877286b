/**
 * One connection to a room. A browser's socket may say "open" while the network is gone, and
 * deliver what it held back much later: so only what is heard counts. When nothing was heard for a
 * while a ping is sent, and when that stays unanswered the connection is over. Of an abandoned
 * connection nothing is heard any more.
 */
import { type Clock, Timer } from './clock';
import { readFrame, type ServerFrame } from './liveFrames';

/** The part of WebSocket that is used. */
export interface RawSocket {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

export interface SocketEvents {
  onFrame(frame: ServerFrame): void;
  /** Once, by the close code of the server, 0 when there was none, or because it fell silent. */
  onEnd(reason: number | 'silent'): void;
}

const kSilenceMs = 10_000;
/** What was sent is answered sooner, so that "saving" does not stand over a dead line for long. */
const kAnswerMs = 4_000;
const kPongMs = 10_000;

export class LiveSocket {
  private readonly timer: Timer;
  private over = false;
  private open = false;
  private pings = 0;

  constructor(
    private readonly raw: RawSocket,
    hello: object,
    private readonly events: SocketEvents,
    clock: Clock,
  ) {
    this.timer = new Timer(clock);
    raw.onopen = () => {
      this.open = true;
      this.send(hello);
    };
    raw.onmessage = ({ data }) => this.hear(data);
    raw.onclose = ({ code }) => this.end(code === 1006 ? 0 : code);
    this.expectPong();
  }

  /** False when it could not even be tried. */
  send(message: object): boolean {
    if (this.over || !this.open) return false;
    try {
      this.raw.send(JSON.stringify(message));
      return true;
    } catch {
      return false;
    }
  }

  /** An answer is due. */
  expectAnswer(): void {
    if (!this.over) this.timer.start(kAnswerMs, () => this.ping());
  }

  abandon(): void {
    if (this.over) return;
    this.over = true;
    this.timer.stop();
    this.raw.onmessage = this.raw.onclose = null;
    // Closing what is still opening would be reported as an error of the page.
    if (this.open) this.raw.close();
    else this.raw.onopen = () => this.raw.close();
  }

  private hear(data: unknown): void {
    if (this.over) return;
    this.timer.start(kSilenceMs, () => this.ping());
    let frame: ServerFrame | null;
    try {
      frame = readFrame(String(data));
    } catch {
      // What follows an unreadable frame may lack it: only a new connection is sure.
      this.end(4400);
      return;
    }
    if (frame !== null) this.events.onFrame(frame);
  }

  private ping(): void {
    this.send({ t: 'ping', k: ++this.pings });
    this.expectPong();
  }

  private expectPong(): void {
    this.timer.start(kPongMs, () => this.end('silent'));
  }

  private end(reason: number | 'silent'): void {
    if (this.over) return;
    this.abandon();
    this.events.onEnd(reason);
  }
}
