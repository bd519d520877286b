/**
 * What lies under the pointer. Candidates come from the spatial index with a margin of `tolerance`
 * screen pixels, then exact: edge before inside, topmost first, on a tie of depth the smaller.
 * Values in, ids out.
 */
import { containsPoint, nearestEdge, type Bounds } from './outline';
import { byDepth, type Entry } from './store';

export interface HitOptions {
  /** Image pixels. */
  tolerance: number;
  visible(entry: Entry): boolean;
}

/** All hits, the best first: repeated clicks walk down this list. */
export function hitsAt(
  candidates: readonly Entry[],
  x: number,
  y: number,
  options: HitOptions,
): string[] {
  const hits: { entry: Entry; onEdge: boolean }[] = [];
  for (const entry of candidates) {
    if (!entry.placed || !options.visible(entry)) continue;
    const kind = hitKind(entry, x, y, options.tolerance);
    if (kind === 'none') continue;
    hits.push({ entry, onEdge: kind === 'edge' });
  }
  hits.sort((a, b) => {
    if (a.onEdge !== b.onEdge) return a.onEdge ? -1 : 1;
    const { area } = a.entry;
    const other = b.entry.area;
    // Inside nested shapes the smaller one is meant, whatever was drawn last.
    if (!a.onEdge && Math.abs(area - other) > 0.2 * Math.max(area, other)) return area - other;
    return byDepth(b.entry, a.entry);
  });
  return hits.map((hit) => hit.entry.annotation.id);
}

function hitKind(entry: Entry, x: number, y: number, tolerance: number): 'edge' | 'in' | 'none' {
  const { outline } = entry;
  const edge = nearestEdge(outline, x, y);
  if (edge && edge.distance <= tolerance) return 'edge';
  for (let i = 0; i + 1 < outline.marks.length; i += 2) {
    const distance = Math.hypot(outline.marks[i]! - x, outline.marks[i + 1]! - y);
    if (distance <= tolerance * 1.5) return 'edge';
  }
  return outline.filled && containsPoint(outline, x, y) ? 'in' : 'none';
}

export function aroundPoint(x: number, y: number, margin: number): Bounds {
  return [x - margin, y - margin, x + margin, y + margin];
}

/** Shapes that lie wholly inside, as a marquee selects them. */
export function enclosedBy(candidates: readonly Entry[], bounds: Bounds): string[] {
  return candidates
    .filter(({ outline, placed }) => {
      const [x0, y0, x1, y1] = outline.bounds;
      return placed && x0 >= bounds[0] && y0 >= bounds[1] && x1 <= bounds[2] && y1 <= bounds[3];
    })
    .map((entry) => entry.annotation.id);
}
