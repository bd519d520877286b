/** A shape as the numbers that a person may type, and the shape that typed numbers make. */
import type { MessageKey } from '../i18n/i18n';
import type { Kernel } from '../kernel/kernel';
import type { Shape } from '../kernel/records';
import type { Bounds } from './outline';
import { canMove, mapPoints, round64, translateShape } from './transform';
import { withRotation } from './turning';

export interface ShapeNumber {
  name: string;
  title: MessageKey;
  value: number;
  /** Null when the number makes no shape. */
  change(value: number): Shape | null;
}

export function numbersOf(shape: Shape, bounds: Bounds, kernel: Kernel): ShapeNumber[] {
  if (shape.type === 'box') {
    const field = fieldOf(shape);
    return [
      field('x', 'tools.numeric.x'),
      field('y', 'tools.numeric.y'),
      field('width', 'tools.numeric.width', 1),
      field('height', 'tools.numeric.height', 1),
      angle(shape),
    ];
  }
  if (shape.type === 'ellipse') {
    const field = fieldOf(shape);
    return [
      field('cx', 'tools.numeric.centreX'),
      field('cy', 'tools.numeric.centreY'),
      field('rx', 'tools.numeric.radiusX', 0.5),
      field('ry', 'tools.numeric.radiusY', 0.5),
      angle(shape),
    ];
  }
  return canMove(shape) ? boundsNumbers(shape, bounds, kernel) : [];
}

function fieldOf<S extends Shape>(shape: S) {
  return (name: keyof S & string, title: MessageKey, least = -Infinity): ShapeNumber => ({
    name,
    title,
    value: shape[name] as number,
    change: (value) => (value < least ? null : { ...shape, [name]: round64(value) }),
  });
}

function angle(shape: Shape & { rotation?: number }): ShapeNumber {
  const value = shape.rotation ?? 0;
  return {
    name: 'rotation',
    title: 'tools.numeric.angle',
    value,
    change: (degrees) => withRotation(shape, degrees),
  };
}

/** Moved and stretched as a whole. */
function boundsNumbers(shape: Shape, [x0, y0, x1, y1]: Bounds, kernel: Kernel): ShapeNumber[] {
  const [width, height] = [x1 - x0, y1 - y0];
  const stretch = (sx: number, sy: number) =>
    mapPoints(shape, ([x, y]) => [x0 + (x - x0) * sx, y0 + (y - y0) * sy]);
  const place: ShapeNumber[] = [
    {
      name: 'x',
      title: 'tools.numeric.x',
      value: x0,
      change: (value) => translateShape(shape, value - x0, 0, kernel),
    },
    {
      name: 'y',
      title: 'tools.numeric.y',
      value: y0,
      change: (value) => translateShape(shape, 0, value - y0, kernel),
    },
  ];
  if (shape.type === 'mask') return place;
  const size: ShapeNumber[] = [
    {
      name: 'width',
      title: 'tools.numeric.width',
      value: width,
      change: (value) => (value < 1 ? null : stretch(value / width, 1)),
    },
    {
      name: 'height',
      title: 'tools.numeric.height',
      value: height,
      change: (value) => (value < 1 ? null : stretch(1, value / height)),
    },
  ];
  // A lone point or a straight line has nothing to stretch.
  return [...place, ...size.filter(({ value }) => value > 0)];
}
