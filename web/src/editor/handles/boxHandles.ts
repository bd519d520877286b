import type { BoxShape, Point } from '../../kernel/records';
import { gripCursor, gripPosition, kGrips, resizeBox, type Grip } from '../transform';
import { withRotation } from '../turning';
import type { HandleSet } from './handle';
import { kTurn, turnedTo, turnHandle } from './turnHandle';

const centreOf = ({ x, y, width, height }: BoxShape): Point => [x + width / 2, y + height / 2];

export const kBoxHandles: HandleSet<BoxShape> = {
  handles: (shape, context) => [
    ...kGrips.map((id) => {
      const [x, y] = gripPosition(shape, id);
      const look = id.length === 2 ? ('corner' as const) : ('side' as const);
      return { id, x, y, look, cursor: gripCursor(id, shape.rotation ?? 0) };
    }),
    turnHandle(centreOf(shape), shape.height / 2, shape.rotation ?? 0, context),
  ],
  drag: (shape, id, to, keys) =>
    id === kTurn
      ? withRotation(shape, turnedTo(centreOf(shape), to, keys))
      : resizeBox(shape, id as Grip, to, { square: keys.shift, centred: keys.alt }),
  sound: ({ width, height }) => width >= 1 && height >= 1,
};
