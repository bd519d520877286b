import { t } from '@/i18n/i18n';
import { TokenList } from '../tokens/TokenList';
import { SettingsCard } from './SettingsCard';

const own = { personal: true } as const;

export function TokensCard({ permissions }: { permissions: readonly string[] }) {
  return (
    <SettingsCard id="tokens" title={t('tokens.personal')} text={t('tokens.personalText')}>
      <TokenList owner={own} permissions={permissions} />
    </SettingsCard>
  );
}
