/**
 * What a session needs from the network. A socket and plain HTTP both are one; a session sees the
 * same events from either. Rules for every wire:
 * - After `onReady` batches may be sent, one at a time; after `onOutage` none, until ready again.
 * - A batch that was under way when the wire failed may have arrived: the session sends it again,
 *   exactly as it was, once the wire is ready.
 * - The wire reconnects by itself, unless the outage is one that waiting does not mend.
 */
import type { Operation, Snapshot } from '../kernel/records';
import type { RemoteOperation } from './liveTypes';

export interface Batch {
  n: number;
  /** The revision that the operations were made on. */
  base: number;
  operations: readonly Operation[];
}

export interface DroppedOperation {
  id: string;
  code: string;
  /** Of docs/live-protocol.md, when somebody else's change is the cause. */
  rule: string;
  detail: string;
}

export interface Acknowledgement {
  n: number;
  /** Of the document after the batch. */
  revision: number;
  /** The whole operation where it differs from what was sent. */
  stored: readonly (RemoteOperation | { id: string; revision: number })[];
  dropped: readonly DroppedOperation[];
}

/** Nothing of the batch was stored. */
export interface Refusal {
  n: number;
  code: string;
  detail: string;
  /** Those at fault, where the server says so; the others may be sent again. */
  dropped: readonly DroppedOperation[];
}

/** Either what happened since the session's revision, or everything. */
export interface Arrival {
  snapshot?: Snapshot;
  /** Of the document after it, where the server said so. */
  revision?: number;
  operations: readonly RemoteOperation[];
}

/**
 * - `unreachable`: nobody answers; `silent`: the line was open and nothing came any more.
 * - `connecting`: the server asked to come back, which is being done.
 * - `signed_out`, `forbidden`, `gone`: waiting does not mend it; `retryNow` tries again.
 */
export type Outage = 'unreachable' | 'silent' | 'connecting' | 'signed_out' | 'forbidden' | 'gone';

export interface WireListener {
  /** What the session has now. */
  readonly revision: () => number;
  readonly onReady: (arrival: Arrival, canWrite: boolean) => void;
  readonly onArrival: (arrival: Arrival) => void;
  readonly onAcknowledged: (acknowledgement: Acknowledgement) => void;
  readonly onRefused: (refusal: Refusal) => void;
  readonly onOutage: (outage: Outage) => void;
}

export interface SessionWire {
  start(listener: WireListener): void;
  send(batch: Batch): void;
  /** The network or the sign-in is back: try at once. */
  retryNow(): void;
  /** Something is missing from what came: fetch what happened since the session's revision. */
  catchUp(): void;
  close(): void;
}

/**
 * - `unreachable`: nobody answered or the server is not well; the same request may succeed later.
 * - `signed_out`: the person has to sign in again.
 * - `forbidden`, `gone`: not this person's, or not there any more.
 * - `refused`: the server will never take this request as it stands.
 */
export type TransportFailure = 'unreachable' | 'signed_out' | 'forbidden' | 'gone' | 'refused';

export class TransportError extends Error {
  constructor(
    readonly failure: TransportFailure,
    readonly code: string,
    message: string,
    /** Operations the server pointed at, where it did. */
    readonly indices: number[] = [],
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
    this.name = 'TransportError';
  }
}
