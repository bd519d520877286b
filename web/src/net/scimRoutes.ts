/** Provisioning by SCIM: tokens of the organization's directory, its people and its groups. */
import type { Page } from './api';
import { call } from './http';

const id = encodeURIComponent;

export interface ScimToken {
  id: string;
  name: string;
  hint: string;
  created_at: string;
  expires_at: string;
  last_used_at?: string;
}

/** The secret is shown this once. */
export interface IssuedScimToken {
  token: ScimToken;
  secret: string;
}

export interface ScimGroup {
  id: string;
  display_name: string;
  members: number;
  role?: string;
  role_name?: string;
  updated_at: string;
}

export interface ScimPerson {
  id: string;
  user_id?: string;
  user_name: string;
  email: string;
  name: string;
  active: boolean;
  updated_at: string;
}

type Options = Record<'cursor' | 'limit', string | number | undefined>;

export async function listScimTokens(signal?: AbortSignal): Promise<ScimToken[]> {
  return (await call<Page<ScimToken>>('/scim-tokens', { signal })).items;
}

export function createScimToken(input: {
  name: string;
  expires_in_days: number;
}): Promise<IssuedScimToken> {
  return call('/scim-tokens', { method: 'POST', body: input });
}

export function revokeScimToken(tokenId: string): Promise<void> {
  return call(`/scim-tokens/${id(tokenId)}`, { method: 'DELETE' });
}

export function listScimGroups(query: Options, signal?: AbortSignal): Promise<Page<ScimGroup>> {
  return call('/scim-groups', { query, signal });
}

export function giveGroupRole(groupId: string, role: string | null): Promise<ScimGroup> {
  return call(`/scim-groups/${id(groupId)}/role`, { method: 'PUT', body: { role } });
}

export function listScimPeople(query: Options, signal?: AbortSignal): Promise<Page<ScimPerson>> {
  return call('/scim-users', { query, signal });
}
