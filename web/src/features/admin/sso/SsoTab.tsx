import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Copy, KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { t, tMaybe } from '@/i18n/i18n';
import type { Me } from '@/net/api';
import { errorText } from '@/net/http';
import { changeProvider, deleteProvider, type IdentityProvider } from '@/net/ssoRoutes';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { toast } from '@/ui/Toast';
import { LoadingTable, Refused } from '../AdminTable';
import type { SectionProps } from '../sections';
import { ProviderDialog } from './ProviderDialog';
import { providersKey, providersQuery } from './providersQuery';
import { TestDialog } from './TestDialog';
import './sso.css';

export default function SsoTab({ me }: SectionProps) {
  const allowed = me.permissions.includes('sso_write');
  const providers = useQuery({ ...providersQuery, enabled: allowed });
  const [adding, setAdding] = useState(false);
  if (!allowed) return <Refused permission="sso_write" />;
  if (providers.isPending) return <LoadingTable label={t('providers.title')} />;
  if (providers.isError) {
    return (
      <ErrorState
        title={t('providers.loadFailed')}
        detail={errorText(providers.error)}
        onRetry={() => void providers.refetch()}
      />
    );
  }
  return (
    <div className="stack">
      <div className="webhooks-head">
        <p className="muted">{t('providers.about')}</p>
        <Button
          variant="primary"
          icon={<Plus />}
          data-testid="add-provider"
          onClick={() => setAdding(true)}
        >
          {t('providers.add')}
        </Button>
      </div>
      {providers.data.length === 0 ? (
        <div className="card">
          <EmptyState icon={<KeyRound />} title={t('providers.none')}>
            {t('providers.noneHint')}
          </EmptyState>
        </div>
      ) : (
        providers.data.map((one) => <ProviderCard key={one.id} me={me} provider={one} />)
      )}
      {adding ? <ProviderDialog me={me} close={() => setAdding(false)} /> : null}
    </div>
  );
}

type Opened = 'edit' | 'test' | 'delete' | null;

function useChange<T>(run: () => Promise<T>, done?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: done,
    onSettled: () => client.invalidateQueries({ queryKey: providersKey }),
    onError: (error) =>
      toast({ tone: 'err', title: t('providers.changeFailed'), detail: errorText(error) }),
  });
}

function ProviderCard({ me, provider }: { me: Me; provider: IdentityProvider }) {
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  const turn = useChange(() => changeProvider(provider, { enabled: !provider.enabled }));
  const title = `provider-${provider.id}`;
  return (
    <section className="card card-pad stack" data-testid="provider" aria-labelledby={title}>
      <div className="webhooks-head">
        <div className="provider-name">
          <h2 className="h3" id={title}>
            {provider.name}
          </h2>
          <Badge>{t(`providers.kinds.${provider.kind}`)}</Badge>
          <Badge tone={provider.enabled ? 'ok' : undefined}>
            {t(provider.enabled ? 'providers.on' : 'providers.off')}
          </Badge>
        </div>
        <div className="webhook-tools">
          <Button size="s" data-testid="test-provider" onClick={() => setOpened('test')}>
            {t('providers.test')}
          </Button>
          <Button
            size="s"
            busy={turn.isPending}
            data-testid="turn-provider"
            onClick={() => turn.mutate()}
          >
            {t(provider.enabled ? 'providers.switchOff' : 'providers.switchOn')}
          </Button>
          <Button size="s" data-testid="edit-provider" onClick={() => setOpened('edit')}>
            {t('providers.edit')}
          </Button>
          <Button
            size="s"
            variant="danger"
            data-testid="delete-provider"
            onClick={() => setOpened('delete')}
          >
            {t('providers.remove')}
          </Button>
        </div>
      </div>
      <dl className="provider-facts">
        {Object.entries(provider.addresses).map(([name, address]) => (
          <CopiedFact
            key={name}
            label={tMaybe(`providers.addresses.${name}`) ?? name}
            text={address}
          />
        ))}
        {provider.start_url ? (
          <CopiedFact
            label={t('providers.startLink')}
            text={window.location.origin + provider.start_url}
          />
        ) : null}
        {provider.domains.length > 0 ? (
          <div>
            <dt>{t('providers.domains')}</dt>
            <dd>{provider.domains.join(', ')}</dd>
          </div>
        ) : null}
      </dl>
      {opened === 'test' ? <TestDialog provider={provider} close={close} /> : null}
      {opened === 'edit' ? <ProviderDialog me={me} provider={provider} close={close} /> : null}
      {opened === 'delete' ? <DeleteDialog provider={provider} close={close} /> : null}
    </section>
  );
}

function CopiedFact({ label, text }: { label: string; text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text);
    setCopied(true);
  };
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <code>{text}</code>
        <Button
          size="s"
          icon={<Copy />}
          aria-label={`${t('providers.copy')}: ${label}`}
          onClick={() => void copy()}
        >
          {t(copied ? 'providers.copied' : 'providers.copy')}
        </Button>
      </dd>
    </div>
  );
}

function DeleteDialog({ provider, close }: { provider: IdentityProvider; close: () => void }) {
  const remove = useChange(() => deleteProvider(provider.id), close);
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t('providers.removeTitle', { name: provider.name })}
      footer={
        <>
          <Button onClick={close}>{t('providers.cancel')}</Button>
          <Button
            variant="danger"
            busy={remove.isPending}
            data-testid="confirm-delete-provider"
            onClick={() => remove.mutate()}
          >
            {t('providers.remove')}
          </Button>
        </>
      }
    >
      <p>{t('providers.removeText')}</p>
    </Dialog>
  );
}
