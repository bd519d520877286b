import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { changeEmail, sendVerification } from '@/net/accountRoutes';
import type { Me } from '@/net/api';
import { ApiError, codeText, errorText } from '@/net/http';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { toast } from '@/ui/Toast';
import { SettingsCard } from './SettingsCard';

function problemOf(error: unknown): string | null {
  if (!error) return null;
  const about = error instanceof ApiError ? error.errors[0] : undefined;
  if (error instanceof ApiError && about) return codeText(error.code) ?? about.detail;
  return errorText(error);
}

export function EmailCard({ me }: { me: Me }) {
  const [email, setEmail] = useState('');
  const [asked, setAsked] = useState('');
  const change = useMutation({
    mutationFn: (wanted: string) => changeEmail(wanted),
    onSuccess: (_, wanted) => {
      setAsked(wanted);
      setEmail('');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim() !== '') change.mutate(email.trim());
  };
  return (
    <SettingsCard id="email" title={t('settings.email.title')} text={t('settings.email.text')}>
      <div className="settings-row">
        <span className="organization-row">
          <strong className="truncate">{me.user.email}</strong>
          {me.email_verified ? (
            <Badge tone="ok">{t('settings.email.verified')}</Badge>
          ) : (
            <Badge tone="warn">{t('settings.email.unverified')}</Badge>
          )}
        </span>
        {me.email_verified ? null : <SendVerification />}
      </div>
      <form className="settings-form" onSubmit={submit}>
        <Field label={t('settings.email.fresh')} error={problemOf(change.error)}>
          {(control) => (
            <Input
              {...control}
              type="email"
              data-testid="new-email"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
              autoComplete="email"
              spellCheck={false}
            />
          )}
        </Field>
        <Button
          type="submit"
          busy={change.isPending}
          disabled={email.trim() === ''}
          data-testid="change-email"
        >
          {t('settings.email.change')}
        </Button>
      </form>
      {asked ? <Notice tone="ok">{t('settings.email.asked', { email: asked })}</Notice> : null}
    </SettingsCard>
  );
}

export function SendVerification() {
  const send = useMutation({
    mutationFn: sendVerification,
    onSuccess: () => toast({ tone: 'ok', title: t('settings.email.sent') }),
    onError: (error) =>
      toast({ tone: 'err', title: t('settings.email.notSent'), detail: errorText(error) }),
  });
  return (
    <Button
      size="s"
      busy={send.isPending}
      data-testid="send-verification"
      onClick={() => send.mutate()}
    >
      {t('settings.email.send')}
    </Button>
  );
}
