/**
 * Where an image is in its gallery, with the images there. The position in the address is a guess:
 * images before it may have been deleted, or have left the gallery, since it was made.
 */
import { useQueries, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { Asset } from '@/net/api';
import { listAssetsAt, listAssetsBeyond } from '@/net/galleryRoutes';
import { galleryQuery, isFiltered, type GallerySearch } from '../assets/gallerySearch';
import { cursorOf, galleryOf, locate, reversed, stepsFrom, type Walk } from '../assets/walk';

const kPage = 100;
const kMargin = 2;
const kFreshMs = 30_000;

type Direction = 'next' | 'previous';

export function useAround(projectId: string, asset: Asset, walk: Walk) {
  const client = useQueryClient();
  const search = galleryOf(walk);
  const inRank = (search.sort ?? 'oldest') === 'oldest';
  const guess = walk.at ?? asset.rank ?? 0;
  const first = useLoaded(client, projectId, search, guess);
  const missed = first.settled && first.stepsOf(asset.id, guess).at === null;
  const located = useQuery({
    queryKey: ['assets', projectId, 'place', galleryQuery(search), asset.id],
    queryFn: ({ signal }) =>
      locate(
        async (from, limit) =>
          (await listAssetsAt(projectId, galleryQuery(search), from, limit, { signal })).items,
        { id: asset.id, rank: asset.rank ?? 0 },
      ),
    enabled: inRank && missed,
    staleTime: kFreshMs,
  });
  const at = missed ? (located.data ?? guess) : guess;
  const loaded = useLoaded(client, projectId, search, at);
  const steps = loaded.stepsOf(asset.id, at);
  const lost = missed && loaded.settled && !located.isFetching && steps.at === null;
  const beside = useBeside(projectId, asset, search, lost);
  const towards = (direction: Direction, count: number): readonly string[] => {
    const there = lost ? beside[direction] : null;
    if (there) return there.slice(0, count).map(({ id }) => id);
    if (missed && !lost && steps.at === null) return [];
    const begin = direction === 'next' ? steps.nextAt : steps.previousAt;
    const by = direction === 'next' ? 1 : -1;
    return Array.from({ length: count }, (_, index) => begin + by * index).flatMap(
      (position) => loaded.itemAt(position)?.id ?? [],
    );
  };
  const positionOf = (id: string): number | null => {
    const index = loaded.known.findIndex((item) => item.id === id);
    if (index >= 0) return loaded.from + index;
    const besides = lost ? [...(beside.next ?? []), ...(beside.previous ?? [])] : [];
    return besides.some((item) => item.id === id) ? at : null;
  };
  return { steps, known: loaded.known, towards, positionOf };
}

/** The pages around a position. */
function useLoaded(client: QueryClient, projectId: string, search: GallerySearch, at: number) {
  const from = Math.floor(Math.max(0, at - 1) / kPage);
  const to = Math.floor((at + kMargin) / kPage);
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const pages = useQueries({
    queries: numbers.map((page) => walkPageQuery(client, projectId, search, page)),
  });
  const itemAt = (position: number): Asset | undefined =>
    position < 0 ? undefined : pages[Math.floor(position / kPage) - from]?.data?.[position % kPage];
  const range = { from: from * kPage, to: (to + 1) * kPage - 1 };
  return {
    from: range.from,
    known: pages.flatMap((page) => page.data ?? []),
    settled: pages.every((page) => page.isSuccess),
    itemAt,
    stepsOf: (id: string, position: number) => stepsFrom(itemAt, { id, at: position, ...range }),
  };
}

/** What the server has behind and before an image that its gallery does not hold (any more). */
function useBeside(projectId: string, asset: Asset, search: GallerySearch, wanted: boolean) {
  const back = reversed(search.sort);
  const ask = (order: GallerySearch) => ({
    queryKey: ['assets', projectId, 'beside', galleryQuery(order), asset.id],
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const from = { cursor: cursorOf(asset, order.sort), skip: 0 };
      const query = galleryQuery(order);
      return (await listAssetsBeyond(projectId, query, from, kPage, signal)).items;
    },
    staleTime: kFreshMs,
  });
  const next = useQuery({ ...ask(search), enabled: wanted });
  const previous = useQuery({
    ...ask({ ...search, sort: back ?? search.sort }),
    enabled: wanted && back !== null,
  });
  return { next: next.data, previous: back === null ? undefined : previous.data };
}

/**
 * A filtered walk keeps the list with which it began: what is labelled on the way would leave it,
 * and everything after would move up. Its pages join by what the one before ends with.
 */
function walkPageQuery(
  client: QueryClient,
  projectId: string,
  search: GallerySearch,
  page: number,
) {
  const query = galleryQuery(search);
  const filtered = isFiltered(search);
  const keyOf = (number: number) =>
    filtered ? ['walk', projectId, query, number] : ['assets', projectId, 'walk', query, number];
  return {
    queryKey: keyOf(page),
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const before = filtered ? client.getQueryData<readonly Asset[]>(keyOf(page - 1)) : undefined;
      const last = before?.at(-1);
      if (!last)
        return (await listAssetsAt(projectId, query, page * kPage, kPage, { signal })).items;
      const from = { cursor: cursorOf(last, search.sort), skip: 0 };
      return (await listAssetsBeyond(projectId, query, from, kPage, signal)).items;
    },
    staleTime: filtered ? Infinity : kFreshMs,
  };
}
