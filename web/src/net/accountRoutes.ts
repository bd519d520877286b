/** One's own account: name, password, sign-ins, organizations, preferences. */
import type { Organization, Page, SignIn, User } from './api';
import { call } from './http';
import type { Confirmation } from './mfaRoutes';

const id = encodeURIComponent;

export function rename(name: string): Promise<User> {
  return call('/auth/me', { method: 'PATCH', body: { name } });
}

export function changePassword(current: string, password: string): Promise<void> {
  const body = { current_password: current, password };
  return call('/auth/password', { method: 'POST', body });
}

/** Sends a link if the address has an account; nobody learns whether. */
export function forgotPassword(email: string): Promise<void> {
  return call('/auth/password/forgot', { method: 'POST', body: { email } });
}

export function resetPassword(token: string, password: string): Promise<void> {
  return call('/auth/password/reset', { method: 'POST', body: { token, password } });
}

export function confirmEmail(token: string): Promise<{ email: string }> {
  return call('/auth/email/confirm', { method: 'POST', body: { token } });
}

export function sendVerification(): Promise<void> {
  return call('/auth/email/verification', { method: 'POST' });
}

export function changeEmail(email: string): Promise<void> {
  return call('/auth/email', { method: 'POST', body: { email } });
}

export function reauthenticate(proof: Confirmation): Promise<void> {
  return call('/auth/reauthenticate', { method: 'POST', body: proof });
}

export async function listSignIns(signal?: AbortSignal): Promise<SignIn[]> {
  return (await call<Page<SignIn>>('/auth/sessions', { signal })).items;
}

export function endSignIn(sessionId: string): Promise<void> {
  return call(`/auth/sessions/${id(sessionId)}`, { method: 'DELETE' });
}

export function endOtherSignIns(): Promise<void> {
  return call('/auth/sessions', { method: 'DELETE' });
}

export async function listOrganizations(signal?: AbortSignal): Promise<Organization[]> {
  return (await call<Page<Organization>>('/organizations', { signal })).items;
}

export function createOrganization(name: string): Promise<Organization> {
  return call('/organizations', { method: 'POST', body: { name } });
}

/** The browser gets another cookie; whatever was loaded belongs to the organization left. */
export async function switchOrganization(organizationId: string): Promise<void> {
  const body = { organization_id: organizationId };
  await call('/auth/switch', { method: 'POST', body });
}

export function getPreferences(): Promise<Record<string, unknown>> {
  return call('/auth/me/preferences');
}

/** Names that are left out stay; null takes one away. */
export function putPreferences(values: Record<string, unknown>): Promise<Record<string, unknown>> {
  return call('/auth/me/preferences', { method: 'PUT', body: values });
}
