import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoxShape } from '../kernel/records';
import { gripPosition, kGrips, limitMove, resizeBox, round64, squareCorner } from './transform';

const side = fc.double({ min: 5, max: 400, noNaN: true });
const place = fc.double({ min: 0, max: 600, noNaN: true });
const box: fc.Arbitrary<BoxShape> = fc.record({
  type: fc.constant('box' as const),
  x: place,
  y: place,
  width: side,
  height: side,
  rotation: fc.constantFrom(0, 30, 90, 217),
});
const free = { square: false, centred: false };

describe('resizing', () => {
  it('puts the pulled grip under the pointer and leaves the opposite one', () => {
    const grip = fc
      .constantFrom('nw', 'ne', 'se', 'sw')
      .map((name) => name as (typeof kGrips)[number]);
    fc.assert(
      fc.property(box, grip, place, place, (before, name, x, y) => {
        const after = resizeBox(before, name, [x, y], free);
        const corners = (['nw', 'ne', 'se', 'sw'] as const).map((one) => gripPosition(after, one));
        const opposite = kGrips[(kGrips.indexOf(name) + 4) % 8]!;
        const has = ([px, py]: readonly [number, number]) =>
          corners.some(([cx, cy]) => Math.hypot(cx - px, cy - py) < 0.1);
        expect(has([x, y])).toBe(true);
        expect(has(gripPosition(before, opposite))).toBe(true);
        expect(Math.min(after.width, after.height)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('keeps proportions with Shift and the centre with Alt', () => {
    const before: BoxShape = { type: 'box', x: 100, y: 100, width: 100, height: 50 };
    const square = resizeBox(before, 'se', [300, 160], { square: true, centred: false });
    expect(square).toMatchObject({ x: 100, y: 100, width: 200, height: 100 });
    const centred = resizeBox(before, 'e', [220, 0], { square: false, centred: true });
    expect(centred).toMatchObject({ x: 80, width: 140, height: 50 });
  });
});

describe('moving', () => {
  it('never pushes off the image what was on it', () => {
    const move = fc.double({ min: -2000, max: 2000, noNaN: true });
    const image = { width: 640, height: 480 };
    fc.assert(
      fc.property(move, move, (dx, dy) => {
        const [mx, my] = limitMove([100, 50, 200, 90], image, dx, dy);
        expect(100 + mx).toBeGreaterThanOrEqual(0);
        expect(200 + mx).toBeLessThanOrEqual(640);
        expect(50 + my).toBeGreaterThanOrEqual(0);
        expect(90 + my).toBeLessThanOrEqual(480);
      }),
    );
  });

  it('rounds to 1/64 pixel and squares by the longer side', () => {
    expect(round64(1.0101)).toBe(1.015625);
    expect(squareCorner([10, 10], [30, 15])).toEqual([30, 30]);
    expect(squareCorner([10, 10], [0, 15])).toEqual([0, 20]);
  });
});
