import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, inkOn, luminance } from './labels';

const color = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('ink on a colour', () => {
  it('reads on every colour there is', () => {
    fc.assert(
      fc.property(color, (hex) => contrast(inkOn(hex), hex) >= 4.5),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['#FFFFFF', '#000000'],
    ['#FFE119', '#000000'],
    ['#000000', '#FFFFFF'],
    ['#1D4ED8', '#FFFFFF'],
  ])('on %s is %s', (hex, ink) => expect(inkOn(hex)).toBe(ink));

  it('knows the luminance of the ends', () => {
    expect(luminance('#000000')).toBe(0);
    expect(luminance('#FFFFFF')).toBeCloseTo(1);
    expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21);
  });
});
