/** Single sign-on: identity providers of the organization, and signing in by them. */
import type { Page } from './api';
import { call } from './http';

const id = encodeURIComponent;

export type ProviderKind = 'oidc' | 'saml' | 'ldap';
export type ProviderConfig = Record<string, unknown>;

export interface RoleRule {
  value: string;
  role: string;
}

export interface ProviderInput {
  name: string;
  enabled: boolean;
  config: ProviderConfig;
  /** Left out, the stored one stays. */
  secret?: string;
  domains: string[];
  jit: boolean;
  default_role: string;
  role_rules: RoleRule[];
  trusts_mfa: boolean;
}

export interface IdentityProvider extends Omit<ProviderInput, 'secret'> {
  id: string;
  kind: ProviderKind;
  has_secret: boolean;
  /** What the other side must be told, by name. */
  addresses: Record<string, string>;
  start_url: string;
  revision: number;
}

export interface TestReport {
  ok: boolean;
  steps: { step: string; ok: boolean; detail: string }[];
}

/** Where someone may sign in; without `start_url` the password is asked for here. */
export interface SignInOption {
  id: string;
  kind: ProviderKind;
  name: string;
  start_url: string;
}

export interface ProviderLink {
  provider_id: string;
  kind: ProviderKind;
  name: string;
  enabled: boolean;
  redirects: boolean;
  subject?: string;
  linked_at?: string;
}

const providers = '/sso/providers';

export async function listProviders(signal?: AbortSignal): Promise<IdentityProvider[]> {
  return (await call<Page<IdentityProvider>>(providers, { signal })).items;
}

export function createProvider(
  input: ProviderInput & { kind: ProviderKind },
): Promise<IdentityProvider> {
  return call(providers, { method: 'POST', body: input });
}

export function changeProvider(
  provider: IdentityProvider,
  change: Partial<ProviderInput>,
): Promise<IdentityProvider> {
  return call(`${providers}/${id(provider.id)}`, {
    method: 'PATCH',
    body: change,
    headers: { 'If-Match': `"${provider.revision}"` },
  });
}

export function deleteProvider(providerId: string): Promise<void> {
  return call(`${providers}/${id(providerId)}`, { method: 'DELETE' });
}

export function testProvider(providerId: string): Promise<TestReport> {
  return call(`${providers}/${id(providerId)}/test`, { method: 'POST' });
}

export async function discoverSignIn(email: string): Promise<SignInOption[]> {
  const found = await call<{ providers: SignInOption[] }>('/auth/sso/discover', {
    method: 'POST',
    body: { email },
  });
  return found.providers;
}

/** The reply also holds tokens for API clients; the browser lives by the cookie alone. */
export async function signInByLdap(
  providerId: string,
  username: string,
  password: string,
): Promise<void> {
  const body = { username, password };
  await call(`/auth/sso/${id(providerId)}/ldap`, { method: 'POST', body });
}

export async function listProviderLinks(signal?: AbortSignal): Promise<ProviderLink[]> {
  return (await call<Page<ProviderLink>>('/auth/sso/links', { signal })).items;
}

/** Where the browser goes, to prove there whose account it is. */
export async function beginProviderLink(providerId: string, returnTo: string): Promise<string> {
  const begun = await call<{ url: string }>(`/auth/sso/${id(providerId)}/link`, {
    method: 'POST',
    body: { return_to: returnTo },
  });
  return begun.url;
}

export function deleteProviderLink(providerId: string): Promise<void> {
  return call(`/auth/sso/links/${id(providerId)}`, { method: 'DELETE' });
}
