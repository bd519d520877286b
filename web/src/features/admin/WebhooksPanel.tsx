import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Lock, Plus, Webhook as WebhookIcon } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Me } from '@/net/api';
import { errorText } from '@/net/http';
import {
  changeWebhook,
  deleteWebhook,
  listWebhooks,
  pingWebhook,
  renewWebhookSecret,
  type Webhook,
} from '@/net/webhookRoutes';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { toast } from '@/ui/Toast';
import { DeliveriesDialog } from './DeliveriesDialog';
import { AdminTable, LoadingTable } from './AdminTable';
import { SecretDialog, WebhookDialog } from './WebhookDialog';

export const webhooksKey = ['webhooks'];

export default function WebhooksPanel({ me }: { me: Me }) {
  const allowed = me.permissions.includes('webhook_read');
  const mayWrite = me.permissions.includes('webhook_write');
  const hooks = useQuery({
    queryKey: webhooksKey,
    queryFn: ({ signal }) => listWebhooks(signal),
    enabled: allowed,
  });
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  if (!allowed) {
    return (
      <div className="card">
        <EmptyState icon={<Lock />} title={t('admin.webhooks.refused')}>
          {t('admin.webhooks.needs')}
        </EmptyState>
      </div>
    );
  }
  if (hooks.isPending) return <LoadingTable label={t('admin.webhooks.loading')} />;
  if (hooks.isError) {
    return (
      <ErrorState
        title={t('admin.webhooks.failed')}
        detail={errorText(hooks.error)}
        onRetry={() => void hooks.refetch()}
      />
    );
  }
  const heads = [
    t('admin.webhooks.name'),
    t('admin.webhooks.events'),
    t('admin.webhooks.state'),
    t('rights.members.actions'),
  ];
  return (
    <div className="stack">
      <div className="webhooks-head">
        <p className="muted">{t('admin.webhooks.about')}</p>
        {mayWrite ? (
          <Button
            variant="primary"
            icon={<Plus />}
            data-testid="add-webhook"
            onClick={() => setAdding(true)}
          >
            {t('admin.webhooks.add')}
          </Button>
        ) : null}
      </div>
      {hooks.data.length === 0 ? (
        <div className="card">
          <EmptyState icon={<WebhookIcon />} title={t('admin.webhooks.none')}>
            {t('admin.webhooks.noneHint')}
          </EmptyState>
        </div>
      ) : (
        <AdminTable heads={heads}>
          {hooks.data.map((hook) => (
            <WebhookRow key={hook.id} hook={hook} mayWrite={mayWrite} tellSecret={setSecret} />
          ))}
        </AdminTable>
      )}
      {adding ? <WebhookDialog close={() => setAdding(false)} tellSecret={setSecret} /> : null}
      {secret ? <SecretDialog secret={secret} close={() => setSecret(null)} /> : null}
    </div>
  );
}

type Opened = 'deliveries' | 'edit' | 'delete' | null;

function WebhookRow(props: {
  hook: Webhook;
  mayWrite: boolean;
  tellSecret: (secret: string) => void;
}) {
  const { hook, mayWrite, tellSecret } = props;
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  return (
    <tr data-testid="webhook-row">
      <td>
        <strong>{hook.name}</strong>
        <div className="audit-object">{hook.url}</div>
      </td>
      <td className="audit-object">{hook.events.join(', ')}</td>
      <td>
        <StateBadge hook={hook} />
      </td>
      <td>
        <div className="webhook-tools">
          <Button size="s" data-testid="webhook-deliveries" onClick={() => setOpened('deliveries')}>
            {t('admin.webhooks.deliveries')}
          </Button>
          {mayWrite ? <WriteTools hook={hook} open={setOpened} tellSecret={tellSecret} /> : null}
        </div>
        {opened === 'deliveries' ? <DeliveriesDialog hook={hook} close={close} /> : null}
        {opened === 'edit' ? (
          <WebhookDialog hook={hook} close={close} tellSecret={tellSecret} />
        ) : null}
        {opened === 'delete' ? <DeleteDialog hook={hook} close={close} /> : null}
      </td>
    </tr>
  );
}

function StateBadge({ hook }: { hook: Webhook }) {
  if (!hook.active) {
    const failed = hook.disabled_reason === 'failures';
    return (
      <Badge tone={failed ? 'err' : undefined}>
        {failed ? t('admin.webhooks.offFailures') : t('admin.webhooks.off')}
      </Badge>
    );
  }
  if (hook.failures > 0) return <Badge tone="warn">{t('admin.webhooks.failing')}</Badge>;
  return <Badge tone="ok">{t('admin.webhooks.active')}</Badge>;
}

function useChange<T>(run: () => Promise<T>, failed: () => string, done?: (result: T) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: (result) => done?.(result),
    onSettled: () => client.invalidateQueries({ queryKey: webhooksKey }),
    onError: (error) => toast({ tone: 'err', title: failed(), detail: errorText(error) }),
  });
}

function WriteTools(props: {
  hook: Webhook;
  open: (what: Opened) => void;
  tellSecret: (secret: string) => void;
}) {
  const { hook, open, tellSecret } = props;
  const changeFailed = () => t('admin.webhooks.changeFailed');
  const ping = useChange(
    () => pingWebhook(hook.id),
    () => t('admin.webhooks.pingFailed'),
    () => toast({ tone: 'ok', title: t('admin.webhooks.pinged') }),
  );
  const turn = useChange(() => changeWebhook(hook.id, { active: !hook.active }), changeFailed);
  const renew = useChange(
    () => renewWebhookSecret(hook.id),
    changeFailed,
    (made) => tellSecret(made.secret),
  );
  return (
    <>
      <Button
        size="s"
        busy={ping.isPending}
        disabled={!hook.active}
        data-testid="webhook-ping"
        onClick={() => ping.mutate()}
      >
        {t('admin.webhooks.ping')}
      </Button>
      <Button
        size="s"
        aria-label={t('admin.webhooks.edit', { name: hook.name })}
        onClick={() => open('edit')}
      >
        {t('admin.webhooks.editShort')}
      </Button>
      <Button size="s" busy={renew.isPending} onClick={() => renew.mutate()}>
        {t('admin.webhooks.renew')}
      </Button>
      <Button size="s" busy={turn.isPending} onClick={() => turn.mutate()}>
        {hook.active ? t('admin.webhooks.switchOff') : t('admin.webhooks.switchOn')}
      </Button>
      <Button size="s" variant="danger" data-testid="webhook-delete" onClick={() => open('delete')}>
        {t('admin.webhooks.remove')}
      </Button>
    </>
  );
}

function DeleteDialog({ hook, close }: { hook: Webhook; close: () => void }) {
  const remove = useChange(
    () => deleteWebhook(hook.id),
    () => t('admin.webhooks.changeFailed'),
    close,
  );
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t('admin.webhooks.removeTitle', { name: hook.name })}
      footer={
        <>
          <Button onClick={close}>{t('admin.webhooks.cancel')}</Button>
          <Button
            variant="danger"
            busy={remove.isPending}
            data-testid="confirm-delete-webhook"
            onClick={() => remove.mutate()}
          >
            {t('admin.webhooks.remove')}
          </Button>
        </>
      }
    >
      <p>{t('admin.webhooks.removeAbout')}</p>
    </Dialog>
  );
}
