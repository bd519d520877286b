import { useSyncExternalStore } from 'react';
import { chooseKeys, keyChoice } from '@/editor/keys/keysOf';
import { presetIds, type PresetId } from '@/editor/keys/presets';
import { t } from '@/i18n/i18n';
import { preferences } from '@/net/preferences';
import { Segmented } from '@/ui/Segmented';

/** Renders anew when the choice of keys changes. */
export function useKeyChoice() {
  return useSyncExternalStore(preferences.subscribe, keyChoice);
}

/** Whose keys the editor has. */
export function PresetChoice() {
  const { preset } = useKeyChoice();
  return (
    <Segmented
      label={t('objects.keys.preset')}
      value={preset}
      options={presetIds.map((id) => ({ value: id, label: t(`objects.keys.presets.${id}`) }))}
      onChange={(chosen: PresetId) => chooseKeys({ preset: chosen })}
    />
  );
}
