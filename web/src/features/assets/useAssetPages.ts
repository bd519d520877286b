import { useQuery } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useMemo, useSyncExternalStore } from 'react';
import { listAssetsAt } from '@/net/galleryRoutes';
import { AssetPages, pageSize } from './assetPages';
import { type GallerySearch, galleryQuery } from './gallerySearch';
import { galleryStartQuery } from './queries';

/** The gallery's images by position. What refetches "assets" refreshes them. */
export function useAssetPages(projectId: string, search: GallerySearch) {
  const start = useQuery(galleryStartQuery(projectId, search));
  const key = JSON.stringify(galleryQuery(search));
  const pages = useMemo(() => {
    const query = JSON.parse(key) as ReturnType<typeof galleryQuery>;
    return new AssetPages(async (first, signal) => {
      return (await listAssetsAt(projectId, query, first, pageSize, { signal })).items;
    });
  }, [projectId, key]);
  useEffect(() => () => pages.close(), [pages]);
  const first = start.data;
  // Before the grid asks for what it shows: the first page is there already.
  useLayoutEffect(() => {
    if (!first) return;
    pages.refresh();
    pages.put(0, first.items);
  }, [pages, first]);
  useSyncExternalStore(pages.subscribe, pages.getVersion);
  return { start, pages, total: first?.total ?? 0 };
}
