import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byDistance, clip, overlap, tileBounds, tilesIn } from './tileGrid';

const scale = fc.double({ min: 0.02, max: 64, noNaN: true });

describe('tiles', () => {
  it('cover what is seen without a gap and no more than a tile beyond it', () => {
    const start = fc.double({ min: -4000, max: 4000, noNaN: true });
    fc.assert(
      fc.property(scale, start, start, (by, x, y) => {
        const seen = [x, y, x + 1280 / by, y + 720 / by] as const;
        const tiles = tilesIn(seen, by).map((place) => tileBounds(place, by));
        expect(tiles.length).toBeLessThanOrEqual(4 * 3);
        const covered = tiles
          .map((tile) => clip(tile, seen))
          .reduce((sum, [x0, y0, x1, y1]) => sum + (x1 - x0) * (y1 - y0), 0);
        const area = (seen[2] - seen[0]) * (seen[3] - seen[1]);
        expect(Math.abs(covered / area - 1)).toBeLessThan(1e-6);
        expect(tiles.every((tile) => overlap(tile, seen))).toBe(true);
      }),
    );
  });

  it('come from the middle outwards', () => {
    const tiles = byDistance(tilesIn([0, 0, 1536, 512], 1), 1, 700, 256);
    expect(tiles.map(({ column }) => column)).toEqual([1, 0, 2]);
  });
});
