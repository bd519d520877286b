import { describe, expect, it } from 'vitest';
import { kTileSide, MaskTiles } from './maskTiles';
import { Stroke } from './stroke';

function rows(tiles: MaskTiles): string[] {
  const part = tiles.part();
  if (!part) return [];
  const text = [...part.bytes].map((byte) => (byte ? 'x' : '.')).join('');
  return Array.from({ length: part.height }, (_, y) =>
    text.slice(y * part.width, (y + 1) * part.width),
  );
}

function dab(diameter: number, form: 'round' | 'square' = 'round'): string[] {
  const tiles = new MaskTiles(40, 40);
  new Stroke(tiles, form).to([20.2, 20.4], diameter);
  return rows(tiles);
}

describe('a stroke', () => {
  it('has tips of whole pixels', () => {
    expect(dab(1)).toEqual(['x']);
    expect(dab(2)).toEqual(['xx', 'xx']);
    expect(dab(3)).toEqual(['.x.', 'xxx', '.x.']);
    expect(dab(5)).toEqual(['.xxx.', 'xxxxx', 'xxxxx', 'xxxxx', '.xxx.']);
    expect(dab(3, 'square')).toEqual(['xxx', 'xxx', 'xxx']);
  });

  it('covers what a row of dabs along the way covers', () => {
    const whole = new MaskTiles(600, 600);
    const dabs = new MaskTiles(600, 600);
    const way = [
      [40.3, 50.2],
      [310.1, 270.4],
      [300.2, 20.3],
    ] as const;
    const stroke = new Stroke(whole, 'round');
    for (const point of way) stroke.to(point, 31);
    way.slice(1).forEach(([x, y], i) => {
      const [fx, fy] = way[i]!;
      const steps = Math.ceil(Math.max(Math.abs(x - fx), Math.abs(y - fy)));
      for (let step = 0; step <= steps; step++) {
        const at = [fx + ((x - fx) * step) / steps, fy + ((y - fy) * step) / steps] as const;
        new Stroke(dabs, 'round').to(at, 31);
      }
    });
    expect(whole.part()).toEqual(dabs.part());
  });

  it('grows with the pressure', () => {
    const tiles = new MaskTiles(100, 100);
    const stroke = new Stroke(tiles, 'round');
    stroke.to([20, 50], 2);
    stroke.to([80, 50], 20);
    const { height } = tiles.part()!;
    expect(height).toBe(20);
    expect(rows(tiles)[0]!.trim().slice(0, 40)).toMatch(/^\.+$/);
  });
});

describe('tiles', () => {
  it('exist only where something was painted', () => {
    const tiles = new MaskTiles(4096, 2160);
    new Stroke(tiles, 'round').to([kTileSide, 10], 8);
    expect(tiles.takeChanges().map(({ tile }) => tile.x)).toEqual([0, kTileSide]);
    expect(tiles.takeChanges()).toEqual([]);
  });

  it('tell only what changed since they were asked', () => {
    const tiles = new MaskTiles(512, 512);
    tiles.fillRow(10, 5, 20);
    tiles.takeChanges();
    tiles.fillRow(30, 40, 42);
    const [change] = tiles.takeChanges();
    expect(change).toMatchObject({ x0: 40, x1: 42, y0: 30, y1: 31 });
  });

  it('leave out what is beyond the image', () => {
    const tiles = new MaskTiles(100, 60);
    new Stroke(tiles, 'square').to([98, -2], 10);
    expect(tiles.part()).toMatchObject({ x: 93, y: 0, width: 7, height: 3 });
    expect(new MaskTiles(100, 60).part()).toBeNull();
  });
});
