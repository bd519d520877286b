import { infiniteQueryOptions } from '@tanstack/react-query';
import { listAssets } from '@/net/routes';

const pageSize = 100;
const unfinished: readonly string[] = ['uploading', 'pending', 'queued', 'processing'];

export function isUnfinished(status: string): boolean {
  return unfinished.includes(status);
}

export function assetsQuery(projectId: string) {
  return infiniteQueryOptions({
    queryKey: ['assets', projectId],
    queryFn: ({ pageParam, signal }) =>
      listAssets(projectId, { cursor: pageParam || undefined, limit: pageSize }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
    // Thumbnails of new images appear by themselves.
    refetchInterval: (query) => {
      const pages = query.state.data?.pages ?? [];
      return pages.some((page) => page.items.some((asset) => isUnfinished(asset.status)))
        ? 2000
        : false;
    },
  });
}
