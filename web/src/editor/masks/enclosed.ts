/** Holes and islands of masks. */
import type { Kernel } from '../../kernel/kernel';
import type { Point, PolygonPart, Rle } from '../../kernel/records';
import { containsPoint, closedOutline, flatten } from '../outline';

function around(ring: readonly Point[], [x, y]: Point): boolean {
  return containsPoint(closedOutline([flatten(ring)]), x, y);
}

function filled(parts: PolygonPart[], { size: [height, width] }: Rle, kernel: Kernel): Rle {
  return kernel.polygonToRle(parts, height, width);
}

/** The hole around that place with all that lies in it; null where the mask encloses nothing. */
export function holeAt(rle: Rle, at: Point, kernel: Kernel): Rle | null {
  const rings = kernel.maskToPolygons(rle, 0).flatMap((part) => part.holes ?? []);
  const hole = rings.find((ring) => around(ring, at));
  return hole ? filled([{ points: hole }], rle, kernel) : null;
}

/** The pixels that hang together with that place; null beside the mask. */
export function islandAt(rle: Rle, at: Point, kernel: Kernel): Rle | null {
  const island = kernel
    .maskToPolygons(rle, 0)
    .find(
      (part) => around(part.points, at) && !(part.holes ?? []).some((hole) => around(hole, at)),
    );
  return island ? filled([island], rle, kernel) : null;
}

/** The mask without holes. */
export function withoutHoles(rle: Rle, kernel: Kernel): Rle {
  const outer = kernel.maskToPolygons(rle, 0).map(({ points }) => ({ points }));
  return filled(outer, rle, kernel);
}

const kNeighbours: readonly Point[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

/** One pixel more on every side, or one less; what leaves the image is cut off. */
export function resized(rle: Rle, by: 1 | -1, kernel: Kernel): Rle {
  const parts = kernel.maskToPolygons(rle, 0);
  return kNeighbours.reduce((sum, [dx, dy]) => {
    const moved = filled(
      parts.map((part) => shifted(part, dx, dy)),
      rle,
      kernel,
    );
    return kernel.mergeRles(sum, moved, by > 0 ? 'unite' : 'intersect');
  }, rle);
}

function shifted(part: PolygonPart, dx: number, dy: number): PolygonPart {
  const move = ([x, y]: Point): Point => [x + dx, y + dy];
  const holes = part.holes?.map((hole) => hole.map(move));
  return { points: part.points.map(move), ...(holes && { holes }) };
}
