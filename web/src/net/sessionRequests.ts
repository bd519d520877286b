/** The HTTP routes of an asset's annotations and its room, and what their failures mean. */
import { t } from '../i18n/i18n';
import type { Operation, OperationDraft, Snapshot } from '../kernel/records';
import { annotationsPath, takeAhead } from './annotationsAhead';
import { ApiError, apiUrl, call, parseProblem } from './http';
import type { RemoteOperation } from './liveTypes';
import type { HttpRequests, PostReply } from './sessionHttp';
import { TransportError, type Arrival, type Batch } from './sessionWire';

const kTimeoutMs = 30_000;
const kPageSize = 100;
const kPagesMax = 5;

export interface UndoStep {
  step: string;
  operations: OperationDraft[];
}

export interface UndoSteps {
  /** Latest last. */
  undo: UndoStep[];
  redo: UndoStep[];
  /** Of the state that the operations are for. */
  revision?: number;
}

interface HistoryPage {
  items: {
    revision: number;
    operation: Operation;
    created_by: { id: string };
    created_at: string;
    source: string;
  }[];
  next_cursor?: string | null;
}

interface ConflictReply {
  revision: number;
  rejected: { id: string; code: string }[];
}

export class AssetRequests implements HttpRequests {
  private readonly path: string;
  /** Once the editor is open, an ended sign-in is said there and nobody is taken off the page. */
  quiet = false;

  constructor(private readonly assetId: string) {
    this.path = `/assets/${encodeURIComponent(assetId)}`;
  }

  /** The present state, or that of an earlier revision. */
  async load(revision?: number): Promise<Snapshot> {
    const ahead = revision === undefined ? takeAhead(this.assetId) : null;
    const snapshot = await ahead?.catch(() => null);
    if (snapshot) return snapshot;
    const options = { query: { revision }, quiet: this.quiet };
    return await asked(call<Snapshot>(annotationsPath(this.assetId), options));
  }

  async undoSteps(): Promise<UndoSteps> {
    return await asked(call<UndoSteps>(`${this.path}/undo-steps`, { quiet: true }));
  }

  async ticket(): Promise<string> {
    const body = { asset_id: this.assetId };
    const options = { method: 'POST', body, quiet: true } as const;
    return (await asked(call<{ ticket: string }>('/live/tickets', options))).ticket;
  }

  async since(revision: number): Promise<Arrival> {
    const operations = await this.history(revision).catch((error: unknown) => {
      if (error instanceof TransportError && error.failure === 'gone') return null;
      throw error;
    });
    if (operations !== null) return { operations };
    return { snapshot: await this.load(), operations: [] };
  }

  async post({ base, operations }: Batch): Promise<PostReply> {
    const body = JSON.stringify({ base_revision: base, operations });
    const response = await this.postText(body);
    const text = await response.text().catch(() => '');
    if (response.ok) {
      const reply = JSON.parse(text) as { revision: number; applied: RemoteOperation[] };
      return { kind: 'applied', ...reply };
    }
    const conflict = response.status === 409 ? readConflict(text) : null;
    if (conflict) return { kind: 'rejected', ...conflict };
    throw asTransportError(
      parseProblem(response.status, text, response.headers.get('Retry-After')),
    );
  }

  /** Null when it is too much to be worth it. */
  private async history(revision: number): Promise<RemoteOperation[] | null> {
    const found: RemoteOperation[] = [];
    let before: number | undefined;
    for (let pages = 0; pages < kPagesMax; pages++) {
      const path = `${this.path}/history`;
      const query = { before, limit: kPageSize };
      const { items } = await asked(call<HistoryPage>(path, { query, quiet: true }));
      const fresh = items.filter((item) => item.revision > revision);
      found.push(...fresh.map(fromHistory));
      const oldest = fresh.at(-1)?.revision ?? revision + 1;
      if (oldest === revision + 1) return found.reverse();
      before = oldest;
    }
    return null;
  }

  private async postText(body: string): Promise<Response> {
    try {
      return await fetch(apiUrl(`${this.path}/operations`), {
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
      throw unreachable();
    }
  }
}

function fromHistory(item: HistoryPage['items'][number]): RemoteOperation {
  const { operation, created_by, ...rest } = item;
  return { ...operation, ...rest, created_by: created_by.id } as RemoteOperation;
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

async function asked<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (error) {
    throw asTransportError(error);
  }
}

function unreachable(): TransportError {
  return new TransportError('unreachable', 'unreachable', t('common.http.unreachable'));
}

export function asTransportError(error: unknown): TransportError {
  if (!(error instanceof ApiError)) return unreachable();
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
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'gone';
  if (status === 0 || status === 408 || status === 425 || status === 429 || status >= 500) {
    return 'unreachable';
  }
  return 'refused';
}
