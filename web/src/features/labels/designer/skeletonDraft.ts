/** A skeleton's template while it is designed: points with a place, bones by index. Values only. */
import { positionsOf } from '@/editor/skeletons/joints';
import type { SkeletonTemplate } from '@/net/api';
import { moveItem } from '../labelDrafts';

export interface DraftPoint {
  name: string;
  x: number;
  y: number;
}

export interface SkeletonDraft {
  points: readonly DraftPoint[];
  bones: readonly (readonly [number, number])[];
}

export const kEmptySkeleton: SkeletonDraft = { points: [], bones: [] };

const kSteps = 1000;

function unit(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * kSteps) / kSteps;
}

export function skeletonDraftOf(template: SkeletonTemplate | undefined): SkeletonDraft {
  if (!template) return kEmptySkeleton;
  const places = positionsOf(template);
  return {
    points: template.points.map((name, index) => {
      const [x, y] = places[index]!;
      return { name, x: unit(x), y: unit(y) };
    }),
    bones: template.edges,
  };
}

export function templateOf({ points, bones }: SkeletonDraft): SkeletonTemplate {
  return {
    points: points.map((point) => point.name.trim()),
    edges: bones.map(([from, to]) => [from, to]),
    positions: points.map(({ x, y }) => [x, y]),
  };
}

export function addPoint(draft: SkeletonDraft, x: number, y: number): SkeletonDraft {
  const names = new Set(draft.points.map((point) => point.name));
  let number = draft.points.length + 1;
  while (names.has(`point_${number}`)) number += 1;
  const point = { name: `point_${number}`, x: unit(x), y: unit(y) };
  return { ...draft, points: [...draft.points, point] };
}

export function changePoint(
  draft: SkeletonDraft,
  index: number,
  change: Partial<DraftPoint>,
): SkeletonDraft {
  const points = draft.points.map((point, at) => {
    if (at !== index) return point;
    const next = { ...point, ...change };
    return { ...next, x: unit(next.x), y: unit(next.y) };
  });
  return { ...draft, points };
}

export function removePoint(draft: SkeletonDraft, index: number): SkeletonDraft {
  const shift = (at: number) => (at > index ? at - 1 : at);
  return {
    points: draft.points.filter((_, at) => at !== index),
    bones: draft.bones
      .filter((bone) => !bone.includes(index))
      .map(([from, to]) => [shift(from), shift(to)]),
  };
}

export function movePoint(draft: SkeletonDraft, from: number, to: number): SkeletonDraft {
  const order = moveItem([...draft.points.keys()], from, to);
  const place = (index: number) => order.indexOf(index);
  return {
    points: order.map((index) => draft.points[index]!),
    bones: draft.bones.map(([a, b]) => [place(a), place(b)]),
  };
}

/** Joins two points, or parts them where they are joined. */
export function toggleBone(draft: SkeletonDraft, a: number, b: number): SkeletonDraft {
  if (a === b) return draft;
  const same = ([from, to]: readonly [number, number]) =>
    (from === a && to === b) || (from === b && to === a);
  const rest = draft.bones.filter((bone) => !same(bone));
  return { ...draft, bones: rest.length < draft.bones.length ? rest : [...draft.bones, [a, b]] };
}

export type SkeletonFault = 'empty' | 'noName' | 'sameName';

export function faultOf({ points }: SkeletonDraft): SkeletonFault | null {
  if (points.length === 0) return 'empty';
  const names = points.map((point) => point.name.trim());
  if (names.includes('')) return 'noName';
  return new Set(names).size < names.length ? 'sameName' : null;
}
