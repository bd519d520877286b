/**
 * What several people at one image tell each other, besides operations: who is there, where they
 * point, what they hold. docs/live-protocol.md is the wire; this is what the screen is told of it.
 */
import type { Operation, Point } from '../kernel/records';

export interface LivePerson {
  id: string;
  name: string;
  /** `#rrggbb`, the same on everybody's screen. */
  color: string;
}

/** What one shows to the others; it replaces what was shown before. */
export interface Presence {
  /** Image pixels; null while the pointer is elsewhere. */
  cursor: Point | null;
  selection: readonly string[];
  tool: string;
  /** Image point in the middle of the view, and CSS pixels per image pixel. */
  view: readonly [number, number, number] | null;
  frame: number | null;
}

export interface LiveMember extends Presence {
  /** One open page of `user`; a person may have several. */
  s: string;
  user: LivePerson;
}

/** "I am dragging this": advice, never a refusal. */
export interface LiveLock {
  target: string;
  s: string;
}

/** An operation as the log has it. */
export type StoredOperation = Operation & {
  revision: number;
  created_by: string;
  created_at: string;
  source?: string;
  step?: string;
  undoes?: string;
};

/**
 * - `live`: the others' changes arrive as they are made.
 * - `polling`: no socket gets through; changes arrive every few seconds.
 * - `reconnecting`: it was there and is being tried again; `offline`: so is the network.
 */
export type Connection = 'connecting' | 'live' | 'polling' | 'reconnecting' | 'offline';

export interface Welcome {
  session: string;
  user: LivePerson;
  canWrite: boolean;
  members: readonly LiveMember[];
  locks: readonly LiveLock[];
}

/** Whoever shows other people; every call is synchronous and must not throw. */
export interface LiveListeners {
  onConnection(connection: Connection): void;
  onWelcome(welcome: Welcome): void;
  /** Those of `members` replace what was known of them; sessions in `left` are gone. */
  onPresence(members: readonly LiveMember[], left: readonly string[]): void;
  /** All that stand. */
  onLocks(locks: readonly LiveLock[]): void;
  /** A comment thread as it is now, as the server wrote it. */
  onThread(thread: unknown): void;
  /** Others' operations, in order, called before `onChange` of what they touch. */
  onRemote(operations: readonly StoredOperation[]): void;
}
