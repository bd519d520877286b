import { useSyncExternalStore } from 'react';
import { preferences } from '@/net/preferences';

/** What a person chose under a name, and how to choose it. */
export function usePreference<T>(name: string, fallback: T): [T, (value: T) => void] {
  const value = useSyncExternalStore(preferences.subscribe, () => preferences.get(name, fallback));
  return [value, (next) => preferences.set(name, next)];
}
