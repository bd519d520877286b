import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadTestKernel } from '../kernel/kernelFixture';
import { polygonParts, type Shape } from '../kernel/records';
import { kEditCommands } from '../editor/commands/editCommands';
import { chooseLabel } from '../editor/commands/labelCommands';
import { TestEditor } from './testEditor';

const kernel = await loadTestKernel();
const settle = () => new Promise((done) => setTimeout(done, 0));

describe.skipIf(!kernel)('tools', () => {
  let test: TestEditor;
  const shape = (index = 0): Shape => test.shapes()[index]!.shape;
  const command = (id: string) => {
    const found = kEditCommands.find((candidate) => candidate.id === id)!;
    const page = {} as never;
    found.run({
      editor: test.editor,
      page,
      dispatch: (input) => test.toolbox.dispatch(input),
    });
  };

  beforeEach(async () => {
    vi.stubGlobal('requestAnimationFrame', (draw: FrameRequestCallback) => setTimeout(draw, 16));
    vi.stubGlobal('cancelAnimationFrame', clearTimeout);
    test = await TestEditor.open(kernel!);
  });

  afterEach(() => vi.unstubAllGlobals());

  describe('box', () => {
    beforeEach(() => test.editor.tool.set('box'));

    it('is drawn by a drag, in any direction', async () => {
      test.drag([200, 150], [100, 100]);
      await settle();
      expect(shape()).toEqual({ type: 'box', x: 100, y: 100, width: 100, height: 50 });
      expect(test.toolbox.path()).toBe('box.idle');
    });

    it('is drawn by two clicks', async () => {
      test.click([100, 100]);
      expect(test.toolbox.path()).toBe('box.drawing');
      test.point('move', [150, 120]).click([200, 200]);
      await settle();
      expect(shape()).toEqual({ type: 'box', x: 100, y: 100, width: 100, height: 100 });
    });

    it('stays on the image, is square with Shift and centred with Alt', async () => {
      test.drag([600, 400], [900, 900]);
      test.drag([100, 100], [150, 120], { shift: true });
      test.drag([300, 300], [320, 310], { alt: true });
      await settle();
      expect(shape(0)).toMatchObject({ width: 40, height: 80 });
      expect(shape(1)).toMatchObject({ width: 50, height: 50 });
      expect(shape(2)).toMatchObject({ x: 280, y: 290, width: 40, height: 20 });
    });

    it('starts on top of another one instead of grabbing it', async () => {
      test.drag([100, 100], [300, 300]).drag([150, 150], [250, 250]);
      await settle();
      expect(test.shapes()).toHaveLength(2);
    });

    it('drops what is too small, and Escape drops what is begun', async () => {
      test.click([100, 100]).click([101, 101]);
      test.click([100, 100]).say('cancel');
      expect(test.toolbox.path()).toBe('box.idle');
      test.say('cancel');
      await settle();
      expect(test.shapes()).toHaveLength(0);
      expect(test.editor.tool.get()).toBe('select');
    });

    it('takes the first label that accepts a box', async () => {
      const [car, dog] = test.labels;
      test.editor.labels.set([
        { ...car!, kind: 'polygon' },
        { ...dog!, kind: 'box' },
      ]);
      test.drag([10, 10], [60, 60]);
      await settle();
      expect(test.shapes()[0]?.label_id).toBe(dog!.id);
    });

    it('makes a first label where there is none', async () => {
      test.editor.labels.set([]);
      test.drag([10, 10], [60, 60]);
      expect(test.editor.overlay.get().drawing).not.toBeNull();
      await settle();
      expect(test.shapes()).toHaveLength(1);
      expect(test.editor.labelOf(test.shapes()[0]!).name).toBe('object');
      expect(test.editor.overlay.get().drawing).toBeNull();
    });

    it('can be placed without a pointer', async () => {
      test.say('complete');
      await settle();
      expect(shape()).toEqual({ type: 'box', x: 240, y: 180, width: 160, height: 120 });
    });
  });

  describe('polygon', () => {
    beforeEach(() => test.editor.tool.set('polygon'));

    it('closes on its first vertex, by Enter and by a double click', async () => {
      test.click([10, 10]).click([60, 10]).click([60, 60]).click([12, 12]);
      test.click([110, 10]).click([160, 10]).click([160, 60]).say('complete');
      test.click([210, 10]).click([260, 10]).click([260, 60]).click([260, 60]);
      test.point('double', [260, 60]);
      await settle();
      const counts = test
        .shapes()
        .map((item) =>
          item.shape.type === 'polygon' ? polygonParts(item.shape)[0]!.points.length : 0,
        );
      expect(counts).toEqual([3, 3, 3]);
    });

    it('takes vertices back and needs three of them', async () => {
      test.click([10, 10]).click([60, 10]).say('complete');
      expect(test.toolbox.path()).toBe('polygon.drawing');
      test.say('back').say('back');
      await settle();
      expect(test.toolbox.path()).toBe('polygon.idle');
      expect(test.shapes()).toHaveLength(0);
    });
  });

  describe('select', () => {
    beforeEach(async () => {
      test.editor.tool.set('box');
      test.drag([100, 100], [200, 200]).drag([300, 100], [400, 180]);
      await settle();
      test.editor.tool.set('select');
      test.editor.select([]);
    });

    it('selects, moves in one step and stays on the image', () => {
      test.drag([150, 150], [170, 160]);
      expect(shape()).toMatchObject({ x: 120, y: 110, width: 100 });
      test.drag([150, 150], [-900, -900]);
      expect(shape()).toMatchObject({ x: 0, y: 0 });
      test.editor.history.undo();
      expect(shape()).toMatchObject({ x: 120, y: 110 });
      test.editor.history.undo();
      expect(shape()).toMatchObject({ x: 100, y: 100 });
    });

    it('resizes by a grip; Escape puts it back', () => {
      test.click([150, 150]).drag([200, 200], [260, 240]);
      expect(shape()).toMatchObject({ x: 100, y: 100, width: 160, height: 140 });
      test.point('down', [260, 240]).point('move', [300, 300], { button: 0 }).say('cancel');
      expect(shape()).toMatchObject({ width: 160, height: 140 });
      expect(test.editor.overlay.get().replaced.size).toBe(0);
    });

    it('crosses over when a grip is pulled past the other side', () => {
      test.click([150, 150]).drag([200, 150], [50, 150]);
      expect(shape()).toMatchObject({ x: 50, width: 50 });
    });

    it('selects several by a marquee and by Shift, and deletes them in one step', () => {
      test.drag([90, 90], [450, 250]);
      expect(test.editor.selection.get().size).toBe(2);
      test.click([350, 140], { shift: true });
      expect(test.editor.selection.get().size).toBe(1);
      command('edit.all');
      command('edit.delete');
      expect(test.shapes()).toHaveLength(0);
      command('edit.undo');
      expect(test.shapes()).toHaveLength(2);
    });

    it('walks down the pile when the same place is clicked again', async () => {
      test.editor.tool.set('box');
      test.drag([110, 110], [205, 205]);
      await settle();
      test.editor.tool.set('select');
      test.editor.select([]);
      const [first, , third] = test.shapes().map((item) => item.id);
      test.click([150, 150]);
      const one = [...test.editor.selection.get()][0];
      test.click([150, 150]);
      const two = [...test.editor.selection.get()][0];
      expect(new Set([one, two])).toEqual(new Set([first, third]));
    });

    it('changes labels, nudges and copies', () => {
      test.click([150, 150]);
      chooseLabel(test.editor, test.labels[1]!.id);
      expect(test.shapes()[0]?.label_id).toBe(test.labels[1]!.id);
      command('edit.nudge.ArrowRight.far');
      expect(shape()).toMatchObject({ x: 110 });
      command('edit.duplicate');
      expect(test.shapes()).toHaveLength(3);
    });

    it('brings to the front and sends to the back', () => {
      const ids = () => test.shapes().map((item) => item.id);
      const [a, b] = ids();
      test.editor.select([a!]);
      command('edit.front');
      expect(ids()).toEqual([b, a]);
      command('edit.back');
      expect(ids()).toEqual([a, b]);
      test.editor.select([b!]);
      command('edit.back');
      expect(ids()).toEqual([b, a]);
      for (let i = 0; i < 3; i++) command('edit.undo');
      expect(ids()).toEqual([a, b]);
    });

    it('sends each gesture as operations the server accepts', async () => {
      test.drag([150, 150], [170, 160]).click([150, 150]).drag([220, 210], [260, 240]);
      const stored = await test.stored();
      expect(test.notices).toEqual([]);
      expect(stored.map((item) => item.shape)).toEqual(test.shapes().map((item) => item.shape));
    });
  });

  describe('vertices', () => {
    const points = () => {
      const found = shape();
      return found.type === 'polygon' ? polygonParts(found)[0]!.points : [];
    };

    beforeEach(async () => {
      test.editor.tool.set('polygon');
      test.click([100, 100]).click([200, 100]).click([200, 200]).click([100, 200]).say('complete');
      await settle();
      test.editor.tool.set('select');
    });

    it('are dragged', () => {
      test.drag([200, 100], [250, 90]);
      expect(points()).toEqual([
        [100, 100],
        [250, 90],
        [200, 200],
        [100, 200],
      ]);
    });

    it('are born on an edge, also on the closing one', () => {
      test.drag([150, 100], [150, 80]).drag([100, 150], [80, 150]);
      expect(points()).toEqual([
        [100, 100],
        [150, 80],
        [200, 100],
        [200, 200],
        [100, 200],
        [80, 150],
      ]);
      test.editor.history.undo();
      test.editor.history.undo();
      expect(points()).toHaveLength(4);
    });

    it('are deleted by Alt and click, but never below three', () => {
      test.click([200, 100], { alt: true }).click([100, 100], { alt: true });
      expect(points()).toEqual([
        [100, 100],
        [200, 200],
        [100, 200],
      ]);
      expect(test.notices).toEqual(['vertex_needed']);
    });

    it('keep the server in step', async () => {
      test.drag([150, 100], [150, 80]).drag([200, 200], [220, 220]);
      const stored = await test.stored();
      expect(test.notices).toEqual([]);
      expect(stored[0]?.shape).toEqual(shape());
    });
  });

  describe('AI click', () => {
    const mask = () => {
      const bytes = new Uint8Array(480 * 640);
      for (let y = 100; y < 200; y++) bytes.fill(1, y * 640 + 100, y * 640 + 220);
      return { rle: kernel!.encodeRle(bytes, 480, 640), score: 0.9 };
    };

    beforeEach(() => test.editor.tool.set('segment'));

    it('sends positive and negative points and a box', async () => {
      const asked: unknown[] = [];
      test.segment = (request) => {
        asked.push(request);
        return Promise.resolve(mask());
      };
      test.click([150, 150]).click([300, 300], { alt: true }).click([310, 300], { button: 2 });
      test.drag([90, 90], [230, 210]);
      await settle();
      expect(asked.at(-1)).toEqual({
        points: [
          { x: 150, y: 150, label: 1 },
          { x: 300, y: 300, label: 0 },
          { x: 310, y: 300, label: 0 },
        ],
        box: [90, 90, 230, 210],
      });
    });

    it.each([
      ['polygon', 'polygon'],
      ['mask', 'mask'],
    ] as const)('keeps the preview as a %s on Enter', async (form, type) => {
      test.segment = () => Promise.resolve(mask());
      test.editor.maskForm.set(form);
      test.click([150, 150]);
      await settle();
      expect(test.editor.overlay.get().prompt?.mask).not.toBeNull();
      expect(test.shapes()).toHaveLength(0);
      test.say('complete');
      await settle();
      expect(shape().type).toBe(type);
      expect(kernel!.shapeBounds(shape())).toEqual([100, 100, 220, 200]);
      expect(test.editor.overlay.get().prompt).toBeNull();
    });

    it('becomes a box under a label that takes boxes only', async () => {
      test.segment = () => Promise.resolve(mask());
      test.editor.labels.set([{ ...test.labels[0]!, kind: 'box' }]);
      test.click([150, 150]);
      await settle();
      test.say('complete');
      await settle();
      expect(shape()).toEqual({ type: 'box', x: 100, y: 100, width: 120, height: 100 });
    });

    it('aborts the request before, and on Escape', async () => {
      const signals: AbortSignal[] = [];
      test.segment = (_request, signal) => {
        signals.push(signal);
        return new Promise(() => {});
      };
      test.click([150, 150]).click([160, 150]);
      expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
      test.say('cancel');
      expect(signals[1]?.aborted).toBe(true);
      expect(test.editor.overlay.get().prompt).toBeNull();
      expect(test.editor.tool.get()).toBe('segment');
    });

    it('waits while Ctrl is held', async () => {
      let calls = 0;
      test.segment = () => {
        calls += 1;
        return Promise.resolve(mask());
      };
      test.click([150, 150], { ctrl: true }).click([160, 150], { ctrl: true });
      expect(calls).toBe(0);
      test.say('release');
      await settle();
      expect(calls).toBe(1);
    });

    it('says when nothing was found or the model failed, and goes on', async () => {
      test.click([150, 150]);
      await settle();
      test.segment = () => Promise.reject(new Error('busy'));
      test.click([160, 150]);
      await settle();
      expect(test.notices).toEqual(['no_mask', 'segment_failed']);
      test.say('back');
      expect(test.editor.overlay.get().prompt).toBeNull();
    });
  });
});
