import { expect, test } from 'vitest';
import {
  addPoint,
  changePoint,
  faultOf,
  kEmptySkeleton,
  movePoint,
  removePoint,
  type SkeletonDraft,
  skeletonDraftOf,
  templateOf,
  toggleBone,
} from './skeletonDraft';

const body: SkeletonDraft = {
  points: [
    { name: 'head', x: 0.5, y: 0 },
    { name: 'hip', x: 0.5, y: 0.5 },
    { name: 'knee', x: 0.4, y: 1 },
  ],
  bones: [
    [0, 1],
    [1, 2],
  ],
};
const named = ({ points, bones }: SkeletonDraft) =>
  bones.map(([from, to]) => `${points[from]?.name}-${points[to]?.name}`);

test('a template comes back as it went in; one without places stands on a circle', () => {
  expect(skeletonDraftOf(templateOf(body))).toEqual(body);
  expect(skeletonDraftOf(undefined)).toBe(kEmptySkeleton);
  const { points } = skeletonDraftOf({ points: ['a', 'b'], edges: [] });
  expect(points).toEqual([
    { name: 'a', x: 0.5, y: 0 },
    { name: 'b', x: 0.5, y: 1 },
  ]);
});

test('a new point has a name of its own and stays in the square', () => {
  const one = addPoint(kEmptySkeleton, -3, 0.12345);
  expect(one.points).toEqual([{ name: 'point_1', x: 0, y: 0.123 }]);
  const renamed = changePoint(one, 0, { name: 'point_2', x: 7 });
  expect(renamed.points[0]).toEqual({ name: 'point_2', x: 1, y: 0.123 });
  expect(addPoint(renamed, 0, 0).points[1]?.name).toBe('point_3');
});

test('bones follow their points when one goes or moves', () => {
  expect(named(removePoint(body, 0))).toEqual(['hip-knee']);
  expect(removePoint(body, 1).bones).toEqual([]);
  const moved = movePoint(body, 0, 2);
  expect(moved.points.map(({ name }) => name)).toEqual(['hip', 'knee', 'head']);
  expect(named(moved)).toEqual(['head-hip', 'hip-knee']);
});

test('two points are joined or parted, whichever comes first', () => {
  const joined = toggleBone(body, 2, 0);
  expect(named(joined)).toEqual(['head-hip', 'hip-knee', 'knee-head']);
  expect(toggleBone(joined, 0, 2).bones).toEqual(body.bones);
  expect(toggleBone(body, 1, 1)).toBe(body);
});

test('what keeps a skeleton from being saved', () => {
  expect(faultOf(kEmptySkeleton)).toBe('empty');
  expect(faultOf(changePoint(body, 1, { name: ' ' }))).toBe('noName');
  expect(faultOf(changePoint(body, 1, { name: ' head ' }))).toBe('sameName');
  expect(faultOf(body)).toBeNull();
});
