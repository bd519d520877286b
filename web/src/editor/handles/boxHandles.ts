import type { BoxShape } from '../../kernel/records';
import { gripCursor, gripPosition, kGrips, resizeBox, type Grip } from '../transform';
import type { HandleSet } from './handle';

export const kBoxHandles: HandleSet<BoxShape> = {
  handles: (shape) =>
    kGrips.map((id) => {
      const [x, y] = gripPosition(shape, id);
      const look = id.length === 2 ? 'corner' : 'side';
      return { id, x, y, look, cursor: gripCursor(id, shape.rotation ?? 0) };
    }),
  drag: (shape, id, to, { shift, alt }) =>
    resizeBox(shape, id as Grip, to, { square: shift, centred: alt }),
  sound: ({ width, height }) => width >= 1 && height >= 1,
};
