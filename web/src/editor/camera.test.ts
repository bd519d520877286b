import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clampZoom,
  fitCamera,
  keepVisible,
  kZoomMax,
  kZoomMin,
  openingCamera,
  mirrored,
  toImage,
  toScreen,
  toScreenRect,
  turned,
  visibleRect,
  zoomAt,
  type Turn,
} from './camera';

const coordinate = fc.double({ min: -5000, max: 5000, noNaN: true });
const zoom = fc.double({ min: kZoomMin, max: kZoomMax, noNaN: true });
const turn = fc.integer({ min: 0, max: 3 }) as fc.Arbitrary<Turn>;
const camera = fc.record({ zoom, x: coordinate, y: coordinate, turn, flip: fc.boolean() });

describe('camera', () => {
  it('goes to the screen and back', () => {
    fc.assert(
      fc.property(camera, coordinate, coordinate, (view, x, y) => {
        const [ix, iy] = toImage(view, ...toScreen(view, x, y));
        expect(ix).toBeCloseTo(x, 6);
        expect(iy).toBeCloseTo(y, 6);
      }),
    );
  });

  it('keeps the point under the pointer when zooming', () => {
    const factor = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(camera, coordinate, coordinate, factor, (view, x, y, by) => {
        const before = toImage(view, x, y);
        const next = zoomAt(view, [x, y], by);
        const after = toScreen(next, ...before);
        expect(after[0]).toBeCloseTo(x, 4);
        expect(after[1]).toBeCloseTo(y, 4);
        expect(next.zoom).toBe(clampZoom(view.zoom * by));
      }),
    );
  });

  it('turns clockwise and mirrors what the screen shows', () => {
    expect(toScreen({ zoom: 1, x: 0, y: 0, ...turned({}, 1) }, 10, 1)).toEqual([-1, 10]);
    fc.assert(
      fc.property(camera, coordinate, coordinate, (view, x, y) => {
        const still = { ...view, x: 0, y: 0 };
        const [u, v] = toScreen(still, x, y);
        const close = (a: readonly number[], b: readonly number[]) =>
          a.forEach((value, i) => expect(value).toBeCloseTo(b[i]!, 6));
        close(toScreen({ ...still, ...mirrored(still, 'x') }, x, y), [-u, v]);
        close(toScreen({ ...still, ...mirrored(still, 'y') }, x, y), [u, -v]);
        close(toScreen({ ...still, ...turned(still, 1) }, x, y), [-v, u]);
        close(toScreen({ ...still, ...turned(still, -5) }, x, y), [v, -u]);
      }),
    );
  });

  it('sees of the image what the stage shows', () => {
    const stage = { width: 1280, height: 720 };
    fc.assert(
      fc.property(camera, (view) => {
        const box = toScreenRect(view, visibleRect(view, stage));
        expect(box.x).toBeCloseTo(0, 4);
        expect(box.y).toBeCloseTo(0, 4);
        expect(box.width).toBeCloseTo(1280, 4);
        expect(box.height).toBeCloseTo(720, 4);
      }),
    );
  });

  it('fits a turned image', () => {
    const area = { x: 64, y: 64, width: 800, height: 600 };
    const view = fitCamera({ width: 400, height: 100 }, area, { turn: 1, flip: true });
    const box = toScreenRect(view, { x: 0, y: 0, width: 400, height: 100 });
    expect(box).toEqual({ x: 389, y: 64, width: 150, height: 600 });
  });

  it('fits the whole image into the free area', () => {
    const view = fitCamera(
      { width: 2250, height: 1500 },
      { x: 64, y: 64, width: 896, height: 608 },
    );
    const [x0, y0] = toScreen(view, 0, 0);
    const [x1, y1] = toScreen(view, 2250, 1500);
    expect([x0, y0, x1, y1].every(Number.isFinite)).toBe(true);
    expect(x0).toBeGreaterThanOrEqual(64 - 1e-9);
    expect(y0).toBeGreaterThanOrEqual(64 - 1e-9);
    expect(x1).toBeLessThanOrEqual(960 + 1e-9);
    expect(y1).toBeLessThanOrEqual(672 + 1e-9);
  });

  it('never loses the image', () => {
    const image = { width: 640, height: 480 };
    const stage = { width: 1280, height: 720 };
    fc.assert(
      fc.property(camera, (view) => {
        const kept = keepVisible(view, image, stage);
        const box = toScreenRect(kept, { x: 0, y: 0, ...image });
        expect(box.x).toBeLessThanOrEqual(stage.width - 48 + 1e-6);
        expect(box.y).toBeLessThanOrEqual(stage.height - 48 + 1e-6);
        expect(box.x + box.width).toBeGreaterThanOrEqual(48 - 1e-6);
        expect(box.y + box.height).toBeGreaterThanOrEqual(48 - 1e-6);
      }),
    );
  });
});

describe('the first view on a compact stage', () => {
  const area = { x: 64, y: 64, width: 896, height: 608 };
  const anchor = { x: 88, y: 80, width: 150, height: 150 };

  it.each([
    [640, 480],
    [480, 640],
    [2250, 1500],
    [375, 500],
    [8000, 600],
    [300, 6000],
    [32, 32],
    [6000, 4000],
  ])('has image under (100,100) and (200,200): %i x %i', (width, height) => {
    const view = openingCamera({ width, height }, area, anchor);
    for (const at of [100, 200]) {
      const [x, y] = toImage(view, at, at);
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(width);
      expect(y).toBeLessThanOrEqual(height);
    }
  });
});
