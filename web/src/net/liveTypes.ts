/** What a session over a socket tells and is told besides operations: docs/live-protocol.md. */
import type { Operation, Point } from '../kernel/records';

/**
 * - `connecting`: the first connection is being made.
 * - `live`: messages come and go.
 * - `polling`: no socket gets through; others' changes arrive every few seconds.
 * - `reconnecting`: the line broke; it is tried again by itself.
 * - `offline`: this device has no network.
 */
export type Connection = 'connecting' | 'live' | 'polling' | 'reconnecting' | 'offline';

export interface LivePerson {
  id: string;
  name: string;
  /** `#rrggbb`. */
  color: string;
}

/** `x, y`: the image point in the middle of the free area; `scale`: CSS pixels per image pixel. */
export type ShownView = readonly [x: number, y: number, scale: number];

/** What one shows of oneself. */
export interface ShownPresence {
  cursor: Point | null;
  selection: readonly string[];
  tool: string;
  view: ShownView | null;
  frame: number | null;
}

/** A window of somebody at this asset; `s` names the connection. */
export interface LiveMember extends Partial<ShownPresence> {
  s: string;
  user: LivePerson;
}

export interface LiveLock {
  target: string;
  s: string;
}

export interface LiveWelcome {
  session: string;
  user: LivePerson;
  can_write: boolean;
  members: readonly LiveMember[];
  locks: readonly LiveLock[];
}

/** An operation of somebody else as stored. */
export type RemoteOperation = Operation & {
  revision: number;
  created_by: string;
  created_at: string;
  source: string;
  /** The gesture it belongs to, and the one that it takes back or brings again. */
  step?: string;
  undoes?: string;
};

export interface LiveListeners {
  onConnection(connection: Connection): void;
  onWelcome(welcome: LiveWelcome): void;
  onPresence(members: readonly LiveMember[], left: readonly string[]): void;
  onLocks(locks: readonly LiveLock[]): void;
  /** A comment thread as it is now. */
  onThread(thread: unknown): void;
  /** Called before the document takes them. */
  onRemote(operations: readonly RemoteOperation[]): void;
}
