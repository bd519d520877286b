import { queryOptions } from '@tanstack/react-query';
import { listProviders } from '@/net/ssoRoutes';

export const providersKey = ['identity providers'];

export const providersQuery = queryOptions({
  queryKey: providersKey,
  queryFn: ({ signal }) => listProviders(signal),
});
