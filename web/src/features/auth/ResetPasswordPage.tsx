import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { resetPassword } from '@/net/accountRoutes';
import { ApiError } from '@/net/http';
import { Button } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { toast } from '@/ui/Toast';
import { AuthPanel } from './AuthPanel';
import { PasswordStrength } from './PasswordStrength';
import { useLinkToken } from './linkToken';
import { readSignInFailure } from './signIn';

export function ResetPasswordPage() {
  const token = useLinkToken();
  const navigate = useNavigate();
  const [password, setPassword] = useState('');
  const reset = useMutation({
    mutationFn: () => resetPassword(token, password),
    onSuccess: () => {
      toast({ tone: 'ok', title: t('auth.reset.done') });
      void navigate({ to: '/login', search: {}, replace: true });
    },
  });
  const failure = reset.isError ? readSignInFailure(reset.error) : {};
  const dead =
    token === '' || (reset.error instanceof ApiError && reset.error.code === 'invalid_link');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password !== '') reset.mutate();
  };
  if (dead) {
    return (
      <AuthPanel title={t('auth.reset.title')}>
        <Notice tone="err">{t('auth.deadLink')}</Notice>
        <p className="login-switch">
          <Link to="/forgot-password" className="link">
            {t('auth.reset.again')}
          </Link>
        </p>
      </AuthPanel>
    );
  }
  return (
    <AuthPanel title={t('auth.reset.title')} text={t('auth.reset.text')}>
      <form className="login-form" onSubmit={submit} noValidate>
        <Field
          label={t('settings.password.fresh')}
          error={failure.password}
          hint={t('auth.passwordHint')}
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              data-testid="new-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              autoComplete="new-password"
              autoFocus
            />
          )}
        </Field>
        <PasswordStrength password={password} own={[]} />
        {failure.form ? <Notice tone="err">{failure.form}</Notice> : null}
        <Button
          type="submit"
          variant="primary"
          size="l"
          block
          busy={reset.isPending}
          disabled={password === ''}
          data-testid="reset-button"
        >
          {t('auth.reset.set')}
        </Button>
      </form>
    </AuthPanel>
  );
}
