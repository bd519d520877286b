import { t, tMaybe } from '@/i18n/i18n';
import type { ApiError } from '@/net/http';

const ours = /^\/api\/v1\/auth\/sso\/[0-9a-f-]{36}\/start$/;

/** Leaves for an identity provider, to come back to `next`. */
export function goToProvider(startUrl: string, next?: string): void {
  if (!ours.test(startUrl)) return;
  const query = next ? `?return_to=${encodeURIComponent(next)}` : '';
  window.location.assign(startUrl + query);
}

/** Where a refusal of a password says that one must sign in. */
export function startUrlsIn(error: ApiError): string[] {
  return error.errors.map((one) => one.detail).filter((url) => ours.test(url));
}

export function isSsoError(slug: unknown): slug is string {
  return typeof slug === 'string' && /^[a-z0-9_]{1,40}$/.test(slug);
}

/** Why a sign-in at a provider led back to the page for signing in. */
export function ssoErrorText(slug: string): string {
  return tMaybe(`sso.errors.${slug}`) ?? t('sso.errors.other');
}
