/** The session's wire over plain HTTP: one POST per batch, one GET for the state. */
import type { Operation, Snapshot } from '../kernel/records';
import { ApiError, apiUrl, call, parseProblem } from './http';
import {
  TransportError,
  type OperationBatch,
  type RejectedOperation,
  type SendResult,
  type SessionTransport,
} from './sessionTransport';

const kTimeoutMs = 30_000;

interface AppliedReply {
  revision: number;
  applied: Operation[];
}

interface ConflictReply {
  revision: number;
  rejected: RejectedOperation[];
}

export class HttpSessionTransport implements SessionTransport {
  async load(assetId: string): Promise<Snapshot> {
    try {
      return await call<Snapshot>(`/assets/${encodeURIComponent(assetId)}/annotations`);
    } catch (error) {
      throw asTransportError(error);
    }
  }

  async send(assetId: string, batch: OperationBatch): Promise<SendResult> {
    const body = JSON.stringify(batch);
    const response = await this.post(assetId, body);
    const text = await response.text().catch(() => '');
    if (response.ok) return { kind: 'applied', ...(JSON.parse(text) as AppliedReply) };
    const conflict = response.status === 409 ? readConflict(text) : null;
    if (conflict) return { kind: 'rejected', ...conflict };
    throw asTransportError(
      parseProblem(response.status, text, response.headers.get('Retry-After')),
    );
  }

  private async post(assetId: string, body: string): Promise<Response> {
    try {
      return await fetch(apiUrl(`/assets/${encodeURIComponent(assetId)}/operations`), {
        method: 'POST',
        credentials: 'same-origin',
        headers: {
          Accept: 'application/json',
          'Content-Type': 'application/json',
          'X-CSRF': '1',
        },
        body,
        // Small bodies outlive the page, so that a change made just before closing still arrives.
        keepalive: body.length < 48_000,
        signal: AbortSignal.timeout(kTimeoutMs),
      });
    } catch {
      throw new TransportError('unreachable', 'unreachable', 'The server did not answer.');
    }
  }
}

/** A conflict may come bare or inside a problem document. */
function readConflict(text: string): ConflictReply | null {
  try {
    const reply = JSON.parse(text) as Partial<ConflictReply>;
    if (!Array.isArray(reply.rejected)) return null;
    return { revision: reply.revision ?? 0, rejected: reply.rejected };
  } catch {
    return null;
  }
}

export function asTransportError(error: unknown): TransportError {
  if (!(error instanceof ApiError)) {
    return new TransportError('unreachable', 'unreachable', 'The server did not answer.');
  }
  const retryAfterMs = error.retryAfterS === null ? null : error.retryAfterS * 1000;
  const indices = error.errors.flatMap(({ pointer }) => {
    const match = /^\/operations\/(\d+)/.exec(pointer);
    return match ? [Number(match[1])] : [];
  });
  return new TransportError(
    failureOf(error.status),
    error.code,
    error.detail,
    [...new Set(indices)],
    retryAfterMs,
  );
}

function failureOf(status: number): TransportError['failure'] {
  if (status === 401) return 'signed_out';
  if (status === 0 || status === 408 || status === 425 || status === 429 || status >= 500) {
    return 'unreachable';
  }
  return 'refused';
}
