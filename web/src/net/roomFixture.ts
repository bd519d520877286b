/**
 * A server in memory for tests: one asset, its log and its room. It merges with the kernel that the
 * real server merges with and answers as docs/live-protocol.md says.
 */
import type { Kernel, KernelDocument } from '../kernel/kernel';
import type { Operation, OperationDraft, Snapshot } from '../kernel/records';
import type { LivePerson, RemoteOperation } from './liveTypes';
import { changeOf, sameChange } from './operations';
import type { DroppedOperation } from './sessionWire';

export interface Seat {
  readonly person: LivePerson;
  tell(message: object): void;
}

interface Verdict {
  revision: number;
  stored: (RemoteOperation | { id: string; revision: number })[];
  dropped: DroppedOperation[];
}

export class MemoryRoom {
  readonly log: RemoteOperation[] = [];
  readonly seats = new Set<Seat>();
  /** How many operations a newcomer is told rather than the whole state. */
  catchUpMax = 1000;
  /** An acknowledgement overtakes what others did before it. */
  ackFirst = false;
  /** Refuses operations by a rule of the test. */
  refuse: (operation: Operation) => string | null = () => null;
  canWrite = true;
  private readonly document: KernelDocument;
  private readonly start: Snapshot;

  constructor(
    private readonly kernel: Kernel,
    start: Snapshot = { revision: 0, items: [] },
  ) {
    this.start = start;
    this.document = kernel.createDocument();
    this.document.load(start);
  }

  get revision(): number {
    return this.start.revision + this.log.length;
  }

  get items() {
    return this.document.items();
  }

  snapshot(revision = this.revision): Snapshot {
    if (revision === this.revision) return { revision, items: this.items };
    const past = this.kernel.createDocument();
    past.load(this.start);
    for (const { op: _op, ...rest } of this.since(this.start.revision)) {
      if (rest.revision <= revision) past.apply(asOperation({ op: _op, ...rest } as Operation));
    }
    const items = past.items();
    past.dispose();
    return { revision, items };
  }

  since(revision: number): RemoteOperation[] {
    return this.log.slice(revision - this.start.revision);
  }

  hello(seat: Seat, revision: number | null): void {
    this.seats.add(seat);
    const behind = this.revision - (revision ?? -1);
    const near = revision !== null && behind >= 0 && behind <= this.catchUpMax;
    seat.tell({
      t: 'welcome',
      session: 's',
      user: seat.person,
      can_write: this.canWrite,
      revision: this.revision,
      ...(near ? { operations: this.since(revision) } : { snapshot: this.snapshot() }),
      members: [],
      locks: [],
    });
  }

  /** What somebody sends; the others in the room hear of it. */
  submit(seat: Seat, n: number, base: number, operations: readonly Operation[]): void {
    const before = this.revision;
    const verdict = this.append(seat.person.id, base, operations);
    const news = { t: 'ops', revision: this.revision, operations: this.since(before) };
    const ack = () => seat.tell({ t: 'ack', n, ...verdict });
    if (this.ackFirst) ack();
    if (news.operations.length > 0) {
      for (const other of this.seats) if (other !== seat) other.tell(news);
    }
    if (!this.ackFirst) ack();
  }

  /** What somebody does elsewhere: another page, an import. */
  act(author: string, ...operations: Operation[]): void {
    this.post(author, this.revision, operations);
  }

  /** Over plain HTTP; all in the room hear of it. */
  post(author: string, base: number, operations: readonly Operation[]): Verdict {
    const before = this.revision;
    const verdict = this.append(author, base, operations);
    const news = { t: 'ops', revision: this.revision, operations: this.since(before) };
    if (news.operations.length > 0) for (const seat of this.seats) seat.tell(news);
    return verdict;
  }

  private append(author: string, base: number, operations: readonly Operation[]): Verdict {
    const known = new Map(this.log.map((entry) => [entry.id, entry]));
    const own = new Set(operations.map((operation) => operation.id));
    const fresh = operations.filter(({ id }) => !known.has(id));
    const over = this.since(base).filter(({ id }) => !own.has(id));
    const merged = this.kernel.transformAll(fresh.map(changeOf), over.map(changeOf), 'later');
    const dropped: DroppedOperation[] = [];
    fresh.forEach((operation, index) => {
      const { change, rule } = merged.changes[index]!;
      const fault = this.store(author, operation, change);
      if (fault) dropped.push({ id: operation.id, rule, detail: '', code: fault });
    });
    const byId = new Map(this.log.map((entry) => [entry.id, entry]));
    const stored = operations.flatMap((operation) => {
      const entry = byId.get(operation.id);
      if (!entry) return [];
      const { id, revision } = entry;
      return [sameChange(operation, entry) ? { id, revision } : entry];
    });
    return { revision: this.revision, stored, dropped };
  }

  private store(author: string, operation: Operation, change: OperationDraft | null) {
    if (change === null) return 'target_gone';
    const refused = this.refuse(operation);
    if (refused !== null) return refused;
    const { id, step, undoes } = operation;
    const stored = { ...change, id, ...(step && { step }), ...(undoes && { undoes }) } as Operation;
    const outcome = this.document.apply(asOperation(stored));
    if (!outcome.ok) return outcome.code;
    this.log.push({
      ...stored,
      revision: this.revision + 1,
      created_by: author,
      created_at: '2026-01-01T00:00:00Z',
      source: 'manual',
    } as RemoteOperation);
    return null;
  }
}

function asOperation(operation: Operation): Operation {
  return { ...changeOf(operation), id: operation.id } as Operation;
}
