import { ApiError, errorText } from '@/net/http';

export interface SignInForm {
  name: string;
  organization: string;
  email: string;
  password: string;
}

export interface SignInErrors extends Partial<Record<keyof SignInForm, string>> {
  form?: string;
  retryAfterS?: number;
}

export function checkSignIn(form: SignInForm, registering: boolean): SignInErrors {
  const errors: SignInErrors = {};
  if (registering && form.name.trim() === '') errors.name = 'Enter your name.';
  if (registering && form.organization.trim() === '') {
    errors.organization = 'Enter the name of your team or company.';
  }
  if (!/^\S+@\S+$/.test(form.email.trim())) errors.email = 'Enter an email address.';
  if (form.password === '') errors.password = 'Enter a password.';
  return errors;
}

const fields: readonly (keyof SignInForm)[] = ['name', 'organization', 'email', 'password'];

export function readSignInFailure(error: unknown): SignInErrors {
  if (!(error instanceof ApiError)) return { form: errorText(error) };
  if (error.code === 'invalid_credentials') {
    return { form: 'This email and password do not match an account.' };
  }
  if (error.code === 'mfa_required') {
    return { form: 'This account asks for a second factor, which this page cannot take yet.' };
  }
  if (error.status === 429) {
    const retryAfterS = error.retryAfterS ?? 30;
    return { form: 'Too many attempts. Wait a moment.', retryAfterS };
  }
  const errors: SignInErrors = {};
  for (const problem of error.errors) {
    const field = fields.find((name) => problem.pointer === `/${name}`);
    if (field) errors[field] ??= problem.detail;
  }
  return Object.keys(errors).length > 0 ? errors : { form: error.detail };
}

/** Where to go after signing in: a path of our own, never another site. */
export function safeNext(next: unknown): string | undefined {
  if (typeof next !== 'string' || !next.startsWith('/') || /^\/[/\\]/.test(next)) return undefined;
  if (/[\\\u0000-\u001f]/.test(next) || next.startsWith('/login')) return undefined;
  return next;
}
