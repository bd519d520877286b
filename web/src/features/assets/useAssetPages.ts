import { useQuery } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useMemo, useSyncExternalStore } from 'react';
import { getMarks, listAssetsAt, listAssetsBeyond } from '@/net/galleryRoutes';
import { AssetPages, pageSize } from './assetPages';
import { anyPlaceIsNear, type GallerySearch, galleryQuery } from './gallerySearch';
import { ListPlaces } from './listPlaces';
import { galleryStartQuery } from './queries';

/** The gallery's images by position. What refetches "assets" refreshes them. */
export function useAssetPages(projectId: string, search: GallerySearch) {
  const start = useQuery(galleryStartQuery(projectId, search));
  const key = JSON.stringify(galleryQuery(search));
  const pages = useMemo(() => {
    const query = JSON.parse(key) as ReturnType<typeof galleryQuery>;
    const places = new ListPlaces(() => getMarks(projectId, query));
    return new AssetPages(
      async (first, signal) => {
        const from = anyPlaceIsNear(query) ? null : await places.find(first);
        const page = from
          ? listAssetsBeyond(projectId, query, from, pageSize, signal)
          : listAssetsAt(projectId, query, first, pageSize, { signal });
        return (await page).items;
      },
      () => places.forget(),
    );
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
