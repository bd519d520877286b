/** What is said about saving. `saved` is said only when the server has acknowledged everything. */
import type { Outage } from './sessionWire';

/**
 * - `behind`: nothing waits here, but what others do does not arrive.
 * - `read_only`: this person may look only; what waits stays on this device.
 * - `gone`: the image was deleted; what waits can still be downloaded.
 */
export type SaveState =
  | { kind: 'saved' }
  | { kind: 'saving'; count: number }
  | { kind: 'offline'; count: number; kept: boolean }
  | { kind: 'signed_out'; count: number }
  | { kind: 'behind'; count: number }
  | { kind: 'read_only'; count: number }
  | { kind: 'gone'; count: number };

export interface SaveFacts {
  count: number;
  outage: Outage | null;
  canWrite: boolean;
  /** Does this device keep what waits? */
  kept: boolean;
}

export function saveStateOf({ count, outage, canWrite, kept }: SaveFacts): SaveState {
  if (outage === 'gone') return { kind: 'gone', count };
  if (outage === 'forbidden' || !canWrite) return { kind: 'read_only', count };
  if (outage === 'signed_out') return { kind: 'signed_out', count };
  const cut = outage === 'unreachable' || outage === 'silent';
  if (count === 0) return cut ? { kind: 'behind', count } : { kind: 'saved' };
  return cut ? { kind: 'offline', count, kept } : { kind: 'saving', count };
}
