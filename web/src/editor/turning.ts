/** Turning shapes about the middle of where they lie. */
import type { Point, Shape } from '../kernel/records';
import { normalDegrees } from './orientedBox';
import { rotateAbout, type Bounds } from './outline';
import { mapPoints, round64 } from './transform';

const kTurning: ReadonlySet<Shape['type']> = new Set([
  'box',
  'ellipse',
  'polygon',
  'polyline',
  'points',
  'skeleton',
]);

export function canTurn(shape: Shape): boolean {
  return kTurning.has(shape.type);
}

export function withRotation<S extends { rotation?: number }>(shape: S, degrees: number): S {
  const rotation = round64(normalDegrees(degrees));
  const { rotation: _before, ...rest } = shape;
  return (rotation === 0 ? rest : { ...rest, rotation }) as S;
}

/** Clockwise by so many degrees. */
export function turnShape(shape: Shape, bounds: Bounds, degrees: number): Shape {
  if (shape.type === 'box' || shape.type === 'ellipse') {
    return withRotation(shape, (shape.rotation ?? 0) + degrees);
  }
  const centre: Point = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2];
  return mapPoints(shape, (point) => rotateAbout(point, centre, degrees));
}
