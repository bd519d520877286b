import { t } from '@/i18n/i18n';
import { SettingsCard } from './SettingsCard';

export function KeysCard() {
  return (
    <SettingsCard id="keys" title={t('settings.keys.title')} text={t('settings.keys.text')}>
      {null}
    </SettingsCard>
  );
}
