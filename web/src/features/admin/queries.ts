import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { listAudit, listMembers } from '@/net/routes';

const auditPage = 50;

export function membersQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['members', organizationId],
    queryFn: ({ signal }) => listMembers(organizationId, signal),
  });
}

export function auditQuery(organizationId: string) {
  return infiniteQueryOptions({
    queryKey: ['audit', organizationId],
    queryFn: ({ pageParam, signal }) =>
      listAudit(organizationId, { cursor: pageParam || undefined, limit: auditPage }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  });
}
