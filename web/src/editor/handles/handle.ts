/**
 * What of a shape can be taken hold of besides its vertices: corners, sides, joints, the knob that
 * turns it. A shape type has one set; drawing, cursors, pointer and keyboard know no types.
 */
import type { Point, Shape } from '../../kernel/records';
import type { Label } from '../labels';

export type HandleLook = 'corner' | 'side' | 'turn' | 'joint' | 'joint_hidden' | 'centre';

export interface Handle {
  /** Unique within the shape: `nw`, `turn`, a joint's name. */
  readonly id: string;
  /** Image pixels. */
  readonly x: number;
  readonly y: number;
  readonly look: HandleLook;
  /** CSS cursor. */
  readonly cursor: string;
}

export interface DragKeys {
  /** Keep the proportions; turn by steps of 15 degrees. */
  shift: boolean;
  /** Mirror about the centre. */
  alt: boolean;
}

export interface HandleContext {
  /** Image pixels that so many screen pixels cover. */
  reach(screenPixels: number): number;
  label: Label;
}

export interface HandleSet<S extends Shape> {
  handles(shape: S, context: HandleContext): Handle[];
  /** The shape as it was when the drag began, with `id` pulled to `to`; rounded to 1/64 pixel. */
  drag(shape: S, id: string, to: Point, keys: DragKeys): S;
  /** False keeps the old shape: nothing may be dragged away to nothing. */
  sound(shape: S): boolean;
}
