/** The images before and after this one, in the project's order. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { assetsQuery } from '../assets/queries';

const kAhead = 2;

export interface Neighbours {
  previous: string | null;
  next: string | null;
  /** What comes next, the nearest first. */
  ahead: readonly string[];
  /** From 1; null until found. */
  position: number | null;
  total: number | null;
}

export function useNeighbours(
  projectId: string,
  assetId: string,
  total: number | null,
): Neighbours {
  const query = useInfiniteQuery(assetsQuery(projectId));
  const assets = query.data?.pages.flatMap((page) => page.items) ?? [];
  const index = assets.findIndex((asset) => asset.id === assetId);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  // The page beyond is fetched when the image is not in sight or is the last one in sight.
  const wanting = query.data !== undefined && (index < 0 || index === assets.length - 1);
  useEffect(() => {
    if (wanting && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [wanting, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return {
    previous: index > 0 ? (assets[index - 1]?.id ?? null) : null,
    next: index >= 0 ? (assets[index + 1]?.id ?? null) : null,
    ahead: index >= 0 ? assets.slice(index + 1, index + 1 + kAhead).map(({ id }) => id) : [],
    position: index >= 0 ? index + 1 : null,
    total: hasNextPage ? total : assets.length || total,
  };
}
