/**
 * The log of an asset: what was done, what it was like, and taking things back. What is read in the
 * background leaves it to the editor to say that the sign-in has ended.
 */
import type { Operation, Snapshot } from '../kernel/records';
import { call, randomKey } from './http';

const id = encodeURIComponent;

export interface PersonRef {
  id: string;
  name: string;
}

export interface HistoryItem {
  revision: number;
  operation: Operation;
  created_by: PersonRef;
  source: 'manual' | 'model' | 'import';
  created_at: string;
  step?: string | null;
  undoes?: string | null;
  /** The run of a model that it came from. */
  run?: string | null;
}

export interface HistoryPage {
  items: HistoryItem[];
  next_cursor?: string | null;
}

export function listHistory(
  assetId: string,
  options: { before?: string; limit?: number },
  signal?: AbortSignal,
): Promise<HistoryPage> {
  return call(`/assets/${id(assetId)}/history`, { query: options, signal, quiet: true });
}

/** What this route gives in place of a name. */
type ObjectHistoryItem = Omit<HistoryItem, 'created_by'> & {
  created_by?: PersonRef;
  actor_id?: string;
};

/** What was done to one object, newest first. */
export async function listObjectHistory(
  annotationId: string,
  nameOf: (userId: string) => string | null,
  signal?: AbortSignal,
): Promise<HistoryItem[]> {
  const path = `/annotations/${id(annotationId)}/history`;
  const { items } = await call<{ items: ObjectHistoryItem[] }>(path, { signal, quiet: true });
  const named = items.map(({ actor_id = '', created_by, ...item }): HistoryItem => {
    const author = created_by ?? { id: actor_id, name: nameOf(actor_id) ?? '' };
    return { ...item, created_by: author };
  });
  return named.sort((a, b) => b.revision - a.revision);
}

export function getStateAt(
  assetId: string,
  revision: number,
  signal?: AbortSignal,
): Promise<Snapshot> {
  return call(`/assets/${id(assetId)}/annotations`, { query: { revision }, signal });
}

export function restoreState(
  assetId: string,
  revision: number,
): Promise<{ revision: number; applied: number }> {
  return post(`/assets/${id(assetId)}/restore`, { revision });
}

export interface RevertInput {
  user_id?: string;
  run?: string;
}

export interface Reverted {
  revision: number;
  /** How many operations were taken back. */
  reverted: number;
  kept: { operation: string; code: string }[];
}

export function revertAll(assetId: string, input: RevertInput): Promise<Reverted> {
  return post(`/assets/${id(assetId)}/revert`, input);
}

export interface BlameItem {
  annotation_id: string;
  created_by: PersonRef;
  created_at: string;
  changed_by: PersonRef;
  changed_at: string;
  changes: number;
  run?: string | null;
}

export async function listBlame(assetId: string, signal?: AbortSignal): Promise<BlameItem[]> {
  const path = `/assets/${id(assetId)}/blame`;
  const reply = await call<{ items: BlameItem[] }>(path, { signal, quiet: true });
  return reply.items;
}

function post<T>(path: string, body: unknown): Promise<T> {
  return call(path, { method: 'POST', body, headers: { 'Idempotency-Key': randomKey() } });
}
