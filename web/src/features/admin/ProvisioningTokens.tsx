import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { createScimToken, listScimTokens, revokeScimToken, type ScimToken } from '@/net/scimRoutes';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { formatAgo, formatDate } from '@/ui/format';
import { Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { Select } from '@/ui/Select';
import { Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/Toast';
import { MadeDialog } from '../tokens/NewTokenDialog';
import '../tokens/tokens.css';

const lives = [30, 90, 180, 365, 730];
const tokensKey = ['scim', 'tokens'];

export function ProvisioningTokens() {
  const client = useQueryClient();
  const [making, setMaking] = useState(false);
  const tokens = useQuery({
    queryKey: tokensKey,
    queryFn: ({ signal }) => listScimTokens(signal),
  });
  const revoke = useMutation({
    mutationFn: (token: ScimToken) => revokeScimToken(token.id),
    onSuccess: () => toast({ tone: 'ok', title: t('tokens.revoked') }),
    onError: (error) =>
      toast({ tone: 'err', title: t('tokens.revokeFailed'), detail: errorText(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: tokensKey }),
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
        <Button icon={<Plus />} data-testid="new-scim-token" onClick={() => setMaking(true)}>
          {t('tokens.make')}
        </Button>
      </div>
      {making ? <MakeDialog close={() => setMaking(false)} /> : null}
    </>
  );
}

function TokenRow({ token, revoke }: { token: ScimToken; revoke: () => void }) {
  const expired = Date.parse(token.expires_at) <= Date.now();
  return (
    <li className="settings-row" data-testid="scim-token">
      <div className="token-text">
        <strong className="truncate">{token.name}</strong> <code>{token.hint}…</code>
        <p>
          {token.last_used_at
            ? t('provisioning.synced', { when: formatAgo(token.last_used_at) })
            : t('provisioning.neverSynced')}
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

function MakeDialog({ close }: { close: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [days, setDays] = useState(365);
  const make = useMutation({
    mutationFn: () => createScimToken({ name: name.trim(), expires_in_days: days }),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensKey }),
  });
  if (make.data) return <MadeDialog made={make.data} onClose={close} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') make.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      locked={make.isPending}
      title={t('provisioning.token')}
      footer={
        <>
          <Button variant="ghost" disabled={make.isPending} onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            variant="primary"
            type="submit"
            form="new-scim-token"
            busy={make.isPending}
            disabled={name.trim() === ''}
            data-testid="create-scim-token"
          >
            {t('tokens.create')}
          </Button>
        </>
      }
    >
      <form id="new-scim-token" className="stack" onSubmit={submit}>
        <Field label={t('tokens.name')}>
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={200}
              data-testid="scim-token-name"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('tokens.days')}>
          {(control) => (
            <Select
              {...control}
              value={String(days)}
              options={lives.map((count) => ({
                value: String(count),
                label: t('tokens.daysOption', { count }),
              }))}
              onChange={(event) => setDays(Number(event.target.value))}
            />
          )}
        </Field>
        {make.isError ? <Notice tone="err">{errorText(make.error)}</Notice> : null}
      </form>
    </Dialog>
  );
}
