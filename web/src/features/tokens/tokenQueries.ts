import { queryOptions } from '@tanstack/react-query';
import { getKeys, listTokens, type TokenOwner } from '@/net/tokenRoutes';

export function tokensQuery(owner: TokenOwner) {
  return queryOptions({
    queryKey: ['tokens', owner],
    queryFn: ({ signal }) => listTokens(owner, signal),
  });
}

export function keysQuery(organization: string) {
  return queryOptions({
    queryKey: ['keys', organization],
    queryFn: ({ signal }) => getKeys(organization, signal),
  });
}

/** What no token may, whoever makes it. */
const never = new Set([
  'account_self',
  'account_read',
  'service_token_write',
  'organization_delete',
]);

export function scopesOf(permissions: readonly string[]): string[] {
  return permissions.filter((permission) => !never.has(permission));
}
