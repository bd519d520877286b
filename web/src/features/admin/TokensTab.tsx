import { Lock } from 'lucide-react';
import { t } from '@/i18n/i18n';
import type { Me } from '@/net/api';
import { EmptyState } from '@/ui/EmptyState';
import { TokenList } from '../tokens/TokenList';

export default function TokensTab({ me }: { me: Me }) {
  if (!me.permissions.includes('service_token_write')) {
    return (
      <div className="card">
        <EmptyState icon={<Lock />} title={t('tokens.refused')}>
          {t('tokens.refusedText')}
        </EmptyState>
      </div>
    );
  }
  return (
    <section className="card card-pad stack" aria-labelledby="service-tokens">
      <div>
        <h2 className="h3" id="service-tokens">
          {t('tokens.service')}
        </h2>
        <p className="muted">{t('tokens.serviceText')}</p>
      </div>
      <TokenList owner={{ organization: me.organization.id }} permissions={me.permissions} />
    </section>
  );
}
