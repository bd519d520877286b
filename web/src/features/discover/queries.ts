import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { QueueStrategy } from '@/net/api';
import { getEmbeddings, listDuplicates, listQueue, searchAssets } from '@/net/routes';

const shownMax = 100;

export function embeddingsQuery(projectId: string) {
  return queryOptions({
    queryKey: ['embeddings', projectId],
    queryFn: ({ signal }) => getEmbeddings(projectId, signal),
    staleTime: 30_000,
  });
}

export interface Wanted {
  text?: string;
  assetId?: string;
}

export function searchQuery(projectId: string, wanted: Wanted) {
  return queryOptions({
    queryKey: ['search', projectId, wanted],
    queryFn: ({ signal }) =>
      searchAssets(
        projectId,
        { text: wanted.text, asset_id: wanted.assetId, limit: shownMax },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
}

export function duplicatesQuery(projectId: string, minSimilarity: number | null) {
  return queryOptions({
    queryKey: ['duplicates', projectId, minSimilarity],
    queryFn: ({ signal }) => listDuplicates(projectId, minSimilarity, signal),
    placeholderData: keepPreviousData,
  });
}

export function queueQuery(projectId: string, strategy: QueueStrategy) {
  return queryOptions({
    queryKey: ['queue', projectId, strategy],
    queryFn: ({ signal }) => listQueue(projectId, { strategy, limit: shownMax }, signal),
  });
}
