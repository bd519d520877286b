import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { forgotPassword } from '@/net/accountRoutes';
import { Button } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { AuthPanel } from './AuthPanel';
import { readSignInFailure } from './signIn';

export function ForgotPasswordPage() {
  const [email, setEmail] = useState('');
  const send = useMutation({ mutationFn: () => forgotPassword(email.trim()) });
  const failure = send.isError ? readSignInFailure(send.error) : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim() !== '') send.mutate();
  };
  return (
    <AuthPanel title={t('auth.forgot.title')} text={t('auth.forgot.text')}>
      <form className="login-form" onSubmit={submit} noValidate>
        <Field label={t('auth.email')} error={failure.email}>
          {(control) => (
            <Input
              {...control}
              type="email"
              data-testid="email"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
              autoComplete="username"
              autoFocus
              spellCheck={false}
            />
          )}
        </Field>
        {failure.form ? <Notice tone="err">{failure.form}</Notice> : null}
        {send.isSuccess ? <Notice tone="ok">{t('auth.forgot.sent')}</Notice> : null}
        <Button
          type="submit"
          variant="primary"
          size="l"
          block
          busy={send.isPending}
          disabled={email.trim() === ''}
          data-testid="forgot-button"
        >
          {t('auth.forgot.send')}
        </Button>
      </form>
      <p className="login-switch">
        <Link to="/login" className="link">
          {t('auth.forgot.back')}
        </Link>
      </p>
    </AuthPanel>
  );
}
