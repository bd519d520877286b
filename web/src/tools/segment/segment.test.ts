/** The AI tool before the first click, on what is there already, and while the model reads. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadTestKernel } from '../../kernel/kernelFixture';
import type { Point, PolygonPart, Rle } from '../../kernel/records';
import type { SegmentRequest } from '../../editor/editor';
import { preferences } from '../../net/preferences';
import { TestEditor } from '../testEditor';
import { kHoverPreference } from './hoverPreference';

const kernel = await loadTestKernel();
const kSquare: PolygonPart[] = [
  {
    points: [
      [100, 100],
      [200, 100],
      [200, 200],
      [100, 200],
    ],
  },
];

function rectangle(x0: number, y0: number, x1: number, y1: number): Rle {
  const bytes = new Uint8Array(640 * 480);
  for (let y = y0; y < y1; y++) bytes.fill(1, y * 640 + x0, y * 640 + x1);
  return kernel!.encodeRle(bytes, 480, 640);
}

describe.skipIf(!kernel)('the AI tool', () => {
  let test: TestEditor;
  const asked: Point[] = [];
  const shown = () => test.editor.overlay.get().painters.has('hover');
  const move = (at: Point, held = {}) => test.point('move', at, { button: -1, ...held });
  const rest = () => vi.advanceTimersByTimeAsync(100);

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let time = 0;
    vi.stubGlobal('requestAnimationFrame', (draw: FrameRequestCallback) =>
      setTimeout(() => draw((time += 16)), 16),
    );
    vi.stubGlobal('cancelAnimationFrame', clearTimeout);
    test = await TestEditor.open(kernel!);
    asked.length = 0;
    test.preview = (at) => {
      asked.push(at);
      return Promise.resolve(kSquare);
    };
    test.segment = () => Promise.resolve({ rle: rectangle(50, 60, 80, 90), score: 0.9 });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    preferences.set(kHoverPreference, true);
  });

  describe('under the resting pointer', () => {
    beforeEach(async () => {
      test.editor.tool.set('segment');
      await rest();
    });

    it('shows the mask, and asks once however the pointer came there', async () => {
      for (let x = 110; x <= 150; x += 10) move([x, 150]);
      expect(asked).toEqual([]);
      await rest();
      expect(asked).toEqual([[150, 150]]);
      expect(shown()).toBe(true);
    });

    it('shows it no longer once the pointer has left it', async () => {
      move([150, 150]);
      await rest();
      move([160, 160]);
      expect(shown()).toBe(true);
      move([300, 300]);
      expect(shown()).toBe(false);
    });

    it('ends the request when the pointer goes on, and drops its answer', async () => {
      const signals: AbortSignal[] = [];
      const answers: ((parts: PolygonPart[]) => void)[] = [];
      test.preview = (_at, signal) => {
        signals.push(signal);
        return new Promise((answer) => answers.push(answer));
      };
      move([150, 150]);
      await rest();
      move([300, 300]);
      await rest();
      expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
      answers[0]!(kSquare);
      await rest();
      expect(shown()).toBe(false);
    });

    it.each(['Ctrl', 'a press', 'leaving', 'another tool'])('gives way to %s', async (what) => {
      move([150, 150]);
      await rest();
      if (what === 'Ctrl') move([151, 150], { ctrl: true });
      if (what === 'a press') test.point('down', [150, 150]);
      if (what === 'leaving') test.point('leave', [0, 0]);
      if (what === 'another tool') test.editor.tool.set('box');
      expect(shown()).toBe(false);
      await rest();
      expect(asked).toHaveLength(1);
    });

    it('asks nothing beside a prompt, outside the image, or when switched off', async () => {
      test.click([150, 150]);
      await rest();
      move([160, 160]);
      await rest();
      test.say('cancel');
      move([700, 160]);
      await rest();
      preferences.set(kHoverPreference, false);
      move([160, 160]);
      await rest();
      expect(asked).toEqual([]);
    });

    it('is quiet when the model fails: the click will tell', async () => {
      test.preview = () => Promise.reject(new Error('busy'));
      move([150, 150]);
      await rest();
      expect(shown()).toBe(false);
      expect(test.notices).toEqual([]);
    });
  });

  describe('while the model reads the image', () => {
    it('shows no preview until it has', async () => {
      let read = () => {};
      test.readImage = () => new Promise((done) => (read = done));
      test.editor.tool.set('segment');
      move([150, 150]);
      await rest();
      expect(test.editor.readiness.get().state).toBe('reading');
      expect(asked).toEqual([]);
      read();
      await rest();
      expect(test.editor.readiness.get().state).toBe('ready');
      move([150, 150]);
      await rest();
      expect(asked).toHaveLength(1);
    });

    it('is let go with the tool', () => {
      let signal: AbortSignal | null = null;
      test.readImage = (given) => {
        signal = given;
        return new Promise(() => {});
      };
      test.editor.tool.set('segment');
      test.editor.tool.set('select');
      expect(signal!.aborted).toBe(true);
      expect(test.editor.readiness.get().state).toBe('idle');
    });

    it('tells a missing model from one that failed', async () => {
      test.readImage = () =>
        Promise.reject(Object.assign(new Error('No model.'), { code: 'model_not_installed' }));
      test.editor.tool.set('segment');
      await rest();
      expect(test.editor.readiness.get()).toEqual({
        state: 'failed',
        missing: true,
        detail: 'No model.',
      });
    });
  });

  describe('on what is there already', () => {
    let requests: SegmentRequest[];
    const add = async (form: 'polygon' | 'mask') => {
      const rle = rectangle(100, 100, 200, 200);
      const shape = form === 'mask' ? ({ type: 'mask', rle } as const) : null;
      await test.editor.create(shape ?? { type: 'polygon', parts: kSquare }, {
        attributes: { pose: 'standing' },
      });
      return test.shapes()[0]!;
    };

    beforeEach(() => {
      requests = [];
      test.segment = (request) => {
        requests.push(request);
        return Promise.resolve({ rle: rectangle(100, 100, 240, 200), score: 0.9 });
      };
    });

    it.each(['polygon', 'mask'] as const)('replaces the %s in one step', async (form) => {
      const before = await add(form);
      test.editor.tool.set('segment');
      expect(test.editor.refining.get()).toBe(before.id);
      test.click([220, 150]).click([110, 110], { alt: true });
      await rest();
      const last = requests.at(-1)!;
      expect(last.points.map(({ label }) => label)).toEqual([1, 0]);
      expect(kernel!.rleArea(last.previous!)).toBe(10_000);
      test.say('complete');
      const [after, ...others] = test.shapes();
      expect(others).toEqual([]);
      expect(after!.shape.type).toBe(form);
      expect(kernel!.shapeBounds(after!.shape)).toEqual([100, 100, 240, 200]);
      expect(after).toMatchObject({
        id: before.id,
        label_id: before.label_id,
        attributes: before.attributes,
      });
      expect(test.editor.refining.get()).toBeNull();
      test.editor.history.undo();
      expect(kernel!.shapeBounds(test.shapes()[0]!.shape)).toEqual([100, 100, 200, 200]);
    });

    it('leaves the object as it is on Escape, then makes new ones', async () => {
      const before = await add('polygon');
      test.editor.tool.set('segment');
      test.click([220, 150]);
      await rest();
      expect(test.editor.overlay.get().replaced.has(before.id)).toBe(true);
      test.say('cancel');
      expect(test.editor.overlay.get().replaced.size).toBe(0);
      test.say('cancel');
      expect(test.editor.refining.get()).toBeNull();
      expect(test.editor.tool.get()).toBe('segment');
      test.click([220, 150]);
      await rest();
      expect(requests.at(-1)!.previous).toBeUndefined();
      test.say('complete');
      expect(test.shapes()).toHaveLength(2);
    });

    it('makes a new one for who was drawing, and for what is kept from change', async () => {
      const { id } = await add('polygon');
      test.editor.tool.set('box');
      test.editor.select([id]);
      test.editor.tool.set('segment');
      expect(test.editor.refining.get()).toBeNull();
      test.editor.tool.set('select');
      test.editor.guarded.set(new Set([id]));
      test.editor.tool.set('segment');
      expect(test.editor.refining.get()).toBeNull();
    });

    it('says so when the object went meanwhile', async () => {
      const { id } = await add('polygon');
      test.editor.tool.set('segment');
      test.click([220, 150]);
      await rest();
      test.editor.commit('Delete', [{ op: 'del', target: id }]);
      test.say('complete');
      expect(test.notices).toContain('target_gone');
      expect(test.shapes()).toEqual([]);
    });
  });
});
