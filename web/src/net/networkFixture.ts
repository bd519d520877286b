/**
 * The way between a page and the room in memory, for tests: slow, cut, or silently holding what is
 * sent, as a browser's socket does while its network is gone.
 */
import type { Clock } from './clock';
import type { RawSocket } from './liveSocket';
import type { LivePerson } from './liveTypes';
import type { MemoryRoom, Seat } from './roomFixture';
import { TransportError } from './sessionWire';

interface ClientMessage {
  t: string;
  revision?: number | null;
  n?: number;
  base?: number;
  operations?: [];
  k?: number;
}

export class TestSocket implements RawSocket, Seat {
  onopen: RawSocket['onopen'] = null;
  onmessage: RawSocket['onmessage'] = null;
  onclose: RawSocket['onclose'] = null;
  readonly heard: ClientMessage[] = [];
  private over = false;
  /** Frames arrive in the order they were sent. */
  private lastUp = 0;
  private lastDown = 0;

  constructor(private readonly network: TestNetwork) {
    this.later('down', () => this.onopen?.({} as Event));
  }

  get person(): LivePerson {
    return this.network.person;
  }

  send(text: string): void {
    this.later('up', () => this.take(JSON.parse(text) as ClientMessage));
  }

  tell(message: object): void {
    const data = JSON.stringify(message);
    this.later('down', () => this.onmessage?.({ data } as MessageEvent));
    if (this.network.twice()) this.later('down', () => this.onmessage?.({ data } as MessageEvent));
  }

  close(): void {
    this.over = true;
    this.network.room.seats.delete(this);
  }

  /** The server or the network ends it. */
  cut(code = 1006): void {
    if (this.over) return;
    this.close();
    this.onclose?.({ code } as CloseEvent);
  }

  private later(way: 'up' | 'down', run: () => void): void {
    const { clock } = this.network;
    const last = way === 'up' ? this.lastUp : this.lastDown;
    const at = Math.max(last, clock.now() + this.network.delay());
    if (way === 'up') this.lastUp = at;
    else this.lastDown = at;
    clock.after(at - clock.now(), () => this.arrive(run));
  }

  private arrive(run: () => void): void {
    if (this.network.holding) this.network.held.push(() => this.arrive(run));
    else if (!this.over) run();
  }

  private take(message: ClientMessage): void {
    this.heard.push(message);
    const { room } = this.network;
    if (message.t === 'hello') room.hello(this, message.revision ?? null);
    else if (message.t === 'ping') this.tell({ t: 'pong', k: message.k });
    else if (message.t === 'ops') {
      room.submit(this, message.n!, message.base!, message.operations!);
      if (this.network.cutBeforeAnswer()) this.cut();
    }
  }
}

export class TestNetwork {
  /** Nobody answers. */
  down = false;
  /** What is sent is held, and the socket says that it is open. */
  holding = false;
  held: (() => void)[] = [];
  tickets = 0;
  ticketFault: TransportError | null = null;
  /** Sockets are closed before they open. */
  blocked = false;
  sockets: TestSocket[] = [];
  delay: () => number = () => 5;
  twice: () => boolean = () => false;
  /** The batch arrives and its answer does not. */
  cutBeforeAnswer: () => boolean = () => false;

  constructor(
    readonly room: MemoryRoom,
    readonly clock: Clock,
    readonly person: LivePerson,
  ) {}

  get socket(): TestSocket {
    return this.sockets.at(-1)!;
  }

  get ports() {
    return {
      clock: this.clock,
      online: () => !this.down,
      ticket: async () => {
        await Promise.resolve();
        this.reach();
        if (this.ticketFault) throw this.ticketFault;
        return `ticket ${++this.tickets}`;
      },
      connect: () => {
        const socket = new TestSocket(this);
        this.sockets.push(socket);
        if (this.blocked) this.clock.after(1, () => socket.cut());
        return socket;
      },
    };
  }

  /** @throws TransportError */
  reach(): void {
    if (this.down || this.holding) {
      throw new TransportError('unreachable', 'unreachable', 'no answer');
    }
  }

  release(): void {
    this.holding = false;
    const { held } = this;
    this.held = [];
    for (const run of held) run();
  }

  cut(code = 1006): void {
    for (const socket of this.sockets) socket.cut(code);
  }
}
