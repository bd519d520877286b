/**
 * The order in which images are gone through: a gallery's with its filters, from a position on, or
 * a list that was put together elsewhere. The address says which, so that a reload keeps it.
 */
import type { Asset } from '@/net/api';
import { gallerySearch, type AssetOrder, type GallerySearch } from './gallerySearch';

export interface Walk extends GallerySearch {
  /** Where in the gallery the image was when it was opened. */
  at?: number;
  /** Through the list kept by `keepQueue`. */
  queue?: true;
}

export function walkOf(raw: Record<string, unknown>): Walk {
  const { at, queue } = raw;
  return {
    ...gallerySearch(raw),
    at: typeof at === 'number' && Number.isSafeInteger(at) && at >= 0 ? at : undefined,
    queue: queue === true ? true : undefined,
  };
}

/** The gallery that a walk goes through. */
export function galleryOf({ at: _at, queue: _queue, ...search }: Walk): GallerySearch {
  return search;
}

const queueKey = (projectId: string) => `annotateai.queue.${projectId}`;

/** For this tab alone, as its address is. */
export function keepQueue(projectId: string, ids: readonly string[]): void {
  try {
    sessionStorage.setItem(queueKey(projectId), JSON.stringify(ids));
  } catch {
    // Without room for it, next and previous go by the project's order.
  }
}

export function keptQueue(projectId: string): readonly string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(queueKey(projectId)) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

export interface Steps {
  /** Where the image is; null until known. */
  at: number | null;
  /** Where next and previous begin to be: an image may have left the gallery by what was done. */
  nextAt: number;
  previousAt: number;
}

/** `itemAt` gives what is known; `from` to `to` is looked through for the image. */
export function stepsFrom(
  itemAt: (position: number) => Asset | undefined,
  { id, at, from, to }: { id: string; at: number; from: number; to: number },
): Steps {
  const here = (position: number) => itemAt(position)?.id === id;
  let found = here(at) ? at : null;
  for (let position = from; found === null && position <= to; position++) {
    if (here(position)) found = position;
  }
  if (found !== null) return { at: found, nextAt: found + 1, previousAt: found - 1 };
  return { at: null, nextAt: at, previousAt: at - 1 };
}

/** Where a list in this order goes on behind an image, whatever was deleted and wherever it is. */
export function cursorOf({ rank = 0, filename }: Asset, sort: AssetOrder = 'oldest'): string {
  return sort === 'name' ? `${rank}/${filename}` : String(rank);
}

/** The order that goes the other way; none for names. */
export function reversed(sort: AssetOrder = 'oldest'): AssetOrder | null {
  return sort === 'name' ? null : sort === 'oldest' ? 'newest' : 'oldest';
}

const kLocatePage = 100;

/**
 * The position of an image among all or some of the project's, in their own order. Ranks are
 * positions with gaps where images are missing: it is at its rank or before.
 */
export async function locate(
  fetchPage: (first: number, limit: number) => Promise<readonly Asset[]>,
  { id, rank }: { id: string; rank: number },
): Promise<number | null> {
  let [low, high] = [0, rank];
  let wanted = rank;
  for (let tries = 0; low <= high; tries++) {
    const first = Math.max(0, wanted - kLocatePage / 2);
    const items = await fetchPage(first, kLocatePage);
    const index = items.findIndex((item) => item.id === id);
    if (index >= 0) return first + index;
    const [lowest, highest] = [items[0]?.rank, items.at(-1)?.rank];
    const beyond = highest !== undefined && highest < rank;
    // What comes last is before it.
    if (beyond && items.length < kLocatePage) return null;
    if (beyond) low = first + items.length;
    else if (lowest === undefined || lowest > rank) high = first - 1;
    else return null;
    // So many ranks apart are so many positions at most; a project full of gaps is halved.
    const nearest = lowest !== undefined && lowest > rank ? first - (lowest - rank) : high;
    wanted = tries < 2 ? Math.max(low, Math.min(high, nearest)) : Math.floor((low + high) / 2);
  }
  return null;
}
