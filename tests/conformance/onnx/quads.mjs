// Overlap of convex quadrangles, by cutting one with the sides of the other (Sutherland-Hodgman).
const area = (ring) => ring.reduce((sum, [x, y], i) => {
  const [nx, ny] = ring[(i + 1) % ring.length];
  return sum + x * ny - nx * y;
}, 0) / 2;

const clockwise = (ring) => (area(ring) < 0 ? [...ring].reverse() : ring);

function cut(ring, from, to) {
  const side = ([x, y]) => (to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0]);
  return ring.flatMap((point, i) => {
    const next = ring[(i + 1) % ring.length];
    const [a, b] = [side(point), side(next)];
    const kept = a >= 0 ? [point] : [];
    if ((a < 0) === (b < 0)) return kept;
    const t = a / (a - b);
    return [...kept, [point[0] + (next[0] - point[0]) * t, point[1] + (next[1] - point[1]) * t]];
  });
}

export function quadIou(one, other) {
  const [a, b] = [clockwise(one), clockwise(other)];
  const both = b.reduce((ring, point, i) => cut(ring, point, b[(i + 1) % b.length]), a);
  const shared = both.length > 2 ? area(both) : 0;
  return shared / (area(a) + area(b) - shared);
}
