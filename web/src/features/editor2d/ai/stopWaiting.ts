import type { Detection } from './useDetection';
import type { Similar } from './useSimilar';

/** Escape ends one request at a time. */
export function stopWaiting(similar: Similar, detection: Detection): boolean {
  if (similar.busy) similar.cancel();
  else if (detection.state === 'queued' || detection.state === 'running') detection.cancel();
  else return false;
  return true;
}
