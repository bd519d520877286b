import { queryOptions } from '@tanstack/react-query';
import { getMe } from '@/net/routes';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getMe(signal),
  staleTime: 5 * 60_000,
});
