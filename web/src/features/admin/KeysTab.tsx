import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Lock } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Me } from '@/net/api';
import { errorText } from '@/net/http';
import { type KeysState, rotateDataKey } from '@/net/tokenRoutes';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { formatAgo } from '@/ui/format';
import { Checkbox } from '@/ui/Input';
import { Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/Toast';
import { keysQuery } from '../tokens/tokenQueries';
import '../tokens/tokens.css';

export default function KeysTab({ me }: { me: Me }) {
  const allowed = me.permissions.includes('organization_write');
  const keys = useQuery({ ...keysQuery(me.organization.id), enabled: allowed });
  if (!allowed) {
    return (
      <div className="card">
        <EmptyState icon={<Lock />} title={t('tokens.keys.refused')}>
          {t('tokens.keys.refusedText')}
        </EmptyState>
      </div>
    );
  }
  if (keys.isPending) return <Skeleton height={160} />;
  if (keys.isError) {
    return (
      <ErrorState
        title={t('tokens.keys.failed')}
        detail={errorText(keys.error)}
        onRetry={() => void keys.refetch()}
      />
    );
  }
  return (
    <div className="stack-l">
      <DataKey organization={me.organization.id} state={keys.data} />
      <section className="card card-pad stack" aria-labelledby="master-key">
        <h2 className="h3" id="master-key">
          {t('tokens.keys.master')}
        </h2>
        <p className="muted">{t('tokens.keys.masterText')}</p>
        <p>{t('tokens.keys.dataVersion', { version: keys.data.master_key_version })}</p>
      </section>
      <TokenKeys state={keys.data} />
    </div>
  );
}

function DataKey({ organization, state }: { organization: string; state: KeysState }) {
  const client = useQueryClient();
  const [reencrypt, setReencrypt] = useState(false);
  const rotate = useMutation({
    mutationFn: () => rotateDataKey(organization, reencrypt),
    onSuccess: ({ data_key_version: version }) =>
      toast({ tone: 'ok', title: t('tokens.keys.rotated', { version }) }),
    onError: (error) =>
      toast({ tone: 'err', title: t('tokens.keys.rotateFailed'), detail: errorText(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: ['keys'] }),
  });
  const version = state.data_key_version;
  return (
    <section className="card card-pad stack" aria-labelledby="data-key">
      <h2 className="h3" id="data-key">
        {t('tokens.keys.data')}
      </h2>
      <p className="muted">{t('tokens.keys.dataText')}</p>
      <p data-testid="data-key-version">
        {version === 0
          ? t('tokens.keys.dataNone')
          : [
              t('tokens.keys.dataVersion', { version }),
              t('tokens.keys.wrappedBy', { version: state.data_key_wrapped_by }),
            ].join(' · ')}
      </p>
      <Checkbox
        label={t('tokens.keys.reencrypt')}
        hint={t('tokens.keys.reencryptHint')}
        checked={reencrypt}
        onChange={(event) => setReencrypt(event.target.checked)}
      />
      <div>
        <Button
          icon={<KeyRound />}
          busy={rotate.isPending}
          data-testid="rotate-data-key"
          onClick={() => rotate.mutate()}
        >
          {t('tokens.keys.rotate')}
        </Button>
      </div>
    </section>
  );
}

const tones = { next: undefined, signing: 'ok', verifying: undefined } as const;

function TokenKeys({ state }: { state: KeysState }) {
  return (
    <section className="card card-pad stack" aria-labelledby="token-keys">
      <h2 className="h3" id="token-keys">
        {t('tokens.keys.tokens')}
      </h2>
      <p className="muted">{t('tokens.keys.tokensText', { path: '/.well-known/jwks.json' })}</p>
      <ul className="key-list">
        {state.token_keys.map((key) => (
          <li key={key.id} className="settings-row" data-testid="token-key">
            <span className="token-text">
              <code className="truncate">{key.id}</code>
              <span className="muted">
                {t('tokens.keys.since', { when: formatAgo(key.created_at) })}
              </span>
            </span>
            <Badge tone={tones[key.state]}>{t(`tokens.keys.states.${key.state}`)}</Badge>
          </li>
        ))}
      </ul>
    </section>
  );
}
