import { expect, test } from 'vitest';
import type { Kernel } from '@/kernel/kernel';
import type { Shape } from '@/kernel/records';
import type { Finding } from '@/net/api';
import { colorOf, drawFindings } from './findingsOverlay';

/** A context that writes down what is asked of it; paths of its own are not seen. */
function recorder() {
  const calls: string[] = [];
  const alphas: number[] = [];
  const context = new Proxy({ globalAlpha: 1 } as Record<string, unknown>, {
    get: (target, name: string) =>
      name in target
        ? target[name]
        : (...values: unknown[]) => {
            const numbers = values.filter((value) => typeof value === 'number');
            calls.push(`${name}(${numbers.map((value) => Math.round(value)).join()})`);
          },
    set: (target, name: string, value: unknown) => {
      target[name] = value;
      if (name === 'globalAlpha') alphas.push(value as number);
      return true;
    },
  });
  return { context: context as unknown as CanvasRenderingContext2D, calls, alphas };
}

function finding(shape: Shape, name = 'dog'): Finding {
  return { shape, class: name, score: 1, attributes: {} };
}

class PathStub {
  static rings = 0;
  moveTo() {
    PathStub.rings += 1;
  }
  lineTo() {}
  closePath() {}
}
Object.assign(globalThis, { Path2D: PathStub });

const triangle = { points: [[0, 0], [4, 0], [0, 4]] as [number, number][] };
const kernel = { maskToPolygons: () => [triangle] } as unknown as Kernel;

function callsFor(shape: Shape, withKernel = true): string[] {
  const { context, calls } = recorder();
  const options = { kernel: withKernel ? kernel : null, unit: 1, focused: null };
  drawFindings(context, [finding(shape)], options);
  return calls.filter((call) => !/^(save|restore)/.test(call));
}

test('a turned box is drawn about its centre', () => {
  const box: Shape = { type: 'box', x: 10, y: 20, width: 4, height: 8, rotation: 90 };
  expect(callsFor(box)).toEqual(['translate(12,24)', 'rotate(2)', 'strokeRect(-2,-4,4,8)']);
});

test('regions are filled with their holes and outlined', () => {
  PathStub.rings = 0;
  const holes = [[[1, 1], [2, 1], [1, 2]]] as [number, number][][];
  expect(callsFor({ type: 'polygon', parts: [{ ...triangle, holes }] })).toHaveLength(2);
  expect(PathStub.rings).toBe(2);
  expect(callsFor({ type: 'polygon', points: triangle.points })).toHaveLength(2);
  const mask: Shape = { type: 'mask', rle: { size: [4, 4], counts: '' } };
  expect(callsFor(mask)).toHaveLength(2);
  expect(callsFor(mask, false)).toEqual([]);
});

test('lines are stroked and points are dots, smaller where there are many', () => {
  expect(callsFor({ type: 'polyline', points: triangle.points }).at(-1)).toBe('stroke()');
  expect(callsFor({ type: 'points', points: [[5, 6]] })).toContain('arc(5,6,4,0,6)');
  const many = Array.from({ length: 100 }, (): [number, number] => [1, 1]);
  expect(callsFor({ type: 'points', points: many })).toContain('arc(1,1,1,0,6)');
  const skeleton: Shape = {
    type: 'skeleton',
    points: [
      { name: 'nose', x: 1, y: 2, visibility: 2 },
      { name: 'ear', x: 3, y: 4, visibility: 0 },
    ],
  };
  expect(callsFor(skeleton).filter((call) => call.startsWith('arc'))).toEqual(['arc(1,2,4,0,6)']);
});

test('an ellipse is turned, and a tag has no place', () => {
  const ellipse: Shape = { type: 'ellipse', cx: 5, cy: 6, rx: 2, ry: 1, rotation: 0 };
  expect(callsFor(ellipse)).toContain('ellipse(5,6,2,1,0,0,6)');
  expect(callsFor({ type: 'tag' })).toEqual([]);
});

test('what is not looked at steps back, and a class keeps its colour', () => {
  const { context, alphas } = recorder();
  const both = [finding({ type: 'tag' }), finding({ type: 'tag' }, 'cat')];
  drawFindings(context, both, { kernel: null, unit: 1, focused: 1 });
  expect(alphas).toEqual([0.25, 1]);
  expect(colorOf(both[0]!)).toBe(colorOf(finding({ type: 'tag' })));
});
