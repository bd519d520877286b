import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, Suspense, lazy, useState } from 'react';
import { t, withSecurityMessages } from '@/i18n/i18n';
import { switchOrganization } from '@/net/accountRoutes';
import { type InvitationOffer, acceptInvitation, getOffer, join } from '@/net/adminRoutes';
import { ApiError, errorText } from '@/net/http';
import { getMe } from '@/net/routes';
import { Button } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { roleName } from '../admin/roleName';
import { AuthPanel } from './AuthPanel';
import { useLinkToken } from './linkToken';
import { firstStepIn, readSignInFailure } from './signIn';

const SecondStep = lazy(() => withSecurityMessages(import('../security/SecondStep')));

/** Where the link of an invitation leads. */
export function JoinPage() {
  const token = useLinkToken();
  const offer = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => getOffer(token, signal),
    enabled: token !== '',
    retry: false,
  });
  if (token === '' || (offer.error instanceof ApiError && offer.error.status === 403)) {
    return (
      <AuthPanel title={t('rights.tabs.invitations')}>
        <Notice tone="err">{t('rights.join.gone')}</Notice>
      </AuthPanel>
    );
  }
  if (offer.isError) {
    return (
      <AuthPanel title={t('rights.tabs.invitations')}>
        <Notice tone="err">{errorText(offer.error)}</Notice>
      </AuthPanel>
    );
  }
  if (!offer.data) return <AuthPanel title={t('rights.join.loading')} />;
  const { organization, email, role_name } = offer.data;
  return (
    <AuthPanel
      title={t('rights.join.title', { organization })}
      text={t('rights.join.text', { role: roleName(role_name), email })}
    >
      {offer.data.registered ? (
        <Accept token={token} offer={offer.data} />
      ) : (
        <Newcomer token={token} />
      )}
    </AuthPanel>
  );
}

function Newcomer({ token }: { token: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const make = useMutation({
    mutationFn: () => join(token, password, name.trim()),
    onSuccess: () => {
      client.clear();
      void navigate({ to: '/projects', search: {}, replace: true });
    },
  });
  const failure = make.isError ? readSignInFailure(make.error) : {};
  const ready = name.trim() !== '' && password !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) make.mutate();
  };
  return (
    <form className="login-form" onSubmit={submit} noValidate>
      <Field label={t('rights.join.name')} error={failure.name}>
        {(control) => (
          <Input
            {...control}
            autoFocus
            autoComplete="name"
            maxLength={200}
            data-testid="join-name"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field
        label={t('rights.join.password')}
        error={failure.password}
        hint={t('auth.passwordHint')}
      >
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="new-password"
            data-testid="join-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {failure.form ? <Notice tone="err">{failure.form}</Notice> : null}
      <Button
        type="submit"
        variant="primary"
        size="l"
        block
        busy={make.isPending}
        disabled={!ready}
        data-testid="join-button"
      >
        {t('rights.join.go')}
      </Button>
    </form>
  );
}

/** Has an account, and perhaps no organization to sign in to. */
function Known({ token }: { token: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [password, setPassword] = useState('');
  const done = async () => {
    client.clear();
    await navigate({ to: '/projects', search: {}, replace: true });
  };
  const enter = useMutation({ mutationFn: () => join(token, password), onSuccess: done });
  const failure = enter.isError ? readSignInFailure(enter.error) : {};
  // He is a member by now; what is missing is the second factor.
  const step = firstStepIn(enter.error);
  if (step) {
    return (
      <Suspense fallback={null}>
        <SecondStep {...step} onDone={done} onBack={() => enter.reset()} />
      </Suspense>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password !== '') enter.mutate();
  };
  return (
    <form className="login-form" onSubmit={submit} noValidate>
      <p className="muted">{t('rights.join.known')}</p>
      <Field label={t('rights.join.password')} error={failure.password}>
        {(control) => (
          <Input
            {...control}
            autoFocus
            type="password"
            autoComplete="current-password"
            data-testid="join-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {failure.form ? <Notice tone="err">{failure.form}</Notice> : null}
      <Button
        type="submit"
        variant="primary"
        size="l"
        block
        busy={enter.isPending}
        disabled={password === ''}
        data-testid="join-button"
      >
        {t('rights.join.goKnown')}
      </Button>
      <p className="login-switch">
        <Link to="/login" search={{}} className="link">
          {t('rights.join.signIn')}
        </Link>
      </p>
    </form>
  );
}

function Accept({ token, offer }: { token: string; offer: InvitationOffer }) {
  const me = useQuery({ queryKey: ['joining'], queryFn: () => getMe(), retry: false });
  const accept = useMutation({
    mutationFn: async () => {
      const joined = await acceptInvitation(token);
      await switchOrganization(joined.id);
    },
    onSuccess: () => window.location.assign('/projects'),
  });
  if (me.isPending) return null;
  if (!me.data) return <Known token={token} />;
  if (me.data.user.email !== offer.email) {
    const emails = { email: me.data.user.email, invited: offer.email };
    return <Notice tone="warn">{t('rights.join.other', emails)}</Notice>;
  }
  return (
    <>
      {accept.isError ? <Notice tone="err">{errorText(accept.error)}</Notice> : null}
      <Button
        variant="primary"
        size="l"
        block
        busy={accept.isPending}
        data-testid="accept-button"
        onClick={() => accept.mutate()}
      >
        {t('rights.join.accept')}
      </Button>
    </>
  );
}
