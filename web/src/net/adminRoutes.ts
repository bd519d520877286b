/** The administration of an organization: members, roles, invitations, policies, usage. */
import type { Page, User } from './api';
import { call } from './http';

const id = encodeURIComponent;
const of = (organizationId: string, rest = '') => `/organizations/${id(organizationId)}${rest}`;

export interface Member extends User {
  /** The name of a built-in role, or the id of a custom one. */
  role: string;
  role_name: string;
  created_at: string;
  last_used_at?: string;
  second_factor: boolean;
}

export interface Role {
  id: string;
  name: string;
  description: string;
  built_in: boolean;
  permissions: string[];
  members: number;
  revision: number;
}

export interface RoleInput {
  name: string;
  description: string;
  permissions: string[];
}

export interface PermissionMatrix {
  permissions: string[];
  routes: { method: string; path: string; summary: string; permission?: string }[];
}

export interface Invitation {
  id: string;
  email: string;
  role: string;
  role_name: string;
  state: 'open' | 'accepted' | 'revoked' | 'expired';
  created_at: string;
  expires_at: string;
}

export interface Policy {
  mfa_required: boolean;
  mfa_roles: string[];
  sso_only: boolean;
  idle_minutes: number;
  absolute_hours: number;
  ip_ranges: string[];
  signup_domains: string[];
  token_days_max: number;
}

export interface Limits {
  storage_bytes?: number | null;
  assets?: number | null;
  model_seconds?: number | null;
}

export interface Quota {
  limits: Limits;
  own: Limits;
  server: Limits;
  storage_bytes: number;
  assets: number;
  model_seconds: number;
}

export interface UsageDay {
  date: string;
  assets_added: number;
  bytes_added: number;
  model_seconds: number;
}

export interface InvitationOffer {
  organization: string;
  email: string;
  role_name: string;
  registered: boolean;
}

export function listMembers(
  organizationId: string,
  options: { cursor?: string; limit?: number } = {},
  signal?: AbortSignal,
): Promise<Page<Member>> {
  return call(of(organizationId, '/members'), { query: options, signal });
}

export function giveRole(organizationId: string, userId: string, role: string): Promise<Member> {
  return call(of(organizationId, `/members/${id(userId)}`), { method: 'PATCH', body: { role } });
}

export function removeMember(organizationId: string, userId: string): Promise<void> {
  return call(of(organizationId, `/members/${id(userId)}`), { method: 'DELETE' });
}

export function signMemberOut(organizationId: string, userId: string): Promise<void> {
  return call(of(organizationId, `/members/${id(userId)}/sessions`), { method: 'DELETE' });
}

export function resetMfa(organizationId: string, userId: string): Promise<void> {
  return call(of(organizationId, `/members/${id(userId)}/reset-mfa`), { method: 'POST' });
}

export async function listRoles(organizationId: string, signal?: AbortSignal): Promise<Role[]> {
  return (await call<Page<Role>>(of(organizationId, '/roles'), { signal })).items;
}

/** A new one, or another content of the one of that id. */
export function saveRole(
  organizationId: string,
  roleId: string | null,
  role: RoleInput,
): Promise<Role> {
  if (roleId === null) return call(of(organizationId, '/roles'), { method: 'POST', body: role });
  return call(of(organizationId, `/roles/${id(roleId)}`), { method: 'PATCH', body: role });
}

export function deleteRole(organizationId: string, roleId: string): Promise<void> {
  return call(of(organizationId, `/roles/${id(roleId)}`), { method: 'DELETE' });
}

export function getPermissions(signal?: AbortSignal): Promise<PermissionMatrix> {
  return call('/permissions', { signal });
}

export async function listInvitations(
  organizationId: string,
  signal?: AbortSignal,
): Promise<Invitation[]> {
  const query = { limit: 200 };
  return (await call<Page<Invitation>>(of(organizationId, '/invitations'), { query, signal }))
    .items;
}

export function invite(
  organizationId: string,
  email: string,
  role: string,
): Promise<{ invitation: Invitation; token?: string }> {
  return call(of(organizationId, '/invitations'), { method: 'POST', body: { email, role } });
}

export function revokeInvitation(organizationId: string, invitationId: string): Promise<void> {
  return call(of(organizationId, `/invitations/${id(invitationId)}`), { method: 'DELETE' });
}

export async function getPolicy(organizationId: string, signal?: AbortSignal): Promise<Policy> {
  return (await call<{ policy: Policy }>(of(organizationId, '/policy'), { signal })).policy;
}

export async function savePolicy(organizationId: string, policy: Policy): Promise<Policy> {
  const path = of(organizationId, '/policy');
  return (await call<{ policy: Policy }>(path, { method: 'PATCH', body: policy })).policy;
}

export function renameOrganization(organizationId: string, name: string): Promise<void> {
  return call(of(organizationId), { method: 'PATCH', body: { name } });
}

export function deleteOrganization(organizationId: string): Promise<void> {
  return call(of(organizationId), { method: 'DELETE' });
}

export function getQuota(organizationId: string, signal?: AbortSignal): Promise<Quota> {
  return call(of(organizationId, '/quota'), { signal });
}

export function saveLimits(organizationId: string, limits: Limits): Promise<Quota> {
  return call(of(organizationId, '/quota'), { method: 'PUT', body: limits });
}

export async function listUsage(organizationId: string, signal?: AbortSignal): Promise<UsageDay[]> {
  return (await call<Page<UsageDay>>(of(organizationId, '/usage'), { signal })).items;
}

export function getOffer(token: string, signal?: AbortSignal): Promise<InvitationOffer> {
  return call('/auth/invitation', { method: 'POST', body: { token }, signal, quiet: true });
}

/** Who has an account joins with its password; anyone else makes one, under `name`. */
export function join(token: string, password: string, name?: string): Promise<void> {
  return call('/auth/join', { method: 'POST', body: { token, name, password } });
}

export function acceptInvitation(token: string): Promise<{ id: string }> {
  return call('/auth/accept-invitation', { method: 'POST', body: { token } });
}
