import { useSyncExternalStore } from 'react';
import { Signal } from '@/editor/signal';

export function useSignal<T>(signal: Signal<T>): T {
  return useSyncExternalStore(signal.subscribe, signal.read);
}

/** Renders only when what is picked has changed; `pick` gives the same value for the same state. */
export function usePicked<T>(signal: Signal<unknown>, pick: () => T): T {
  return useSyncExternalStore(signal.subscribe, pick);
}

/** So long a panel may stay behind the canvas. */
const kLatestMs = 80;

/**
 * Once the next frame is out and nothing is to be done for another. An idle moment comes before
 * that frame, too: what is done in it is what the frame waits for.
 */
function afterFrame(work: () => void): void {
  let done = false;
  const once = () => {
    if (!done) work();
    done = true;
  };
  requestAnimationFrame(() => {
    // Safari has none.
    if ('requestIdleCallback' in window) requestIdleCallback(once, { timeout: kLatestMs });
    else setTimeout(once);
  });
  // A page out of sight has no frames.
  setTimeout(once, 2 * kLatestMs);
}

const calmed = new WeakMap<object, Signal<unknown>>();

/**
 * The same value a little later: the canvas shows a change in its next frame, and panels beside it
 * render when that frame is out.
 */
export function calm<T>(signal: Signal<T>): Signal<T> {
  const known = calmed.get(signal);
  if (known) return known as Signal<T>;
  const late = new Signal(signal.get());
  let waiting = false;
  const follow = () => {
    waiting = false;
    late.set(signal.get());
  };
  signal.subscribe(() => {
    if (waiting) return;
    waiting = true;
    afterFrame(follow);
  });
  calmed.set(signal, late as Signal<unknown>);
  return late;
}
