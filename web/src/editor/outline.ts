/**
 * What a shape looks like as lines: closed and open paths and lone marks, in image pixels. Every
 * shape type becomes one of these, so drawing, hit testing and the raster worker know no types.
 */
import type { Kernel } from '../kernel/kernel';
import { cuboidOutline } from './cuboids/cuboid';
import { polygonParts, type BoxShape, type EllipseShape, type Shape } from '../kernel/records';

/** `[x0, y0, x1, y1]` in image pixels. */
export type Bounds = readonly [number, number, number, number];

export interface OutlinePath {
  /** x0, y0, x1, y1, ... */
  readonly points: Float32Array;
  readonly closed: boolean;
}

export interface Outline {
  readonly bounds: Bounds;
  readonly paths: readonly OutlinePath[];
  /** Lone points, as x, y pairs. */
  readonly marks: Float32Array;
  readonly filled: boolean;
}

const kNoMarks = new Float32Array(0);
const kEllipseSegments = 64;
/** Half a pixel: the outline of a mask stays on the pixel edges it stands for. */
const kMaskTolerance = 0.5;

export const kEmptyOutline: Outline = {
  bounds: [0, 0, 0, 0],
  paths: [],
  marks: kNoMarks,
  filled: false,
};

export function boundsOf(paths: readonly OutlinePath[], marks: Float32Array): Bounds {
  let x0 = Infinity;
  let y0 = Infinity;
  let x1 = -Infinity;
  let y1 = -Infinity;
  const take = (values: Float32Array) => {
    for (let i = 0; i + 1 < values.length; i += 2) {
      const x = values[i]!;
      const y = values[i + 1]!;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
    }
  };
  for (const path of paths) take(path.points);
  take(marks);
  return x0 <= x1 ? [x0, y0, x1, y1] : [0, 0, 0, 0];
}

export function flatten(points: readonly (readonly [number, number])[]): Float32Array {
  const out = new Float32Array(points.length * 2);
  points.forEach(([x, y], i) => {
    out[2 * i] = x;
    out[2 * i + 1] = y;
  });
  return out;
}

export function closedOutline(rings: readonly Float32Array[]): Outline {
  const paths = rings.map((points) => ({ points, closed: true }));
  return { bounds: boundsOf(paths, kNoMarks), paths, marks: kNoMarks, filled: true };
}

/** Corners clockwise from the top left, turned about the centre. */
export function boxCorners(box: BoxShape): [number, number][] {
  const { x, y, width, height, rotation = 0 } = box;
  const corners: [number, number][] = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
  if (rotation === 0) return corners;
  return corners.map((corner) => rotateAbout(corner, [x + width / 2, y + height / 2], rotation));
}

export function rotateAbout(
  point: readonly [number, number],
  centre: readonly [number, number],
  degrees: number,
): [number, number] {
  const angle = (degrees * Math.PI) / 180;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const dx = point[0] - centre[0];
  const dy = point[1] - centre[1];
  return [centre[0] + dx * cos - dy * sin, centre[1] + dx * sin + dy * cos];
}

function ellipseRing(shape: EllipseShape): [number, number][] {
  const ring: [number, number][] = [];
  for (let i = 0; i < kEllipseSegments; i++) {
    const angle = (2 * Math.PI * i) / kEllipseSegments;
    const point: [number, number] = [
      shape.cx + shape.rx * Math.cos(angle),
      shape.cy + shape.ry * Math.sin(angle),
    ];
    ring.push(rotateAbout(point, [shape.cx, shape.cy], shape.rotation ?? 0));
  }
  return ring;
}

/** Most shapes of a crowd are these. */
function uprightBox({ x, y, width, height }: BoxShape): Outline {
  const points = new Float32Array([x, y, x + width, y, x + width, y + height, x, y + height]);
  const [x0, y0, x1, , , y1] = points;
  const paths = [{ points, closed: true }];
  return { bounds: [x0!, y0!, x1!, y1!], paths, marks: kNoMarks, filled: true };
}

/** Null for a shape without a place on the image (a tag). */
export function outlineOf(shape: Shape, kernel: Kernel): Outline | null {
  switch (shape.type) {
    case 'box':
      return shape.rotation ? closedOutline([flatten(boxCorners(shape))]) : uprightBox(shape);
    case 'ellipse':
      return closedOutline([flatten(ellipseRing(shape))]);
    case 'polygon':
      return closedOutline(
        polygonParts(shape).flatMap((part) => [part.points, ...(part.holes ?? [])].map(flatten)),
      );
    case 'mask':
      return closedOutline(kernel.maskOutline(shape.rle, kMaskTolerance));
    case 'polyline': {
      const paths = [{ points: flatten(shape.points), closed: false }];
      return { bounds: boundsOf(paths, kNoMarks), paths, marks: kNoMarks, filled: false };
    }
    case 'points':
      return markOutline(flatten(shape.points));
    case 'skeleton':
      return markOutline(
        flatten(shape.points.filter((p) => p.visibility > 0).map((p) => [p.x, p.y] as const)),
      );
    case 'cuboid_2d':
      return cuboidOutline(shape);
    case 'tag':
      return null;
    default:
      return boundsOutline(shape, kernel);
  }
}

function markOutline(marks: Float32Array): Outline {
  return { bounds: boundsOf([], marks), paths: [], marks, filled: false };
}

function boundsOutline(shape: Shape, kernel: Kernel): Outline | null {
  const bounds = kernel.shapeBounds(shape);
  if (bounds === null) return null;
  const [x0, y0, x1, y1] = bounds;
  return closedOutline([new Float32Array([x0, y0, x1, y0, x1, y1, x0, y1])]);
}

export function outlineArea(outline: Outline): number {
  let area = 0;
  for (const { points, closed } of outline.paths) {
    if (closed) area += ringArea(points);
  }
  return Math.abs(area);
}

/** Signed: holes run the other way round. */
export function ringArea(points: Float32Array): number {
  let sum = 0;
  const count = points.length / 2;
  for (let i = 0, j = count - 1; i < count; j = i++) {
    sum += points[2 * j]! * points[2 * i + 1]! - points[2 * i]! * points[2 * j + 1]!;
  }
  return sum / 2;
}

/** Even-odd over all closed paths. */
export function containsPoint(outline: Outline, x: number, y: number): boolean {
  let inside = false;
  for (const { points, closed } of outline.paths) {
    if (!closed) continue;
    for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
      const yi = points[i + 1]!;
      const yj = points[j + 1]!;
      if (yi > y === yj > y) continue;
      const cross = points[i]! + ((y - yi) / (yj - yi)) * (points[j]! - points[i]!);
      if (x < cross) inside = !inside;
    }
  }
  return inside;
}

export interface EdgeHit {
  distance: number;
  path: number;
  /** Edge from vertex `index` to the next one. */
  index: number;
  x: number;
  y: number;
}

/** The nearest point on any path. */
export function nearestEdge(outline: Outline, x: number, y: number): EdgeHit | null {
  let best: EdgeHit | null = null;
  outline.paths.forEach(({ points, closed }, path) => {
    const count = points.length / 2;
    const edges = closed ? count : count - 1;
    for (let i = 0; i < edges; i++) {
      const j = (i + 1) % count;
      const at = nearestOnSegment(points, i, j, x, y);
      if (best === null || at.distance < best.distance) best = { ...at, path, index: i };
    }
  });
  return best;
}

function nearestOnSegment(points: Float32Array, i: number, j: number, x: number, y: number) {
  const ax = points[2 * i]!;
  const ay = points[2 * i + 1]!;
  const dx = points[2 * j]! - ax;
  const dy = points[2 * j + 1]! - ay;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / length;
  const t = Math.min(1, Math.max(0, along));
  const px = ax + t * dx;
  const py = ay + t * dy;
  return { distance: Math.hypot(x - px, y - py), x: px, y: py };
}
