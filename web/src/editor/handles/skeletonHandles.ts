import type { Point, SkeletonShape } from '../../kernel/records';
import { boundsOfPoints, isPlaceless, moveJoint, placedPoints } from '../skeletons/joints';
import { round64 } from '../transform';
import type { DragKeys, Handle, HandleSet } from './handle';

/** A joint may be called like a corner. */
const kJoint = 'joint:';
const kCorner = 'corner:';
const kCorners = ['nw', 'ne', 'se', 'sw'] as const;
const kLeast = 1 / 64;

/** Joints first: where a corner of the whole lies on one, the joint is meant. */
export const kSkeletonHandles: HandleSet<SkeletonShape> = {
  handles: (shape) => [...jointHandles(shape), ...cornerHandles(shape)],
  drag: (shape, id, to, keys) => {
    if (id.startsWith(kJoint)) return moveJoint(shape, id.slice(kJoint.length), to);
    return resize(shape, id.slice(kCorner.length), to, keys);
  },
  sound: () => true,
};

/** The joint that a handle takes hold of; null for a corner of the whole. */
export function jointOf(handleId: string): string | null {
  return handleId.startsWith(kJoint) ? handleId.slice(kJoint.length) : null;
}

function jointHandles(shape: SkeletonShape): Handle[] {
  return shape.points.flatMap((joint): Handle[] => {
    if (isPlaceless(joint)) return [];
    const look = joint.visibility === 2 ? 'joint' : 'joint_hidden';
    return [{ id: `${kJoint}${joint.name}`, x: joint.x, y: joint.y, look, cursor: 'move' }];
  });
}

function cornerHandles(shape: SkeletonShape): Handle[] {
  const placed = placedPoints(shape);
  if (placed.length < 2) return [];
  const bounds = boundsOfPoints(placed);
  return kCorners.map((corner) => {
    const [x, y] = cornerAt(bounds, corner);
    const cursor = corner === 'nw' || corner === 'se' ? 'nwse-resize' : 'nesw-resize';
    return { id: `${kCorner}${corner}`, x, y, look: 'corner', cursor };
  });
}

function cornerAt([x0, y0, x1, y1]: readonly number[], corner: string): Point {
  return [corner.includes('w') ? x0! : x1!, corner.includes('n') ? y0! : y1!];
}

/** The whole by one corner: the opposite stays, with Alt the centre; Shift keeps proportions. */
function resize(shape: SkeletonShape, corner: string, to: Point, keys: DragKeys): SkeletonShape {
  const placed = placedPoints(shape);
  if (placed.length < 2) return shape;
  const bounds = boundsOfPoints(placed);
  const [x0, y0, x1, y1] = bounds;
  const from = cornerAt(bounds, corner);
  const centre: Point = [(x0 + x1) / 2, (y0 + y1) / 2];
  const fixed: Point = keys.alt ? centre : [x0 + x1 - from[0], y0 + y1 - from[1]];
  let sx = ratio(to[0] - fixed[0], from[0] - fixed[0]);
  let sy = ratio(to[1] - fixed[1], from[1] - fixed[1]);
  if (keys.shift) sx = sy = Math.max(sx, sy);
  const points = shape.points.map((joint) =>
    isPlaceless(joint)
      ? joint
      : {
          ...joint,
          x: round64(fixed[0] + (joint.x - fixed[0]) * sx),
          y: round64(fixed[1] + (joint.y - fixed[1]) * sy),
        },
  );
  return { ...shape, points };
}

/** Never through the fixed corner: left and right would change sides. */
function ratio(wanted: number, before: number): number {
  return before === 0 ? 1 : Math.max(kLeast, wanted / before);
}
