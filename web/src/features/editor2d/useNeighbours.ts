/** The images before and after this one, in the order in which one goes through them. */
import { useQueries, useQuery } from '@tanstack/react-query';
import type { Asset } from '@/net/api';
import { listAssetsAt } from '@/net/galleryRoutes';
import { galleryQuery, isFiltered, type GallerySearch } from '../assets/gallerySearch';
import { galleryStartQuery } from '../assets/queries';
import { galleryOf, keptQueue, locate, stepsFrom, type Walk } from '../assets/walk';

const kAhead = 2;
const kPage = 100;
const kFreshMs = 30_000;

export interface Neighbours {
  previous: string | null;
  next: string | null;
  /** What comes next, the nearest first. */
  ahead: readonly string[];
  /** From 1; null until found. */
  position: number | null;
  total: number | null;
  /** Images around this one. */
  known: readonly Asset[];
  /** What the address says of the order, one image on or back. */
  walkTo(direction: 'next' | 'previous'): Walk;
}

export function useNeighbours(
  projectId: string,
  asset: Asset,
  all: number | null,
  walk: Walk,
): Neighbours {
  const around = useAround(projectId, asset, walk);
  const counted = isFiltered(walk);
  const start = useQuery({ ...galleryStartQuery(projectId, galleryOf(walk)), enabled: counted });
  const queue = walk.queue ? keptQueue(projectId) : [];
  const place = queue.indexOf(asset.id);
  if (place >= 0) return inQueue(queue, place, around.known);
  const { steps, itemAt, known } = around;
  const ids = (positions: readonly number[]) =>
    positions.flatMap((position) => itemAt(position)?.id ?? []);
  return {
    previous: itemAt(steps.previousAt)?.id ?? null,
    next: itemAt(steps.nextAt)?.id ?? null,
    ahead: ids(Array.from({ length: kAhead }, (_, index) => steps.nextAt + index)),
    position: steps.at === null ? null : steps.at + 1,
    total: counted ? (start.data?.total ?? null) : all,
    known,
    walkTo: (direction) => ({
      ...galleryOf(walk),
      at: Math.max(0, direction === 'next' ? steps.nextAt : steps.previousAt),
    }),
  };
}

function inQueue(queue: readonly string[], place: number, known: readonly Asset[]): Neighbours {
  return {
    previous: queue[place - 1] ?? null,
    next: queue[place + 1] ?? null,
    ahead: queue.slice(place + 1, place + 1 + kAhead),
    position: place + 1,
    total: queue.length,
    known,
    walkTo: () => ({ queue: true }),
  };
}

/** Where the image is in its gallery, with the images there. */
function useAround(projectId: string, asset: Asset, walk: Walk) {
  const search = galleryOf(walk);
  const plain = !isFiltered(search) && (search.sort ?? 'oldest') === 'oldest';
  const located = useQuery({
    queryKey: ['assets', projectId, 'place', asset.id],
    queryFn: ({ signal }) =>
      locate(
        async (first, limit) => (await listAssetsAt(projectId, {}, first, limit, { signal })).items,
        { id: asset.id, rank: asset.rank ?? 0 },
      ),
    enabled: plain && walk.at === undefined,
    staleTime: kFreshMs,
  });
  const at = walk.at ?? located.data ?? asset.rank ?? 0;
  const from = Math.floor(Math.max(0, at - 1) / kPage);
  const to = Math.floor((at + kAhead) / kPage);
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const pages = useQueries({
    queries: numbers.map((page) => walkPageQuery(projectId, search, page)),
  });
  const itemAt = (position: number) =>
    pages[Math.floor(position / kPage) - from]?.data?.[position % kPage];
  const range = { from: from * kPage, to: (to + 1) * kPage - 1 };
  const known = pages.flatMap((page) => page.data ?? []);
  return { steps: stepsFrom(itemAt, { id: asset.id, at, ...range }), itemAt, known };
}

/**
 * A filtered walk keeps the list with which it began: what is labelled on the way would leave it,
 * and everything after would move up.
 */
function walkPageQuery(projectId: string, search: GallerySearch, page: number) {
  const query = galleryQuery(search);
  const filtered = isFiltered(search);
  return {
    queryKey: filtered
      ? ['walk', projectId, query, page]
      : ['assets', projectId, 'walk', query, page],
    queryFn: async ({ signal }: { signal: AbortSignal }) =>
      (await listAssetsAt(projectId, query, page * kPage, kPage, { signal })).items,
    staleTime: filtered ? Infinity : kFreshMs,
  };
}
