/** Whether a closed ring runs through itself: a sweep along x over its edges. */

interface Edge {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  low: number;
  high: number;
  index: number;
}

/** More vertices than this are not looked at: such rings come from masks, which do not cross. */
const kVerticesMax = 20_000;

export function crossesItself(ring: Float32Array): boolean {
  const count = ring.length / 2;
  if (count < 4 || count > kVerticesMax) return false;
  const edges = edgesOf(ring, count).sort((a, b) => a.low - b.low);
  const open: Edge[] = [];
  for (const edge of edges) {
    let kept = 0;
    for (const other of open) {
      if (other.high < edge.low) continue;
      open[kept++] = other;
      if (!neighbours(edge.index, other.index, count) && cross(edge, other)) return true;
    }
    open.length = kept;
    open.push(edge);
  }
  return false;
}

function edgesOf(ring: Float32Array, count: number): Edge[] {
  const edges: Edge[] = [];
  for (let index = 0; index < count; index++) {
    const next = (index + 1) % count;
    const [x0, y0] = [ring[2 * index]!, ring[2 * index + 1]!];
    const [x1, y1] = [ring[2 * next]!, ring[2 * next + 1]!];
    edges.push({ x0, y0, x1, y1, low: Math.min(x0, x1), high: Math.max(x0, x1), index });
  }
  return edges;
}

function neighbours(a: number, b: number, count: number): boolean {
  const apart = Math.abs(a - b);
  return apart <= 1 || apart === count - 1;
}

function side(ax: number, ay: number, bx: number, by: number, x: number, y: number): number {
  return Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
}

/** Properly: rings that only touch themselves are common and harmless. */
function cross(a: Edge, b: Edge): boolean {
  const a0 = side(b.x0, b.y0, b.x1, b.y1, a.x0, a.y0);
  const a1 = side(b.x0, b.y0, b.x1, b.y1, a.x1, a.y1);
  const b0 = side(a.x0, a.y0, a.x1, a.y1, b.x0, b.y0);
  const b1 = side(a.x0, a.y0, a.x1, a.y1, b.x1, b.y1);
  return a0 * a1 < 0 && b0 * b1 < 0;
}
