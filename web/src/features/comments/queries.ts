import { queryOptions } from '@tanstack/react-query';
import { listThreads, listUnreadMentions } from '@/net/threads';

export function threadsQuery(assetId: string) {
  return queryOptions({
    queryKey: ['threads', assetId],
    queryFn: ({ signal }) => listThreads(assetId, signal),
    staleTime: 10_000,
    retry: 1,
  });
}

const kMentionsEveryMs = 60_000;

export const mentionsQuery = queryOptions({
  queryKey: ['mentions'],
  queryFn: ({ signal }) => listUnreadMentions(signal),
  staleTime: 20_000,
  refetchInterval: kMentionsEveryMs,
  refetchOnWindowFocus: true,
  retry: false,
});
