/**
 * Annotations asked for before the editor that wants them is there. Its code, the project and the
 * image are on their way at the same time; a hundred thousand objects take longest.
 */
import type { Snapshot } from '../kernel/records';
import { call } from './http';

/** Whoever has not come for them by then has gone elsewhere. */
const kKeptMs = 20_000;

const ahead = new Map<string, Promise<Snapshot>>();

export function annotationsPath(assetId: string): string {
  return `/assets/${encodeURIComponent(assetId)}/annotations`;
}

export function fetchAhead(assetId: string): void {
  const snapshot = call<Snapshot>(annotationsPath(assetId), { quiet: true });
  ahead.set(assetId, snapshot);
  const forget = () => ahead.get(assetId) === snapshot && ahead.delete(assetId);
  snapshot.catch(forget);
  setTimeout(forget, kKeptMs);
}

/** Null when nobody asked for them; they are given once. */
export function takeAhead(assetId: string): Promise<Snapshot> | null {
  const snapshot = ahead.get(assetId) ?? null;
  ahead.delete(assetId);
  return snapshot;
}
