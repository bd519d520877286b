import { queryOptions } from '@tanstack/react-query';
import { listModels } from '@/net/routes';

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => listModels(signal),
  staleTime: 30_000,
});
