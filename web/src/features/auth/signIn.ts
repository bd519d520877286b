import { t } from '@/i18n/i18n';
import { ApiError, codeText, errorText } from '@/net/http';
import { startUrlsIn } from './ssoStart';
import type { FactorMethod } from '@/net/mfaRoutes';

export interface SignInForm {
  name: string;
  organization: string;
  email: string;
  password: string;
}

export interface SignInErrors extends Partial<Record<keyof SignInForm, string>> {
  form?: string;
  retryAfterS?: number;
  /** Where the organization's provider signs this person in. */
  startUrls?: string[];
}

export function checkSignIn(form: SignInForm, registering: boolean): SignInErrors {
  const errors: SignInErrors = {};
  if (registering && form.name.trim() === '') errors.name = t('auth.errors.name');
  if (registering && form.organization.trim() === '') {
    errors.organization = t('auth.errors.organization');
  }
  if (!/^\S+@\S+$/.test(form.email.trim())) errors.email = t('auth.errors.email');
  if (form.password === '') errors.password = t('auth.errors.password');
  return errors;
}

const fields: readonly (keyof SignInForm)[] = ['name', 'organization', 'email', 'password'];

export function readSignInFailure(error: unknown): SignInErrors {
  if (!(error instanceof ApiError)) return { form: errorText(error) };
  if (error.code === 'invalid_credentials') {
    return { form: t('auth.errors.noMatch') };
  }
  if (error.code === 'sso_required') {
    return { form: t('sso.required'), startUrls: startUrlsIn(error) };
  }
  if (error.status === 429) {
    const retryAfterS = error.retryAfterS ?? 30;
    return { form: t('auth.errors.wait'), retryAfterS };
  }
  const errors: SignInErrors = {};
  for (const problem of error.errors) {
    const field = fields.find((name) => problem.pointer === `/${name}`);
    if (field) errors[field] ??= codeText(error.code) ?? problem.detail;
  }
  return Object.keys(errors).length > 0 ? errors : { form: errorText(error) };
}

/** What the second step goes on with. */
export interface FirstStep {
  pending: string;
  methods?: FactorMethod[];
}

/** The first step is done: the server wants a second factor too. */
export function firstStepIn(error: unknown): FirstStep | null {
  if (!(error instanceof ApiError) || error.code !== 'mfa_required') return null;
  const { pending, methods } = error.problem;
  if (typeof pending !== 'string') return null;
  return { pending, methods: Array.isArray(methods) ? (methods as FactorMethod[]) : undefined };
}

/** Where to go after signing in: a path of our own, never another site. */
export function safeNext(next: unknown): string | undefined {
  if (typeof next !== 'string' || !next.startsWith('/') || /^\/[/\\]/.test(next)) return undefined;
  if (/[\\\u0000-\u001f]/.test(next) || next.startsWith('/login')) return undefined;
  return next;
}
