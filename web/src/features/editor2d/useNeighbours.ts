/** The images before and after this one, in the order in which one goes through them. */
import { useQuery } from '@tanstack/react-query';
import type { Asset } from '@/net/api';
import { isFiltered } from '../assets/gallerySearch';
import { galleryStartQuery } from '../assets/queries';
import { galleryOf, keptQueue, type Walk } from '../assets/walk';
import { useAround } from './useAround';

const kAhead = 2;
/** So many in a row may be gone when one goes on. */
const kCandidates = 20;

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
  /** Those that come in a direction, the nearest first. */
  towards(direction: 'next' | 'previous'): readonly string[];
  /** What the address of an image says of the order: nothing where it is no part of it. */
  walkAt(assetId: string): Walk;
}

export function useNeighbours(
  projectId: string,
  asset: Asset,
  all: number | null,
  walk: Walk,
): Neighbours {
  const around = useAround(projectId, asset, walk);
  const counted = isFiltered(galleryOf(walk));
  const start = useQuery({ ...galleryStartQuery(projectId, galleryOf(walk)), enabled: counted });
  const queue = walk.queue ? keptQueue(projectId) : [];
  const place = queue.indexOf(asset.id);
  if (place >= 0) return inQueue(queue, place, around.known);
  const { steps, positionOf, known } = around;
  const next = around.towards('next', kCandidates);
  return {
    previous: around.towards('previous', 1)[0] ?? null,
    next: next[0] ?? null,
    ahead: next.slice(0, kAhead),
    position: steps.at === null ? null : steps.at + 1,
    total: counted ? (start.data?.total ?? null) : all,
    known,
    towards: (direction) => around.towards(direction, kCandidates),
    walkAt: (id) => {
      const at = positionOf(id);
      return at === null ? {} : { ...galleryOf(walk), at };
    },
  };
}

function inQueue(queue: readonly string[], place: number, known: readonly Asset[]): Neighbours {
  const before = queue.slice(Math.max(0, place - kCandidates), place).reverse();
  const after = queue.slice(place + 1, place + 1 + kCandidates);
  return {
    previous: before[0] ?? null,
    next: after[0] ?? null,
    ahead: after.slice(0, kAhead),
    position: place + 1,
    total: queue.length,
    known,
    towards: (direction) => (direction === 'next' ? after : before),
    walkAt: (id) => (queue.includes(id) ? { queue: true } : {}),
  };
}
