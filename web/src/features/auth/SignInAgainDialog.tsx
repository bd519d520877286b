import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { t, withSecurityMessages } from '@/i18n/i18n';
import type { Me } from '@/net/api';
import { reportSignedIn } from '@/net/http';
import { login } from '@/net/routes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { meQuery } from './queries';
import { firstStepIn, readSignInFailure } from './signIn';
import { useSignInAgain } from './signInAgain';

const SecondStep = lazy(() => withSecurityMessages(import('../security/SecondStep')));

/** Lets the same person in again, in front of the page as it was. */
export default function SignInAgainDialog() {
  const client = useQueryClient();
  const me = client.getQueryData<Me>(meQuery.queryKey);
  const email = me?.user.email ?? '';
  const [password, setPassword] = useState('');
  const enter = useMutation({
    mutationFn: () => login({ email, password, organization_id: me?.organization.id }),
    onSuccess: () => entered(),
  });
  const entered = () => {
    useSignInAgain.setState({ asked: false });
    reportSignedIn();
    void client.invalidateQueries();
  };
  const first = firstStepIn(enter.error);
  const failure = enter.isError ? readSignInFailure(enter.error) : {};
  const leave = () => {
    const next = encodeURIComponent(window.location.pathname);
    window.location.assign(`/login?next=${next}`);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password !== '') enter.mutate();
  };
  return (
    <Dialog
      open
      locked
      onOpenChange={() => {}}
      width={440}
      title={t('auth.again.title')}
      description={t('auth.again.text')}
      testId="sign-in-again"
      footer={
        <>
          <Button variant="ghost" onClick={leave}>
            {t('auth.again.leave')}
          </Button>
          {first ? null : (
            <Button
              type="submit"
              form="sign-in-again"
              variant="primary"
              busy={enter.isPending}
              disabled={password === ''}
              data-testid="sign-in-again-button"
            >
              {t('auth.signIn')}
            </Button>
          )}
        </>
      }
    >
      {first ? (
        <Suspense fallback={null}>
          <SecondStep {...first} onDone={entered} onBack={() => enter.reset()} />
        </Suspense>
      ) : (
        <form id="sign-in-again" className="stack" onSubmit={submit}>
          <Field label={t('auth.email')}>
            {(control) => (
              <Input {...control} type="email" value={email} readOnly autoComplete="username" />
            )}
          </Field>
          <Field label={t('auth.password')} error={failure.password ?? failure.form}>
            {(control) => (
              <Input
                {...control}
                type="password"
                autoFocus
                autoComplete="current-password"
                data-testid="password-again"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
        </form>
      )}
    </Dialog>
  );
}
