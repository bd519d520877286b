import type { EllipseShape, Point } from '../../kernel/records';
import { rotateAbout } from '../outline';
import { gripCursor, round64, type Grip } from '../transform';
import { withRotation } from '../turning';
import type { DragKeys, Handle, HandleSet } from './handle';
import { kTurn, turnedTo, turnHandle } from './turnHandle';

const kSides: readonly Grip[] = ['n', 'e', 's', 'w'];

function sideHandle(shape: EllipseShape, id: Grip): Handle {
  const { cx, cy, rx, ry, rotation = 0 } = shape;
  const dx = id === 'e' ? rx : id === 'w' ? -rx : 0;
  const dy = id === 's' ? ry : id === 'n' ? -ry : 0;
  const [x, y] = rotateAbout([cx + dx, cy + dy], [cx, cy], rotation);
  return { id, x, y, look: 'side', cursor: gripCursor(id, rotation) };
}

/** The pulled side follows; the opposite one stays, with Alt it mirrors. Shift keeps a circle's. */
function dragSide(shape: EllipseShape, id: Grip, to: Point, { shift, alt }: DragKeys) {
  const { cx, cy, rx, ry, rotation = 0 } = shape;
  const [px, py] = rotateAbout(to, [cx, cy], -rotation);
  const across = id === 'e' || id === 'w';
  const outward = id === 'e' || id === 's' ? 1 : -1;
  const reached = outward * (across ? px - cx : py - cy);
  const before = across ? rx : ry;
  const radius = alt ? Math.abs(reached) : Math.abs(reached + before) / 2;
  const shifted = alt ? 0 : (outward * (reached - before)) / 2;
  const centre = rotateAbout(across ? [cx + shifted, cy] : [cx, cy + shifted], [cx, cy], rotation);
  const scale = shift && before > 0 ? radius / before : null;
  const other = (value: number) => (scale === null ? value : value * scale);
  return {
    ...shape,
    cx: round64(centre[0]),
    cy: round64(centre[1]),
    rx: round64(across ? radius : other(rx)),
    ry: round64(across ? other(ry) : radius),
  };
}

export const kEllipseHandles: HandleSet<EllipseShape> = {
  handles: (shape, context) => [
    ...kSides.map((id) => sideHandle(shape, id)),
    turnHandle([shape.cx, shape.cy], shape.ry, shape.rotation ?? 0, context),
  ],
  drag: (shape, id, to, keys) =>
    id === kTurn
      ? withRotation(shape, turnedTo([shape.cx, shape.cy], to, keys))
      : dragSide(shape, id as Grip, to, keys),
  sound: ({ rx, ry }) => rx >= 0.5 && ry >= 0.5,
};
