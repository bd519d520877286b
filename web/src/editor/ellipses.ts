import type { EllipseShape } from '../kernel/records';
import type { Rect } from './camera';
import { round64 } from './transform';

/** The ellipse that touches the four sides of `rect`. */
export function ellipseIn({ x, y, width, height }: Rect): EllipseShape {
  return {
    type: 'ellipse',
    cx: round64(x + width / 2),
    cy: round64(y + height / 2),
    rx: round64(width / 2),
    ry: round64(height / 2),
  };
}
