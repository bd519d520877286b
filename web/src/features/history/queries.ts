import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { listBlame, listHistory, listObjectHistory } from '@/net/historyRoutes';

const kPage = 100;

export function historyQuery(assetId: string) {
  return infiniteQueryOptions({
    queryKey: ['history', assetId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      listHistory(assetId, { limit: kPage, ...(pageParam && { before: pageParam }) }, signal),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 2000,
  });
}

export function objectHistoryQuery(id: string, nameOf: (userId: string) => string | null) {
  return queryOptions({
    queryKey: ['object-history', id],
    queryFn: ({ signal }) => listObjectHistory(id, nameOf, signal),
    staleTime: 2000,
  });
}

export function blameQuery(assetId: string) {
  return queryOptions({
    queryKey: ['blame', assetId],
    queryFn: ({ signal }) => listBlame(assetId, signal),
    staleTime: 2000,
    retry: false,
  });
}
