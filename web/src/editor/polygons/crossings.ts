/** Where a line meets a ring. */
import type { Point } from '../../kernel/records';

export interface Crossing {
  point: Point;
  /** Edge of the line and the way along it: 1.5 is the middle of its second edge. */
  along: number;
}

const kSame = 1e-9;

/** In the order of the line; a place that two edges of the ring share counts once. */
export function crossings(ring: readonly Point[], line: readonly Point[]): Crossing[] {
  const found: Crossing[] = [];
  for (let i = 0; i + 1 < line.length; i++) {
    for (let j = 0; j < ring.length; j++) {
      const at = meeting(line[i]!, line[i + 1]!, ring[j]!, ring[(j + 1) % ring.length]!);
      if (at) found.push({ point: at.point, along: i + at.t });
    }
  }
  found.sort((a, b) => a.along - b.along);
  return found.filter((one, i) => i === 0 || one.along - found[i - 1]!.along > 1e-7);
}

function meeting(a: Point, b: Point, c: Point, d: Point): { t: number; point: Point } | null {
  const [rx, ry] = [b[0] - a[0], b[1] - a[1]];
  const [sx, sy] = [d[0] - c[0], d[1] - c[1]];
  const cross = rx * sy - ry * sx;
  if (Math.abs(cross) < kSame) return null;
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross;
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross;
  if (t < -kSame || t > 1 + kSame || u < -kSame || u > 1 + kSame) return null;
  return { t, point: [c[0] + u * sx, c[1] + u * sy] };
}
