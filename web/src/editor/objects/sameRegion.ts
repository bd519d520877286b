/** Whether two objects cover the same: intersection over union above 0.95. */
import { containsPoint, type Bounds } from '../outline';
import type { Entry } from '../store';

const kSame = 0.95;
const kSamplesPerSide = 24;

export function sameRegion({ outline: a, area: areaA }: Entry, { outline: b, area: areaB }: Entry) {
  if (!a.filled || !b.filled) return false;
  if (boundsOverlap(a.bounds, b.bounds) < kSame) return false;
  if (Math.min(areaA, areaB) < kSame * Math.max(areaA, areaB)) return false;
  const [x0, y0, x1, y1] = union(a.bounds, b.bounds);
  let both = 0;
  let either = 0;
  for (let i = 0; i < kSamplesPerSide; i++) {
    const y = y0 + ((i + 0.5) / kSamplesPerSide) * (y1 - y0);
    for (let j = 0; j < kSamplesPerSide; j++) {
      const x = x0 + ((j + 0.5) / kSamplesPerSide) * (x1 - x0);
      const inA = containsPoint(a, x, y);
      const inB = containsPoint(b, x, y);
      if (inA && inB) both += 1;
      if (inA || inB) either += 1;
    }
  }
  return either > 0 && both / either > kSame;
}

function union(a: Bounds, b: Bounds): Bounds {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

function boundsOverlap(a: Bounds, b: Bounds): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  const size = (r: Bounds) => (r[2] - r[0]) * (r[3] - r[1]);
  return shared / (size(a) + size(b) - shared);
}
