import { queryOptions } from '@tanstack/react-query';
import { listOrganizations } from '@/net/accountRoutes';

export const organizationsQuery = queryOptions({
  queryKey: ['organizations'],
  queryFn: ({ signal }) => listOrganizations(signal),
  staleTime: 60_000,
});
