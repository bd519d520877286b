/**
 * What a session needs from the wire. HTTP implements it today; a socket implements `subscribe` too
 * and nothing above notices.
 */
import type { Operation, Snapshot } from '../kernel/records';

export interface OperationBatch {
  base_revision: number;
  operations: Operation[];
}

export interface RejectedOperation {
  id: string;
  code: string;
}

export type SendResult =
  | { kind: 'applied'; revision: number; applied: Operation[] }
  | { kind: 'rejected'; revision: number; rejected: RejectedOperation[] };

/** A batch of somebody else, in server order. */
export interface RemoteBatch {
  revision: number;
  operations: Operation[];
}

export interface SessionTransport {
  load(assetId: string): Promise<Snapshot>;
  send(assetId: string, batch: OperationBatch): Promise<SendResult>;
  subscribe?(assetId: string, onBatch: (batch: RemoteBatch) => void): () => void;
}

/**
 * - `unreachable`: nobody answered or the server is not well; the same request may succeed later.
 * - `signed_out`: the person has to sign in again.
 * - `refused`: the server will never take this request as it stands.
 */
export type TransportFailure = 'unreachable' | 'signed_out' | 'refused';

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
