/** The handles of every shape type that has some. */
import type { Point, Shape } from '../../kernel/records';
import { kBoxHandles } from './boxHandles';
import { kCuboidHandles } from './cuboidHandles';
import { kEllipseHandles } from './ellipseHandles';
import type { DragKeys, Handle, HandleContext, HandleSet } from './handle';
import { kSkeletonHandles } from './skeletonHandles';

type Sets = { readonly [T in Shape['type']]?: HandleSet<Extract<Shape, { type: T }>> };

const kSets: Sets = {
  box: kBoxHandles,
  cuboid_2d: kCuboidHandles,
  skeleton: kSkeletonHandles,
  ellipse: kEllipseHandles,
};

function setOf(shape: Shape): HandleSet<Shape> | undefined {
  return kSets[shape.type] as HandleSet<Shape> | undefined;
}

export function handlesOf(shape: Shape, context: HandleContext): Handle[] {
  return setOf(shape)?.handles(shape, context) ?? [];
}

export function dragHandle(shape: Shape, id: string, to: Point, keys: DragKeys): Shape {
  return setOf(shape)?.drag(shape, id, to, keys) ?? shape;
}

export function isSound(shape: Shape): boolean {
  return setOf(shape)?.sound(shape) ?? true;
}
