import { queryOptions } from '@tanstack/react-query';
import { getMfa } from '@/net/mfaRoutes';

export const mfaQuery = queryOptions({
  queryKey: ['mfa'],
  queryFn: ({ signal }) => getMfa(signal),
});
