import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Eye, EyeOff, KeyRound, Sparkles } from 'lucide-react';
import { type FormEvent, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { t, withSecurityMessages } from '@/i18n/i18n';
import { ApiError } from '@/net/http';
import { login, register } from '@/net/routes';
import { Button, IconButton } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { Logo } from '../shell/Logo';
import { usePageTitle } from '../shell/usePageTitle';
import { PasswordStrength } from './PasswordStrength';
import { meQuery } from './queries';
import { useLinkToken } from './linkToken';
import {
  type FirstStep,
  type SignInErrors,
  type SignInForm,
  checkSignIn,
  firstStepIn,
  readSignInFailure,
} from './signIn';
import { SsoSignIn } from './SsoSignIn';
import { ssoErrorText } from './ssoStart';
import './login.css';

const SecondStep = lazy(() => withSecurityMessages(import('../security/SecondStep')));

const emptyForm: SignInForm = { name: '', organization: '', email: '', password: '' };

export function LoginPage() {
  const search = useSearch({ from: '/login' });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const registering = search.mode === 'register';
  const [form, setForm] = useState(emptyForm);
  const [errors, setErrors] = useState<SignInErrors>({});
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);
  // Another way of signing in may have brought the person here for the second step.
  const carried = useLinkToken('pending');
  const [first, setFirst] = useState<FirstStep | null>(carried ? { pending: carried } : null);
  const passwordHint = registering ? t('auth.passwordHint') : undefined;
  const wait = useCountdown(errors.retryAfterS ?? 0);
  usePageTitle(t(registering ? 'auth.register' : 'auth.signIn'));

  useEffect(() => {
    formRef.current?.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);

  const set = (field: keyof SignInForm) => (event: { target: HTMLInputElement }) => {
    setForm({ ...form, [field]: event.target.value });
    setErrors({});
  };
  const enter = async () => {
    queryClient.clear();
    const me = await queryClient.fetchQuery(meQuery).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    });
    if (me) await navigate({ href: search.next ?? '/projects', replace: true });
    else setErrors({ form: t('auth.noCookie') });
  };
  const usePasskey = async () => {
    setErrors({});
    setBusy(true);
    const { signInWithPasskey } = await withSecurityMessages(import('../security/passkeySignIn'));
    const problem = await signInWithPasskey();
    try {
      if (problem) setErrors({ form: problem });
      else await enter();
    } catch (error) {
      setErrors(readSignInFailure(error));
    } finally {
      setBusy(false);
    }
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = checkSignIn(form, registering);
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const { email, password, name, organization } = form;
      if (registering) await register({ email: email.trim(), password, name, organization });
      else await login({ email: email.trim(), password });
      await enter();
    } catch (error) {
      const step = firstStepIn(error);
      if (step) setFirst(step);
      else setErrors(readSignInFailure(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="login">
      <section className="login-story" aria-hidden="true">
        <LoginArt />
        <p className="login-line">{t('auth.line')}</p>
        <p>{t('auth.story')}</p>
      </section>
      <div className="login-panel annotate-glass">
        <Logo />
        <div>
          <h1>{t(registering ? 'auth.registerTitle' : 'auth.signInTitle')}</h1>
          <p className="muted">{t(registering ? 'auth.registerText' : 'auth.signInText')}</p>
        </div>
        {search.sso_error && !errors.form ? (
          <Notice tone="err">{ssoErrorText(search.sso_error)}</Notice>
        ) : null}
        {first ? (
          <Suspense fallback={null}>
            <SecondStep {...first} onDone={enter} onBack={() => setFirst(null)} />
          </Suspense>
        ) : (
          <>
            <form ref={formRef} onSubmit={submit} noValidate className="login-form">
              {registering ? (
                <>
                  <Field label={t('auth.name')} error={errors.name}>
                    {(control) => (
                      <Input
                        {...control}
                        value={form.name}
                        onChange={set('name')}
                        autoComplete="name"
                        autoFocus
                      />
                    )}
                  </Field>
                  <Field
                    label={t('auth.organization')}
                    error={errors.organization}
                    hint={t('auth.organizationHint')}
                  >
                    {(control) => (
                      <Input
                        {...control}
                        value={form.organization}
                        onChange={set('organization')}
                        autoComplete="organization"
                      />
                    )}
                  </Field>
                </>
              ) : null}
              <Field label={t('auth.email')} error={errors.email}>
                {(control) => (
                  <Input
                    {...control}
                    type="email"
                    data-testid="email"
                    value={form.email}
                    onChange={set('email')}
                    autoComplete="username"
                    autoFocus={!registering}
                    spellCheck={false}
                  />
                )}
              </Field>
              <Field
                label={t('auth.password')}
                error={errors.password}
                hint={capsLock ? t('auth.capsLock') : passwordHint}
              >
                {(control) => (
                  <Input
                    {...control}
                    type={shown ? 'text' : 'password'}
                    data-testid="password"
                    value={form.password}
                    onChange={set('password')}
                    onKeyUp={(event) => setCapsLock(event.getModifierState('CapsLock'))}
                    autoComplete={registering ? 'new-password' : 'current-password'}
                    action={
                      <IconButton
                        className="input-action"
                        label={t(shown ? 'auth.hide' : 'auth.show')}
                        icon={shown ? <EyeOff /> : <Eye />}
                        onClick={() => setShown(!shown)}
                      />
                    }
                  />
                )}
              </Field>
              {registering ? (
                <PasswordStrength
                  password={form.password}
                  own={[form.name, form.organization, form.email]}
                />
              ) : (
                <Link to="/forgot-password" className="link login-forgot">
                  {t('auth.forgot.link')}
                </Link>
              )}
              {errors.form ? <Notice tone="err">{errors.form}</Notice> : null}
              <Button
                type="submit"
                variant="primary"
                size="l"
                block
                busy={busy}
                disabled={wait > 0}
                data-testid="login-button"
              >
                {wait > 0
                  ? t('auth.wait', { seconds: wait })
                  : t(registering ? 'auth.create' : 'auth.signIn')}
              </Button>
            </form>
            {registering || typeof window.PublicKeyCredential !== 'function' ? null : (
              <Button
                size="l"
                block
                icon={<KeyRound />}
                disabled={busy}
                data-testid="passkey-login"
                onClick={() => void usePasskey()}
              >
                {t('auth.passkey')}
              </Button>
            )}
            {registering ? null : (
              <SsoSignIn
                key={form.email}
                email={form.email}
                next={search.next}
                startUrls={errors.startUrls}
              />
            )}
            <p className="login-switch">
              {t(registering ? 'auth.known' : 'auth.new')}{' '}
              <button
                type="button"
                className="link"
                data-testid="register-toggle"
                onClick={() => {
                  setErrors({});
                  void navigate({
                    to: '/login',
                    search: { ...search, mode: registering ? undefined : 'register' },
                  });
                }}
              >
                {t(registering ? 'auth.signIn' : 'auth.register')}
              </button>
            </p>
          </>
        )}
      </div>
    </main>
  );
}

function useCountdown(seconds: number): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    setLeft(seconds);
    if (seconds <= 0) return;
    const timer = setInterval(() => setLeft((before) => Math.max(0, before - 1)), 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return left;
}

function LoginArt() {
  return (
    <svg className="login-art" viewBox="0 0 520 340" fill="none">
      <rect x="40" y="28" width="440" height="284" rx="20" className="art-frame" />
      <path
        d="M40 250l96-92 74 66 88-108 182 158v18a20 20 0 0 1-20 20H60a20 20 0 0 1-20-20z"
        className="art-hill"
      />
      <circle cx="398" cy="96" r="30" className="art-sun" />
      <path
        d="M190 262c-6-46 14-92 52-98 8-22 34-28 48-8 28 6 42 34 36 60 16 14 12 40-4 50
          -40 12-96 12-132-4z"
        className="art-mask"
      />
      <rect x="166" y="128" width="182" height="156" rx="4" className="art-box" />
      {[
        [166, 128],
        [348, 128],
        [166, 284],
        [348, 284],
      ].map(([x, y]) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r="6" className="art-handle" />
      ))}
      <g className="art-chip">
        <rect x="166" y="94" width="92" height="26" rx="8" />
        <text x="178" y="112">
          dog 0.97
        </text>
      </g>
      <Sparkles x={404} y={246} width={40} height={40} className="art-ai" />
    </svg>
  );
}
