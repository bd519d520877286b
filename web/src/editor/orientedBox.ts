/** Boxes from what a person points at: a side and a width, or the four extreme points. */
import type { BoxShape, Point } from '../kernel/records';
import { rectBetween, round64 } from './transform';

/** Degrees within (-180, 180], clockwise as the image's y grows downwards. */
export function angleOf(from: Point, to: Point): number {
  return (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI;
}

export function normalDegrees(degrees: number): number {
  const turned = ((degrees % 360) + 360) % 360;
  return turned > 180 ? turned - 360 : turned;
}

/** The box with the side from `a` to `b` whose opposite side goes through `c`. */
export function boxFromSide(a: Point, b: Point, c: Point): BoxShape {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const [ux, uy] = length === 0 ? [1, 0] : [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  // Signed distance of c from the line, along the normal that points down for a side drawn right.
  const depth = (c[0] - a[0]) * -uy + (c[1] - a[1]) * ux;
  const cx = (a[0] + b[0]) / 2 - (uy * depth) / 2;
  const cy = (a[1] + b[1]) / 2 + (ux * depth) / 2;
  const height = Math.abs(depth);
  const box: BoxShape = {
    type: 'box',
    x: round64(cx - length / 2),
    y: round64(cy - height / 2),
    width: round64(length),
    height: round64(height),
  };
  const rotation = round64(upright(angleOf(a, b)));
  return rotation === 0 ? box : { ...box, rotation };
}

/** A box looks the same after half a turn: the reading nearer to upright is kept. */
function upright(degrees: number): number {
  if (degrees > 90) return degrees - 180;
  return degrees <= -90 ? degrees + 180 : degrees;
}

export function boxAround(points: readonly Point[]): BoxShape {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const from: Point = [Math.min(...xs), Math.min(...ys)];
  const { x, y, width, height } = rectBetween(from, [Math.max(...xs), Math.max(...ys)]);
  return {
    type: 'box',
    x: round64(x),
    y: round64(y),
    width: round64(width),
    height: round64(height),
  };
}

/** `to`, so that the line from `from` keeps to multiples of 15 degrees. */
export function heldAngle(from: Point, to: Point): Point {
  const step = Math.PI / 12;
  const angle = Math.round(Math.atan2(to[1] - from[1], to[0] - from[0]) / step) * step;
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  return [from[0] + Math.cos(angle) * length, from[1] + Math.sin(angle) * length];
}
