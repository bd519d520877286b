import { useSyncExternalStore } from 'react';
import { maskSetting, setMaskSetting, type MaskSettings } from '@/editor/masks/maskSettings';
import { preferences } from '@/net/preferences';

/** A setting of the mask tools, and how to choose it. */
export function useMaskSetting<K extends keyof MaskSettings>(
  name: K,
): [MaskSettings[K], (value: MaskSettings[K]) => void] {
  const value = useSyncExternalStore(preferences.subscribe, () => maskSetting(name));
  return [value, (next) => setMaskSetting(name, next)];
}
