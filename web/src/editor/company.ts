/**
 * The others at the same image: who they are, where their cursors are, what they hold. What changes
 * many times a second (cursors, views) is told by `moved`, which only the canvas hears; `people`
 * changes when somebody comes, goes or takes another tool, which is what React draws.
 */
import type {
  Connection,
  LiveListeners,
  LiveLock,
  LiveMember,
  LiveWelcome,
  RemoteOperation,
} from '../net/liveTypes';
import type { Point } from '../kernel/records';
import { CursorTrack } from './cursorTrack';
import { Emitter, Signal } from './signal';

/** One window of somebody at this image. */
export interface Person {
  readonly session: string;
  readonly userId: string;
  readonly name: string;
  readonly color: string;
  readonly tool: string;
}

/** What of a person moves. */
export interface Presence {
  readonly person: Person;
  readonly cursor: CursorTrack | null;
  readonly selection: readonly string[];
  readonly view: readonly [number, number, number] | null;
}

export interface Holding {
  readonly target: string;
  readonly person: Person;
}

type Clock = () => number;

export class Company implements LiveListeners {
  readonly people = new Signal<readonly Person[]>([]);
  readonly connection = new Signal<Connection>('connecting');
  readonly canWrite = new Signal(true);
  readonly self = new Signal<LiveWelcome['user'] | null>(null);
  /** Session of the person whose view this window follows. */
  readonly following = new Signal<string | null>(null);
  /** Grows with every report; what the canvas hears. */
  readonly moved = new Signal(0);
  readonly remote = new Emitter<readonly RemoteOperation[]>();
  readonly threads = new Emitter<unknown>();
  private readonly present = new Map<string, Presence>();
  private holdings: readonly Holding[] = [];
  private own: string | null = null;

  constructor(private readonly clock: Clock = () => performance.now()) {}

  /** Everyone else, in a steady order. */
  presences(): readonly Presence[] {
    return [...this.present.values()];
  }

  presence(session: string): Presence | null {
    return this.present.get(session) ?? null;
  }

  /** Objects that others drag right now. */
  held(): readonly Holding[] {
    return this.holdings;
  }

  holderOf(target: string): Person | null {
    return this.holdings.find((holding) => holding.target === target)?.person ?? null;
  }

  nameOf(userId: string): string | null {
    const self = this.self.get();
    if (self?.id === userId) return self.name;
    return this.people.get().find((person) => person.userId === userId)?.name ?? null;
  }

  onConnection = (connection: Connection): void => {
    this.connection.set(connection);
    // Nobody is seen through a broken line.
    if (connection !== 'live') this.forgetAll();
  };

  onWelcome = (welcome: LiveWelcome): void => {
    this.own = welcome.session;
    this.self.set(welcome.user);
    this.canWrite.set(welcome.can_write);
    this.present.clear();
    this.onPresence(welcome.members, []);
    this.onLocks(welcome.locks);
  };

  onPresence = (members: readonly LiveMember[], left: readonly string[]): void => {
    for (const session of left) this.present.delete(session);
    for (const member of members) {
      if (member.s !== this.own) this.present.set(member.s, this.seen(member));
    }
    this.holdings = this.holdings.filter(({ person }) => this.present.has(person.session));
    const followed = this.following.get();
    if (followed !== null && !this.present.has(followed)) this.following.set(null);
    this.tellPeople();
    this.moved.update((count) => count + 1);
  };

  onLocks = (locks: readonly LiveLock[]): void => {
    this.holdings = locks.flatMap(({ target, s }) => {
      const person = this.present.get(s)?.person;
      return person ? [{ target, person }] : [];
    });
    this.moved.update((count) => count + 1);
  };

  onThread = (thread: unknown): void => this.threads.emit(thread);

  onRemote = (operations: readonly RemoteOperation[]): void => this.remote.emit(operations);

  private seen(member: LiveMember): Presence {
    const before = this.present.get(member.s);
    const { id: userId, name, color } = member.user;
    const person: Person = { session: member.s, userId, name, color, tool: member.tool ?? '' };
    const { selection = [], view = null } = member;
    return { person, cursor: this.track(before, member.cursor ?? null), selection, view };
  }

  private track(before: Presence | undefined, at: Point | null): CursorTrack | null {
    if (at === null) return null;
    const time = this.clock();
    if (!before?.cursor) return new CursorTrack(at, time);
    before.cursor.report(at, time);
    return before.cursor;
  }

  private forgetAll(): void {
    if (this.present.size === 0) return;
    this.onPresence([], [...this.present.keys()]);
  }

  private tellPeople(): void {
    const next = [...this.present.values()].map(({ person }) => person);
    next.sort((a, b) => compare(a.name, b.name) || compare(a.session, b.session));
    if (JSON.stringify(next) !== JSON.stringify(this.people.get())) this.people.set(next);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
