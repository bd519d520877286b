import { infiniteQueryOptions, queryOptions, useInfiniteQuery } from '@tanstack/react-query';
import * as routes from '@/net/adminRoutes';
import { type AuditFilter, listAudit } from '@/net/auditRoutes';

const page = 50;
const memberPage = 200;

/** Everybody, for names and mentions; of very many only the first thousand. */
export function membersQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['members', organizationId],
    queryFn: async ({ signal }) => {
      const items: routes.Member[] = [];
      let cursor: string | undefined;
      do {
        const options = { cursor, limit: memberPage };
        const part = await routes.listMembers(organizationId, options, signal);
        items.push(...part.items);
        cursor = part.next_cursor || undefined;
      } while (cursor && items.length < 1000);
      return { items };
    },
  });
}

export function memberPagesQuery(organizationId: string) {
  return infiniteQueryOptions({
    queryKey: ['members', organizationId, 'pages'],
    queryFn: ({ pageParam, signal }) =>
      routes.listMembers(
        organizationId,
        { cursor: pageParam || undefined, limit: memberPage },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  });
}

/** Those loaded so far. */
export function useMembers(organizationId: string) {
  const query = useInfiniteQuery(memberPagesQuery(organizationId));
  return { query, members: query.data?.pages.flatMap((each) => each.items) ?? [] };
}

export function auditQuery(organizationId: string, filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ['audit', organizationId, filter],
    queryFn: ({ pageParam, signal }) =>
      listAudit(
        organizationId,
        { ...filter, cursor: pageParam || undefined, limit: page },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  });
}

export function rolesQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['roles', organizationId],
    queryFn: ({ signal }) => routes.listRoles(organizationId, signal),
  });
}

export const permissionsQuery = queryOptions({
  queryKey: ['permissions'],
  queryFn: ({ signal }) => routes.getPermissions(signal),
  staleTime: Infinity,
});

export function invitationsQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['invitations', organizationId],
    queryFn: ({ signal }) => routes.listInvitations(organizationId, signal),
  });
}

export function policyQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['policy', organizationId],
    queryFn: ({ signal }) => routes.getPolicy(organizationId, signal),
  });
}

export function quotaQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['quota', organizationId],
    queryFn: ({ signal }) => routes.getQuota(organizationId, signal),
  });
}

export function usageQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['usage', organizationId],
    queryFn: ({ signal }) => routes.listUsage(organizationId, signal),
  });
}
