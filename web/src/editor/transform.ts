/** Moving and stretching shapes: a shape in, a new shape out, coordinates rounded to 1/64 pixel. */
import type { Kernel } from '../kernel/kernel';
import type { BoxShape, Point, Shape } from '../kernel/records';
import { translateMask } from './masks/moveMask';
import { rotateAbout, type Bounds } from './outline';
import type { Rect, Size } from './camera';

/** A box's grips, clockwise from the top left. */
export type Grip = 'nw' | 'n' | 'ne' | 'e' | 'se' | 's' | 'sw' | 'w';

export const kGrips: readonly Grip[] = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'];

export function round64(value: number): number {
  return Math.round(value * 64) / 64;
}

export function canMove(shape: Shape): boolean {
  return !['tag', 'unknown', 'cuboid'].includes(shape.type);
}

export function translateShape(shape: Shape, dx: number, dy: number, kernel: Kernel): Shape {
  switch (shape.type) {
    case 'mask':
      return translateMask(kernel, shape, dx, dy);
    case 'box':
      return { ...shape, x: round64(shape.x + dx), y: round64(shape.y + dy) };
    case 'ellipse':
      return { ...shape, cx: round64(shape.cx + dx), cy: round64(shape.cy + dy) };
    default:
      return mapPoints(shape, ([x, y]) => [x + dx, y + dy]);
  }
}

/** `shape` with each of its points put elsewhere; a shape without points stays as it is. */
export function mapPoints(shape: Shape, place: (point: Point) => Point): Shape {
  const move = (point: Point): Point => {
    const [x, y] = place(point);
    return [round64(x), round64(y)];
  };
  switch (shape.type) {
    case 'polyline':
    case 'points':
    case 'cuboid_2d':
      return { ...shape, points: shape.points.map(move) };
    case 'polygon':
      return {
        ...shape,
        ...(shape.points && { points: shape.points.map(move) }),
        ...(shape.parts && {
          parts: shape.parts.map((part) => ({
            ...part,
            points: part.points.map(move),
            ...(part.holes && { holes: part.holes.map((hole) => hole.map(move)) }),
          })),
        }),
      };
    case 'skeleton':
      return {
        ...shape,
        points: shape.points.map((joint) => {
          const [x, y] = move([joint.x, joint.y]);
          return { ...joint, x, y };
        }),
      };
    default:
      return shape;
  }
}

/** The largest part of a wanted move that keeps `bounds` on the image (or lets it come back). */
export function limitMove(bounds: Bounds, image: Size, dx: number, dy: number): Point {
  const limit = (wanted: number, low: number, high: number, length: number) => {
    const least = Math.min(0, -low);
    const most = Math.max(0, length - high);
    return Math.min(most, Math.max(least, wanted));
  };
  return [
    limit(dx, bounds[0], bounds[2], image.width),
    limit(dy, bounds[1], bounds[3], image.height),
  ];
}

export function gripPosition(box: BoxShape, grip: Grip): [number, number] {
  const x = grip.includes('w') ? box.x : grip.includes('e') ? box.x + box.width : middle(box, 'x');
  const y = grip.includes('n') ? box.y : grip.includes('s') ? box.y + box.height : middle(box, 'y');
  return rotateAbout([x, y], centreOf(box), box.rotation ?? 0);
}

function middle(box: BoxShape, axis: 'x' | 'y'): number {
  return axis === 'x' ? box.x + box.width / 2 : box.y + box.height / 2;
}

function centreOf(box: BoxShape): [number, number] {
  return [middle(box, 'x'), middle(box, 'y')];
}

const kGripAngles: Record<Grip, number> = {
  n: 0,
  ne: 45,
  e: 90,
  se: 135,
  s: 180,
  sw: 225,
  w: 270,
  nw: 315,
};
const kCursors = ['ns-resize', 'nesw-resize', 'ew-resize', 'nwse-resize'] as const;

/** The arrow that points the way a grip moves, also on a turned box. */
export function gripCursor(grip: Grip, rotation: number): string {
  const angle = (kGripAngles[grip] + rotation) % 180;
  return kCursors[Math.round(((angle + 180) % 180) / 45) % 4]!;
}

export interface ResizeModifiers {
  /** Keep the proportions. */
  square: boolean;
  /** Mirror about the centre. */
  centred: boolean;
}

/** `box` with `grip` pulled to `to`; crossing the opposite side flips it, never negative sizes. */
export function resizeBox(box: BoxShape, grip: Grip, to: Point, keys: ResizeModifiers): BoxShape {
  const rotation = box.rotation ?? 0;
  const centre = centreOf(box);
  const [px, py] = rotateAbout(to, centre, -rotation);
  let x0 = box.x;
  let y0 = box.y;
  let x1 = box.x + box.width;
  let y1 = box.y + box.height;
  if (grip.includes('w')) x0 = px;
  if (grip.includes('e')) x1 = px;
  if (grip.includes('n')) y0 = py;
  if (grip.includes('s')) y1 = py;
  if (keys.square && grip.length === 2 && box.height > 0 && box.width > 0) {
    const scale = Math.max(Math.abs(x1 - x0) / box.width, Math.abs(y1 - y0) / box.height);
    const width = Math.sign(x1 - x0 || 1) * box.width * scale;
    const height = Math.sign(y1 - y0 || 1) * box.height * scale;
    if (grip.includes('w')) x0 = x1 - width;
    else x1 = x0 + width;
    if (grip.includes('n')) y0 = y1 - height;
    else y1 = y0 + height;
  }
  if (keys.centred) {
    if (grip.includes('w')) x1 = 2 * centre[0] - x0;
    if (grip.includes('e')) x0 = 2 * centre[0] - x1;
    if (grip.includes('n')) y1 = 2 * centre[1] - y0;
    if (grip.includes('s')) y0 = 2 * centre[1] - y1;
  }
  const local = rectBetween([x0, y0], [x1, y1]);
  const middleLocal: Point = [local.x + local.width / 2, local.y + local.height / 2];
  const [cx, cy] = rotateAbout(middleLocal, centre, rotation);
  return {
    ...box,
    x: round64(cx - local.width / 2),
    y: round64(cy - local.height / 2),
    width: round64(local.width),
    height: round64(local.height),
  };
}

export function rectBetween(a: Point, b: Point): Rect {
  return {
    x: Math.min(a[0], b[0]),
    y: Math.min(a[1], b[1]),
    width: Math.abs(a[0] - b[0]),
    height: Math.abs(a[1] - b[1]),
  };
}

/** The second corner of a box under Shift: the longer side decides. */
export function squareCorner(from: Point, to: Point): Point {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const side = Math.max(Math.abs(dx), Math.abs(dy));
  return [from[0] + Math.sign(dx || 1) * side, from[1] + Math.sign(dy || 1) * side];
}
