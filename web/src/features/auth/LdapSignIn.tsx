import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { signInByLdap, type SignInOption } from '@/net/ssoRoutes';
import { Button } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { type FirstStep, firstStepIn, readSignInFailure } from './signIn';

interface LdapSignInProps {
  option: SignInOption;
  email: string;
  onDone: () => Promise<void>;
  onSecondStep: (first: FirstStep) => void;
}

/** The password that the organization's own directory knows. */
export default function LdapSignIn({ option, email, onDone, onSecondStep }: LdapSignInProps) {
  const [username, setUsername] = useState(email);
  const [password, setPassword] = useState('');
  const enter = useMutation({
    mutationFn: async () => {
      await signInByLdap(option.id, username.trim(), password);
      await onDone();
    },
    onError: (error) => {
      const step = firstStepIn(error);
      if (step) onSecondStep(step);
    },
  });
  const problem = enter.error && !firstStepIn(enter.error) ? readSignInFailure(enter.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (username.trim() !== '' && password !== '') enter.mutate();
  };
  return (
    <form className="login-form" data-testid="ldap-form" onSubmit={submit}>
      <p className="muted">{t('sso.ldap.about', { name: option.name })}</p>
      <Field label={t('sso.ldap.user')}>
        {(control) => (
          <Input
            {...control}
            value={username}
            spellCheck={false}
            autoComplete="username"
            data-testid="ldap-user"
            onChange={(event) => setUsername(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('auth.password')}>
        {(control) => (
          <Input
            {...control}
            type="password"
            value={password}
            autoComplete="current-password"
            data-testid="ldap-password"
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {problem ? <Notice tone="err">{problem.form}</Notice> : null}
      <Button type="submit" block busy={enter.isPending} data-testid="ldap-login">
        {t('sso.continue', { name: option.name })}
      </Button>
    </form>
  );
}
