/**
 * What tools hear: pointer events in image and screen pixels, and the three words every tool knows.
 */
import type { Point } from '../kernel/records';

export interface PointerInput {
  type: 'down' | 'move' | 'up' | 'double' | 'leave';
  /** Image pixels. */
  point: Point;
  /** CSS pixels of the stage. */
  screen: Point;
  button: number;
  shift: boolean;
  alt: boolean;
  ctrl: boolean;
  /** 0 to 1; absent where the device does not feel it. */
  pressure?: number;
  pointer?: 'mouse' | 'pen' | 'touch';
  /** Where the pointer was since the last move, oldest first, this point last; image pixels. */
  path?: readonly Point[];
}

/**
 * - `cancel`: go up one level (Escape).
 * - `complete`: finish what is being made (Enter).
 * - `back`: take back the last point (Backspace).
 * - `skip`: leave out what would come next.
 * - `release`: a modifier that held something back was let go.
 * - `trace`: start or stop following a neighbour's contour.
 */
export type WordInput = {
  type: 'cancel' | 'complete' | 'back' | 'skip' | 'release' | 'trace';
};

export type ToolInput = PointerInput | WordInput;

export function screenDistance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
