import { queryOptions } from '@tanstack/react-query';
import { getModel, listModels } from '@/net/routes';

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => listModels(signal),
  staleTime: 30_000,
});

export function modelQuery(modelId: string) {
  return queryOptions({
    queryKey: ['models', modelId],
    queryFn: ({ signal }) => getModel(modelId, signal),
    staleTime: 30_000,
  });
}
