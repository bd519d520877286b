import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { discoverSignIn, type SignInOption } from '@/net/ssoRoutes';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import type { FirstStep } from './signIn';
import { goToProvider } from './ssoStart';

const LdapSignIn = lazy(() => import('./LdapSignIn'));

interface SsoSignInProps {
  email: string;
  next?: string;
  /** Where the server said that this person must go. */
  startUrls?: readonly string[];
  /** For those who give their password here. */
  onDone: () => Promise<void>;
  onSecondStep: (first: FirstStep) => void;
}

/** By the domain of the address to the provider that looks after it. */
export function SsoSignIn(props: SsoSignInProps) {
  const { email, next, startUrls = [], onDone, onSecondStep } = props;
  const look = useMutation({
    mutationFn: () => discoverSignIn(email.trim()),
    onSuccess: (found) => {
      if (found.length === 1 && found[0]?.start_url) goToProvider(found[0].start_url, next);
    },
  });
  const asked = /^\S+@\S+$/.test(email.trim());
  const options = (look.data ?? []).filter((one) => one.start_url !== '');
  const here = (look.data ?? []).filter((one) => one.kind === 'ldap');
  return (
    <div className="login-sso" data-testid="sso">
      {startUrls.map((url) => (
        <Button
          key={url}
          block
          icon={<KeyRound />}
          data-testid="sso-continue"
          onClick={() => goToProvider(url, next)}
        >
          {t('sso.continueShort')}
        </Button>
      ))}
      {startUrls.length > 0 ? null : (
        <Button
          block
          icon={<KeyRound />}
          busy={look.isPending}
          disabled={!asked}
          aria-describedby={asked ? undefined : 'sso-hint'}
          data-testid="sso-button"
          onClick={() => look.mutate()}
        >
          {t('sso.button')}
        </Button>
      )}
      {asked || startUrls.length > 0 ? null : (
        <p id="sso-hint" className="muted login-sso-hint">
          {t('sso.needEmail')}
        </p>
      )}
      <div role="status">
        {look.isError ? <Notice tone="err">{errorText(look.error)}</Notice> : null}
        {look.data?.length === 0 ? <Notice tone="info">{t('sso.none')}</Notice> : null}
        {options.length > 1 || (here.length > 0 && options.length > 0) ? (
          <Choice options={options} next={next} />
        ) : null}
      </div>
      <Suspense fallback={null}>
        {here.map((one) => (
          <LdapSignIn
            key={one.id}
            option={one}
            email={email.trim()}
            onDone={onDone}
            onSecondStep={onSecondStep}
          />
        ))}
      </Suspense>
    </div>
  );
}

function Choice({ options, next }: { options: readonly SignInOption[]; next?: string }) {
  return (
    <>
      <p className="muted">{t('sso.choose')}</p>
      {options.map((one) => (
        <Button key={one.id} block onClick={() => goToProvider(one.start_url, next)}>
          {t('sso.continue', { name: one.name })}
        </Button>
      ))}
    </>
  );
}
