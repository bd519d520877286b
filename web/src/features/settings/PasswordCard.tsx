import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { changePassword } from '@/net/accountRoutes';
import type { Me } from '@/net/api';
import { ApiError, codeText, errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { toast } from '@/ui/Toast';
import { PasswordStrength } from '../auth/PasswordStrength';
import { SettingsCard } from './SettingsCard';

/** What went wrong, beside the field it is about. */
function problems(error: unknown): { current?: string; fresh?: string; other?: string } {
  if (!(error instanceof ApiError)) return error ? { other: errorText(error) } : {};
  if (error.code === 'wrong_password') return { current: errorText(error) };
  const about = error.errors.find((one) => one.pointer === '/password');
  if (about) return { fresh: codeText(error.code) ?? about.detail };
  return { other: errorText(error) };
}

export function PasswordCard({ me }: { me: Me }) {
  const client = useQueryClient();
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const change = useMutation({
    mutationFn: () => changePassword(current, fresh),
    onSuccess: () => {
      setCurrent('');
      setFresh('');
      void client.invalidateQueries({ queryKey: ['sign-ins'] });
      const title = t('settings.password.changed');
      toast({ tone: 'ok', title, detail: t('settings.password.changedText') });
    },
  });
  const found = problems(change.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (current !== '' && fresh !== '') change.mutate();
  };
  return (
    <SettingsCard
      id="password"
      title={t('settings.password.title')}
      text={t('settings.password.text')}
    >
      <form className="stack" onSubmit={submit}>
        {/* For password stores: which account it is. */}
        <input
          type="hidden"
          name="username"
          autoComplete="username"
          value={me.user.email}
          readOnly
        />
        <Field label={t('settings.password.current')} error={found.current}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              data-testid="current-password"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('settings.password.fresh')}
          hint={t('auth.passwordHint')}
          error={found.fresh}
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="new-password"
              data-testid="new-password"
              value={fresh}
              onChange={(event) => setFresh(event.target.value)}
            />
          )}
        </Field>
        <PasswordStrength
          password={fresh}
          own={[me.user.email, me.user.name, me.organization.name]}
        />
        {found.other ? <Notice tone="err">{found.other}</Notice> : null}
        <div>
          <Button
            type="submit"
            busy={change.isPending}
            disabled={current === '' || fresh === ''}
            data-testid="change-password"
          >
            {t('settings.password.change')}
          </Button>
        </div>
      </form>
    </SettingsCard>
  );
}
