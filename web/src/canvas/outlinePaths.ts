/**
 * Outlines of many vertices as paths that are kept: a large mask is drawn again with every move of
 * the brush. Far from the image, vertices that would fall together are left out.
 */
import type { Outline } from '../editor/outline';

const kManyVertices = 1000;
/** Screen pixels between vertices that are told apart. */
const kGapPx = 0.35;

interface Kept {
  level: number;
  path: Path2D;
}

const kept = new WeakMap<Outline, Kept>();

/** Null for an outline that is drawn as quickly without. */
export function keptPath(outline: Outline, zoom: number): Path2D | null {
  const count = outline.paths.reduce((sum, { points }) => sum + points.length / 2, 0);
  if (count < kManyVertices) return null;
  const level = Math.min(0, Math.floor(Math.log2(zoom)));
  const known = kept.get(outline);
  if (known?.level === level) return known.path;
  const path = makePath(outline, level < 0 ? kGapPx / 2 ** level : 0);
  kept.set(outline, { level, path });
  return path;
}

function makePath(outline: Outline, gap: number): Path2D {
  const path = new Path2D();
  for (const { points, closed } of outline.paths) {
    if (points.length < 2) continue;
    let x = points[0]!;
    let y = points[1]!;
    path.moveTo(x, y);
    for (let i = 2; i < points.length; i += 2) {
      const u = points[i]!;
      const v = points[i + 1]!;
      if (Math.abs(u - x) < gap && Math.abs(v - y) < gap) continue;
      x = u;
      y = v;
      path.lineTo(x, y);
    }
    if (closed) path.closePath();
  }
  return path;
}
