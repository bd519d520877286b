import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import {
  type Delivery,
  type DeliveryAttempt,
  getDelivery,
  listDeliveries,
  redeliver,
  type Webhook,
} from '@/net/webhookRoutes';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { formatDateTime } from '@/ui/format';
import { Notice } from '@/ui/Notice';
import { toast } from '@/ui/Toast';

const kPollMs = 2_000;

export function DeliveriesDialog({ hook, close }: { hook: Webhook; close: () => void }) {
  const deliveries = useQuery({
    queryKey: ['deliveries', hook.id],
    queryFn: ({ signal }) => listDeliveries(hook.id, signal),
    refetchInterval: kPollMs,
  });
  const [shown, setShown] = useState<string | null>(null);
  const items = deliveries.data?.items ?? [];
  return (
    <Dialog
      open
      reading
      onOpenChange={close}
      title={t('admin.webhooks.deliveriesOf', { name: hook.name })}
      testId="deliveries"
      width={760}
    >
      {deliveries.isError ? (
        <Notice tone="err" title={t('admin.webhooks.failed')}>
          {errorText(deliveries.error)}
        </Notice>
      ) : null}
      {deliveries.data && items.length === 0 ? <p>{t('admin.webhooks.noDeliveries')}</p> : null}
      <ul className="deliveries">
        {items.map((one) => (
          <li key={one.id} data-testid="delivery">
            <DeliveryHead
              delivery={one}
              active={hook.active}
              open={shown === one.id}
              toggle={() => setShown(shown === one.id ? null : one.id)}
            />
            {shown === one.id ? <DeliveryBody id={one.id} /> : null}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function DeliveryHead(props: {
  delivery: Delivery;
  active: boolean;
  open: boolean;
  toggle: () => void;
}) {
  const { delivery, active, open, toggle } = props;
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => redeliver(delivery.id),
    onSettled: () => client.invalidateQueries({ queryKey: ['deliveries', delivery.webhook_id] }),
    onError: (error) =>
      toast({ tone: 'err', title: t('admin.webhooks.redeliverFailed'), detail: errorText(error) }),
  });
  return (
    <div className="delivery-head">
      <button type="button" className="audit-entry" aria-expanded={open} onClick={toggle}>
        <strong>{delivery.event}</strong>
      </button>
      <StateOf delivery={delivery} />
      <span className="muted num">{formatDateTime(delivery.created_at)}</span>
      <Button
        size="s"
        busy={again.isPending}
        disabled={!active || delivery.state === 'queued'}
        data-testid="redeliver"
        onClick={() => again.mutate()}
      >
        {t('admin.webhooks.redeliver')}
      </Button>
    </div>
  );
}

function StateOf({ delivery }: { delivery: Delivery }) {
  switch (delivery.state) {
    case 'delivered':
      return <Badge tone="ok">{t('admin.webhooks.delivered')}</Badge>;
    case 'failed':
      return <Badge tone="err">{t('admin.webhooks.undelivered')}</Badge>;
    default:
      return <Badge>{t('admin.webhooks.queued')}</Badge>;
  }
}

function DeliveryBody({ id }: { id: string }) {
  const log = useQuery({
    queryKey: ['delivery', id],
    queryFn: ({ signal }) => getDelivery(id, signal),
    refetchInterval: kPollMs,
  });
  if (!log.data) return null;
  return (
    <div className="stack">
      <pre className="audit-detail" aria-label={t('admin.webhooks.body')}>
        {JSON.stringify(log.data.body, null, 2)}
      </pre>
      {log.data.attempts.map((attempt) => (
        <AttemptLine key={attempt.number} attempt={attempt} />
      ))}
    </div>
  );
}

function AttemptLine({ attempt }: { attempt: DeliveryAttempt }) {
  return (
    <div data-testid="attempt">
      <strong>{t('admin.webhooks.attempt', { number: attempt.number })}</strong>{' '}
      <span className="muted num">
        {attempt.status ?? t('admin.webhooks.nothing')} {attempt.problem ?? ''}{' '}
        {t('admin.webhooks.took', { ms: attempt.took_ms })} {formatDateTime(attempt.at)}
      </span>
      {attempt.answer === '' ? null : <pre className="audit-detail">{attempt.answer}</pre>}
    </div>
  );
}
