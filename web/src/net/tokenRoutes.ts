/** API tokens, personal and of an organization, and the keys that data is under. */
import type { Page } from './api';
import { call } from './http';

const id = encodeURIComponent;

export interface ApiToken {
  id: string;
  kind: 'personal' | 'service';
  name: string;
  hint: string;
  scopes: string[];
  created_by: string;
  created_at: string;
  expires_at: string;
  last_used_at?: string;
}

export interface IssuedToken {
  token: ApiToken;
  secret: string;
}

export interface NewToken {
  name: string;
  scopes: string[];
  expires_in_days: number;
}

/** Whose tokens: one's own, or those of an organization. */
export type TokenOwner = { personal: true } | { organization: string };

function pathOf(owner: TokenOwner): string {
  return 'personal' in owner
    ? '/auth/tokens'
    : `/organizations/${id(owner.organization)}/service-tokens`;
}

export async function listTokens(owner: TokenOwner, signal?: AbortSignal): Promise<ApiToken[]> {
  return (await call<Page<ApiToken>>(pathOf(owner), { signal })).items;
}

export function createToken(owner: TokenOwner, wanted: NewToken): Promise<IssuedToken> {
  return call(pathOf(owner), { method: 'POST', body: wanted });
}

export function revokeToken(owner: TokenOwner, tokenId: string): Promise<void> {
  return call(`${pathOf(owner)}/${id(tokenId)}`, { method: 'DELETE' });
}

export interface KeysState {
  master_key_version: number;
  data_key_version: number;
  data_key_wrapped_by: number;
  token_keys: {
    id: string;
    state: 'next' | 'signing' | 'verifying';
    created_at: string;
    active_from: string;
  }[];
}

export function getKeys(organization: string, signal?: AbortSignal): Promise<KeysState> {
  return call(`/organizations/${id(organization)}/keys`, { signal });
}

export function rotateDataKey(
  organization: string,
  reencrypt: boolean,
): Promise<{ data_key_version: number; job_id?: string }> {
  const body = { reencrypt };
  return call(`/organizations/${id(organization)}/keys/rotate`, { method: 'POST', body });
}
