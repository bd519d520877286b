import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { type ApiToken, revokeToken, type TokenOwner } from '@/net/tokenRoutes';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { formatAgo, formatDate } from '@/ui/format';
import { Notice } from '@/ui/Notice';
import { Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/Toast';
import { tokensQuery } from './tokenQueries';
import './tokens.css';

const NewTokenDialog = lazy(() => import('./NewTokenDialog'));

export interface TokenListProps {
  owner: TokenOwner;
  /** What whoever makes a token may do himself. */
  permissions: readonly string[];
}

export function TokenList({ owner, permissions }: TokenListProps) {
  const client = useQueryClient();
  const tokens = useQuery(tokensQuery(owner));
  const [making, setMaking] = useState(false);
  const revoke = useMutation({
    mutationFn: (token: ApiToken) => revokeToken(owner, token.id),
    onSuccess: () => toast({ tone: 'ok', title: t('tokens.revoked') }),
    onError: (error) =>
      toast({ tone: 'err', title: t('tokens.revokeFailed'), detail: errorText(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  return (
    <>
      {tokens.isPending ? (
        <Skeleton height={48} />
      ) : tokens.isError ? (
        <Notice tone="err" title={t('tokens.failed')}>
          {errorText(tokens.error)}
        </Notice>
      ) : tokens.data.length === 0 ? (
        <p className="muted">{t('tokens.none')}</p>
      ) : (
        <ul className="tokens">
          {tokens.data.map((token) => (
            <TokenRow key={token.id} token={token} revoke={() => revoke.mutate(token)} />
          ))}
        </ul>
      )}
      <div>
        <Button icon={<Plus />} data-testid="new-token" onClick={() => setMaking(true)}>
          {t('tokens.make')}
        </Button>
      </div>
      {making ? (
        <Suspense fallback={null}>
          <NewTokenDialog
            owner={owner}
            permissions={permissions}
            onClose={() => setMaking(false)}
          />
        </Suspense>
      ) : null}
    </>
  );
}

function TokenRow({ token, revoke }: { token: ApiToken; revoke: () => void }) {
  const expired = Date.parse(token.expires_at) <= Date.now();
  const used = token.last_used_at
    ? t('tokens.lastUsed', { when: formatAgo(token.last_used_at) })
    : t('tokens.neverUsed');
  return (
    <li className="settings-row" data-testid="token-row">
      <div className="token-text">
        <strong className="truncate">{token.name}</strong> <code>{token.hint}…</code>
        <p title={token.scopes.join(', ')}>
          {[t('tokens.scopesCount', { count: token.scopes.length }), used].join(' · ')}
        </p>
        <p>
          {expired ? (
            <Badge tone="warn">{t('tokens.expired')}</Badge>
          ) : (
            t('tokens.expires', { when: formatDate(token.expires_at) })
          )}
        </p>
      </div>
      <Button
        size="s"
        variant="danger"
        aria-label={t('tokens.revokeNamed', { name: token.name })}
        onClick={revoke}
      >
        {t('tokens.revoke')}
      </Button>
    </li>
  );
}
