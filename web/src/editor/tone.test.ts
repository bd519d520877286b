import { describe, expect, it } from 'vitest';
import { kPlainTone } from './look';
import { histogramOf, toneCurve } from './tone';

const grey = (levels: number[]) => ({
  data: new Uint8ClampedArray(levels.flatMap((level) => [level, level, level, 255])),
});

describe('the tone of a picture', () => {
  it('is as it was without a choice', () => {
    const curve = toneCurve(kPlainTone, null);
    expect(curve.map((value) => Math.round(value * 255))).toEqual([...curve.keys()]);
  });

  it('gets brighter, steeper and inverted', () => {
    expect(toneCurve({ ...kPlainTone, brightness: 2 }, null)[64]).toBeCloseTo(128 / 255);
    const steep = toneCurve({ ...kPlainTone, contrast: 3 }, null);
    expect([steep[40], steep[220]]).toEqual([0, 1]);
    expect(toneCurve({ ...kPlainTone, gamma: 2 }, null)[64]).toBeCloseTo((64 / 255) ** 0.5);
    expect(toneCurve({ ...kPlainTone, invert: true }, null)[0]).toBe(1);
  });

  it('spreads a dull picture over all levels', () => {
    const dull = histogramOf(grey([100, 100, 110, 110, 120, 120]));
    expect(dull[110]).toBe(2);
    const curve = toneCurve({ ...kPlainTone, equalise: true }, dull);
    expect([curve[100], curve[110], curve[120]]).toEqual([0, 0.5, 1]);
  });

  it('leaves a picture of one level alone', () => {
    const curve = toneCurve({ ...kPlainTone, equalise: true }, histogramOf(grey([7, 7])));
    expect(curve.every(Number.isFinite)).toBe(true);
  });
});
