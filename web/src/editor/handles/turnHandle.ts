/** The knob outside the top side of a shape that turns it. */
import type { Point } from '../../kernel/records';
import { angleOf } from '../orientedBox';
import { rotateAbout } from '../outline';
import type { DragKeys, Handle, HandleContext } from './handle';

export const kTurn = 'turn';
const kOutsidePx = 26;
const kStep = 15;

export function turnHandle(
  centre: Point,
  halfHeight: number,
  rotation: number,
  context: HandleContext,
): Handle {
  const above: Point = [centre[0], centre[1] - halfHeight - context.reach(kOutsidePx)];
  const [x, y] = rotateAbout(above, centre, rotation);
  return { id: kTurn, x, y, look: 'turn', cursor: 'grab' };
}

/** The rotation that points the knob at `to`. */
export function turnedTo(centre: Point, to: Point, { shift }: DragKeys): number {
  const degrees = angleOf(centre, to) + 90;
  return shift ? Math.round(degrees / kStep) * kStep : degrees;
}
