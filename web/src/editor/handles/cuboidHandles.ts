import { faceCentre, moveCorner, moveFace, type FaceId } from '../cuboids/cuboid';
import type { ImageCuboidShape, Point } from '../../kernel/records';
import type { Handle, HandleSet } from './handle';

const kFaces: readonly FaceId[] = ['front', 'back'];
/** Two corners nearer than this and a face has no extent. */
const kLeast = 1;

/** Eight corners, and the middle of both faces to move them. Alt pulls one corner alone. */
export const kCuboidHandles: HandleSet<ImageCuboidShape> = {
  handles: (shape) => [...shape.points.map(cornerHandle), ...faceHandles(shape)],
  drag: (shape, id, to, { shift, alt }) => {
    const face = kFaces.find((one) => one === id);
    if (!face) return moveCorner(shape, Number(id), to, alt);
    return moveFace(shape, face, shift ? mainAxis(faceCentre(shape, face), to) : to);
  },
  sound: ({ points }) => extent(points.slice(0, 4)) >= kLeast && extent(points.slice(4)) >= kLeast,
};

function cornerHandle([x, y]: Point, at: number): Handle {
  return { id: String(at), x, y, look: 'corner', cursor: at % 2 ? 'nesw-resize' : 'nwse-resize' };
}

function faceHandles(shape: ImageCuboidShape): Handle[] {
  return kFaces.map((id) => {
    const [x, y] = faceCentre(shape, id);
    return { id, x, y, look: 'centre', cursor: 'move' };
  });
}

function mainAxis(from: Point, to: Point): Point {
  const upright = Math.abs(to[1] - from[1]) > Math.abs(to[0] - from[0]);
  return upright ? [from[0], to[1]] : [to[0], from[1]];
}

function extent(points: readonly Point[]): number {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return Math.min(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
}
