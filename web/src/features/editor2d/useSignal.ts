import { useSyncExternalStore } from 'react';
import type { Signal } from '@/editor/signal';

export function useSignal<T>(signal: Signal<T>): T {
  return useSyncExternalStore(signal.subscribe, signal.read);
}
