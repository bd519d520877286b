/** A page with its own device, for tests: session, wire and outbox over a room in memory. */
import type { Kernel } from '../kernel/kernel';
import type { Annotation } from '../kernel/records';
import { uuidv7 } from '../kernel/ids';
import { FallbackWire } from './fallbackWire';
import { LiveLink } from './liveLink';
import type { Connection, LiveListeners } from './liveTypes';
import { TestNetwork } from './networkFixture';
import type { MemoryRoom } from './roomFixture';
import { Session, type SaveState, type SessionListeners, type SessionNotice } from './session';
import { HttpWire } from './sessionHttp';
import type { KeptOperation, Leftovers, Outbox } from './sessionOutbox';
import type { Batch } from './sessionWire';
import type { TestClock } from './clockFixture';

export class MemoryOutbox implements Outbox {
  readonly rows = new Map<string, KeptOperation>();
  broken = false;
  againMs: number | null = null;

  async read(): Promise<Leftovers> {
    await this.check();
    return { entries: [...this.rows.values()], againMs: this.againMs };
  }
  async put(entries: readonly KeptOperation[]): Promise<void> {
    await this.check();
    for (const entry of entries) this.rows.set(entry.operation.id, entry);
  }
  async remove(ids: readonly string[]): Promise<void> {
    await this.check();
    for (const id of ids) this.rows.delete(id);
  }
  hold(): Promise<void> {
    return this.check();
  }
  private check(): Promise<void> {
    return this.broken ? Promise.reject(new Error('no storage')) : Promise.resolve();
  }
}

export class TestPage {
  readonly states: SaveState[] = [];
  readonly notices: SessionNotice[] = [];
  readonly changes: (readonly string[] | null)[] = [];
  readonly connections: Connection[] = [];
  readonly posts: Batch[] = [];
  network: TestNetwork;
  session!: Session;
  link!: LiveLink;

  constructor(
    readonly kernel: Kernel,
    readonly room: MemoryRoom,
    readonly clock: TestClock,
    name: string,
    readonly outbox = new MemoryOutbox(),
  ) {
    this.network = new TestNetwork(room, clock, { id: name, name, color: '#3366CC' });
  }

  async open(listeners: Partial<SessionListeners> = {}): Promise<this> {
    const { kernel, clock, network } = this;
    const wire = new FallbackWire(
      (events) => new LiveLink(network.ports, this.people, events),
      new HttpWire(this, clock),
    );
    this.link = wire.link;
    this.session = await Session.open({
      kernel,
      wire,
      outbox: this.outbox,
      clock,
      presence: wire.link,
      load: (revision) => this.load(revision),
      onChange: (touched) => this.changes.push(touched),
      onSaveState: (state) => this.states.push(state),
      onNotice: (notice) => this.notices.push(notice),
      ...listeners,
    });
    return this;
  }

  /** Another visit on the same device; the old page is gone without a word. */
  async reload(listeners: Partial<SessionListeners> = {}): Promise<TestPage> {
    this.link.close();
    for (const socket of this.network.sockets) socket.close();
    const { kernel, room, clock, outbox } = this;
    return new TestPage(kernel, room, clock, this.network.person.id, outbox).open(listeners);
  }

  get state(): SaveState | undefined {
    return this.states.at(-1);
  }

  async load(revision?: number) {
    await Promise.resolve();
    this.network.reach();
    return this.room.snapshot(revision);
  }

  async since(revision: number) {
    await Promise.resolve();
    this.network.reach();
    return { operations: this.room.since(revision) };
  }

  async post(batch: Batch) {
    await Promise.resolve();
    this.posts.push(batch);
    this.network.reach();
    const { revision, stored, dropped } = this.room.post(
      this.network.person.id,
      batch.base,
      batch.operations,
    );
    if (dropped.length > 0) return { kind: 'rejected' as const, revision, rejected: dropped };
    const ids = new Set(stored.map(({ id }) => id));
    const applied = this.room.log.filter(({ id }) => ids.has(id));
    return { kind: 'applied' as const, revision, applied };
  }

  private readonly people: LiveListeners = {
    onConnection: (connection) => this.connections.push(connection),
    onWelcome: () => {},
    onPresence: () => {},
    onLocks: () => {},
    onThread: () => {},
    onRemote: () => {},
  };
}

export function box(x = 0, label = uuidv7()): Annotation {
  const shape = { type: 'box' as const, x, y: 0, width: 10, height: 10 };
  return { id: uuidv7(), label_id: label, shape, attributes: {} };
}
