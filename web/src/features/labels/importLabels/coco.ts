/** The categories of a COCO file, with their keypoints and bones. */
import type { SkeletonTemplate } from '@/net/api';
import { colorOf, isObject, kLimits, Reading, textOf, type Imported, type Json } from './imported';

export function readCoco(categories: readonly unknown[]): Imported {
  const reading = new Reading('coco');
  categories.forEach((item, index) => {
    if (!isObject(item)) return reading.problem(`${index + 1}`, 'labels.import.problems.noLabel');
    const name = textOf(item['name']);
    const skeleton = skeletonOf(item);
    if (!skeleton && hasKeypoints(item)) {
      reading.problem(name, 'labels.import.problems.skeleton');
    }
    const color = colorOf(item['color']);
    reading.add({
      name,
      kind: 'any',
      attributes: [],
      ...(color && { color }),
      ...(skeleton && { skeleton }),
    });
  });
  return reading.done();
}

function hasKeypoints(item: Json): boolean {
  return Array.isArray(item['keypoints']) && item['keypoints'].length > 0;
}

/** Bones count points from 1. What is no bone of two points is left out. */
export function skeletonOf(item: Json): SkeletonTemplate | undefined {
  const points = (Array.isArray(item['keypoints']) ? item['keypoints'] : []).map(textOf);
  const sound = points.length > 0 && points.length <= kLimits.points && points.every(Boolean);
  if (!sound || new Set(points).size !== points.length) return undefined;
  const bones = Array.isArray(item['skeleton']) ? item['skeleton'] : [];
  const edges = bones.flatMap((bone: unknown): [number, number][] => {
    const [from, to] = Array.isArray(bone) ? bone.map((end) => Number(end) - 1) : [];
    const known = (end: number | undefined): end is number =>
      Number.isInteger(end) && end! >= 0 && end! < points.length;
    return known(from) && known(to) && from !== to ? [[from, to]] : [];
  });
  return { points, edges };
}
