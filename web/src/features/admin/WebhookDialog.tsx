import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { t } from '@/i18n/i18n';
import { ApiError, errorText } from '@/net/http';
import { changeWebhook, createWebhook, type Webhook } from '@/net/webhookRoutes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Input, TextArea } from '@/ui/Input';
import { Notice } from '@/ui/Notice';

/** Adds a webhook, or changes the one given. */
export function WebhookDialog(props: {
  hook?: Webhook;
  close: () => void;
  tellSecret: (secret: string) => void;
}) {
  const { hook, close, tellSecret } = props;
  const form = useId();
  const client = useQueryClient();
  const [name, setName] = useState(hook?.name ?? '');
  const [url, setUrl] = useState(hook?.url ?? 'https://');
  const [events, setEvents] = useState(hook?.events.join('\n') ?? '*');
  const save = useMutation({
    mutationFn: async () => {
      const input = { name, url, events: events.split(/[\s,]+/).filter((one) => one !== '') };
      if (hook) await changeWebhook(hook.id, input);
      else tellSecret((await createWebhook(input)).secret);
    },
    onSuccess: close,
    onSettled: () => client.invalidateQueries({ queryKey: ['webhooks'] }),
  });
  const problem = (pointer: string) => problemAt(save.error, pointer);
  const told = ['/name', '/url', '/events'].some((pointer) => problem(pointer) !== null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      locked={save.isPending}
      title={hook ? t('admin.webhooks.edit', { name: hook.name }) : t('admin.webhooks.add')}
      testId="webhook-dialog"
      footer={
        <>
          <Button onClick={close}>{t('admin.webhooks.cancel')}</Button>
          <Button
            type="submit"
            form={form}
            variant="primary"
            busy={save.isPending}
            data-testid="save-webhook"
          >
            {hook ? t('admin.webhooks.save') : t('admin.webhooks.create')}
          </Button>
        </>
      }
    >
      <form id={form} className="stack" onSubmit={submit}>
        <Field label={t('admin.webhooks.name')} error={problem('/name')}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('admin.webhooks.url')}
          hint={t('admin.webhooks.urlHint')}
          error={problem('/url')}
        >
          {(control) => (
            <Input
              {...control}
              required
              type="url"
              value={url}
              onChange={(event) => setUrl(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('admin.webhooks.events')}
          hint={t('admin.webhooks.eventsHint')}
          error={problem('/events')}
        >
          {(control) => (
            <TextArea
              {...control}
              required
              rows={4}
              value={events}
              onChange={(event) => setEvents(event.target.value)}
            />
          )}
        </Field>
        {save.isError && !told ? (
          <Notice tone="err" title={t('admin.webhooks.saveFailed')}>
            {errorText(save.error)}
          </Notice>
        ) : null}
      </form>
    </Dialog>
  );
}

function problemAt(error: unknown, pointer: string): string | null {
  if (!(error instanceof ApiError)) return null;
  const found = error.errors.find((one) => one.pointer.startsWith(pointer));
  if (!found) return null;
  return error.code.startsWith('outbound_') ? errorText(error) : found.detail;
}

export function SecretDialog({ secret, close }: { secret: string; close: () => void }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    setCopied(true);
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t('admin.webhooks.secretTitle')}
      description={t('admin.webhooks.secretAbout')}
      testId="webhook-secret"
      footer={
        <Button variant="primary" data-testid="secret-done" onClick={close}>
          {t('admin.webhooks.understood')}
        </Button>
      }
    >
      <div className="webhook-secret">
        <code>{secret}</code>
        <Button icon={<Copy />} onClick={() => void copy()}>
          {copied ? t('admin.webhooks.copied') : t('admin.webhooks.copy')}
        </Button>
      </div>
    </Dialog>
  );
}
