import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Asset } from '@/net/api';
import { getHistogram, listAssetsAt } from '@/net/galleryRoutes';
import { listAssets } from '@/net/routes';
import { pageSize } from './assetPages';
import { type GallerySearch, galleryQuery } from './gallerySearch';

const unfinished: readonly string[] = ['uploading', 'pending', 'queued', 'processing'];

export function isUnfinished(status: string): boolean {
  return unfinished.includes(status);
}

// Thumbnails of new images appear by themselves.
function refetchMs(items: readonly Asset[]): number | false {
  return items.some((asset) => isUnfinished(asset.status)) ? 2000 : false;
}

export function assetsQuery(projectId: string) {
  return infiniteQueryOptions({
    queryKey: ['assets', projectId],
    queryFn: ({ pageParam, signal }) =>
      listAssets(projectId, { cursor: pageParam || undefined, limit: pageSize }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
    refetchInterval: (query) =>
      refetchMs(query.state.data?.pages.flatMap((page) => page.items) ?? []),
  });
}

/** The first page of a gallery and how many images there are in it. */
export function galleryStartQuery(projectId: string, search: GallerySearch) {
  const query = galleryQuery(search);
  return queryOptions({
    queryKey: ['assets', projectId, 'gallery', query],
    queryFn: ({ signal }) => listAssetsAt(projectId, query, 0, pageSize, { count: true, signal }),
    refetchInterval: (state) => refetchMs(state.state.data?.items ?? []),
  });
}

export function histogramQuery(projectId: string) {
  return queryOptions({
    queryKey: ['assets', projectId, 'histogram'],
    queryFn: ({ signal }) => getHistogram(projectId, signal),
  });
}
