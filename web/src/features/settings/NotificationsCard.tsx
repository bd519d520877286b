import { useSyncExternalStore } from 'react';
import { t } from '@/i18n/i18n';
import { preferences } from '@/net/preferences';
import { Checkbox } from '@/ui/Input';
import { newsKinds, useNewsChoice } from '../notifications/useNews';
import { SettingsCard } from './SettingsCard';

export function NotificationsCard() {
  const choice = useNewsChoice();
  const newDevice = useSyncExternalStore(
    preferences.subscribe,
    () => preferences.get<unknown>('notifications.newDevice', true) !== false,
  );
  return (
    <SettingsCard
      id="notifications"
      title={t('settings.notifications.title')}
      text={t('settings.notifications.text')}
    >
      {newsKinds.map((kind) => (
        <Checkbox
          key={kind}
          label={t(`settings.notifications.${kind}`)}
          checked={choice[kind]}
          onChange={(event) => preferences.set(`notifications.${kind}`, event.target.checked)}
        />
      ))}
      <Checkbox
        label={t('settings.notifications.newDevice')}
        hint={t('settings.notifications.newDeviceHint')}
        checked={newDevice}
        onChange={(event) => preferences.set('notifications.newDevice', event.target.checked)}
      />
    </SettingsCard>
  );
}
