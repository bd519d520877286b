import { lazy, Suspense } from 'react';
import { t, withSecurityMessages } from '@/i18n/i18n';
import { Skeleton } from '@/ui/Skeleton';
import { SettingsCard } from './SettingsCard';

const SecurityPanel = lazy(() => withSecurityMessages(import('../security/SecurityPanel')));

export function SecurityCard() {
  return (
    <SettingsCard
      id="security"
      title={t('settings.security.title')}
      text={t('settings.security.text')}
    >
      <Suspense fallback={<Skeleton height={120} />}>
        <SecurityPanel />
      </Suspense>
    </SettingsCard>
  );
}
