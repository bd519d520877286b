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
    // Safari has none.
    if ('requestIdleCallback' in window) requestIdleCallback(follow, { timeout: kLatestMs });
    else setTimeout(follow, kLatestMs / 2);
  });
  calmed.set(signal, late as Signal<unknown>);
  return late;
}
