/**
 * Cuboids in perspective. Corners 0 to 3 are the front face, clockwise from the top left, 4 to 7
 * the back face in the same order; corner i and i + 4 are joined by an edge into the depth.
 */
import type { ImageCuboidShape, Point } from '../../kernel/records';
import type { Rect } from '../camera';
import { boundsOf, closedOutline, flatten, ringArea, type Outline } from '../outline';
import { round64 } from '../transform';

/** As seen from outside, each clockwise: right, left, top, bottom. */
const kSides = [
  [1, 5, 6, 2],
  [4, 0, 3, 7],
  [4, 5, 1, 0],
  [3, 2, 6, 7],
] as const;
/** How much smaller the back face of a fresh cuboid looks. */
const kFar = 0.8;

export type FaceId = 'front' | 'back';

export function faceCorners(face: FaceId): readonly number[] {
  return face === 'front' ? [0, 1, 2, 3] : [4, 5, 6, 7];
}

/** The front face and the sides that are turned to us; bounded by all eight corners. */
export function cuboidOutline(shape: ImageCuboidShape): Outline {
  const ring = (corners: readonly number[]) => flatten(corners.map((at) => shape.points[at]!));
  const front = ring(faceCorners('front'));
  const turn = Math.sign(ringArea(front)) || 1;
  const seen = kSides.map(ring).filter((side) => ringArea(side) * turn > 0);
  const all = flatten(shape.points);
  return { ...closedOutline([front, ...seen]), bounds: boundsOf([], all) };
}

/** The face towards us is `front`; the back one has its corner nearest to `toward` there. */
export function cuboidOf(front: Rect, toward: Point, parallel = false): ImageCuboidShape {
  const scale = parallel ? 1 : kFar;
  const width = front.width * scale;
  const height = front.height * scale;
  const right = toward[0] >= front.x + front.width / 2;
  const below = toward[1] >= front.y + front.height / 2;
  const x = right ? toward[0] - width : toward[0];
  const y = below ? toward[1] - height : toward[1];
  return {
    type: 'cuboid_2d',
    points: [...rectCorners(front), ...rectCorners({ x, y, width, height })],
  };
}

function rectCorners({ x, y, width, height }: Rect): Point[] {
  const [x0, y0] = [round64(x), round64(y)];
  const [x1, y1] = [round64(x + width), round64(y + height)];
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

/** Where the depth of a cuboid goes when nobody says: up and to the right. */
export function defaultDepth(front: Rect): Point {
  return [front.x + front.width * 1.25, front.y - front.height * 0.2];
}

export function faceCentre(shape: ImageCuboidShape, face: FaceId): Point {
  const corners = faceCorners(face).map((at) => shape.points[at]!);
  return [
    corners.reduce((sum, [x]) => sum + x, 0) / 4,
    corners.reduce((sum, [, y]) => sum + y, 0) / 4,
  ];
}

export function moveFace(shape: ImageCuboidShape, face: FaceId, to: Point): ImageCuboidShape {
  const [cx, cy] = faceCentre(shape, face);
  const moving = new Set(faceCorners(face));
  const points = shape.points.map(
    ([x, y], at): Point =>
      moving.has(at) ? [round64(x + to[0] - cx), round64(y + to[1] - cy)] : [x, y],
  );
  return { ...shape, points };
}

/**
 * One corner pulled to `to`. The upright edge it belongs to stays upright and a level edge level;
 * `free` moves this corner alone.
 */
export function moveCorner(
  shape: ImageCuboidShape,
  corner: number,
  to: Point,
  free: boolean,
): ImageCuboidShape {
  const face = corner < 4 ? 0 : 4;
  const across = face + [3, 2, 1, 0][corner - face]!;
  const along = face + [1, 0, 3, 2][corner - face]!;
  const [x, y] = [round64(to[0]), round64(to[1])];
  const before = shape.points[corner]!;
  const points = shape.points.map((point, at): Point => {
    if (at === corner) return [x, y];
    if (!free && at === across && point[0] === before[0]) return [x, point[1]];
    if (!free && at === along && point[1] === before[1]) return [point[0], y];
    return point;
  });
  return { ...shape, points };
}
