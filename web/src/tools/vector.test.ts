import { beforeEach, describe, expect, it } from 'vitest';
import { kVectorCommands } from '../editor/commands/vectorCommands';
import { loadTestKernel } from '../kernel/kernelFixture';
import { polygonParts, type Point, type Shape } from '../kernel/records';
import { TestEditor } from './testEditor';

const kernel = await loadTestKernel();
const settle = () => new Promise((done) => setTimeout(done, 0));
/** The set operations load their library first. */
const settled = async (check: () => boolean) => {
  while (!check()) await settle();
};

describe.skipIf(!kernel)('vector tools', () => {
  let test: TestEditor;
  const shape = (index = 0): Shape => test.shapes()[index]!.shape;
  const rings = (index = 0) => {
    const found = shape(index);
    return found.type === 'polygon'
      ? polygonParts(found).map((part) => [part.points, ...(part.holes ?? [])])
      : [];
  };
  const run = (id: string) => {
    const command = kVectorCommands.find((candidate) => candidate.id === id)!;
    const context = {
      editor: test.editor,
      page: {} as never,
      dispatch: (input: never) => test.toolbox.dispatch(input),
    };
    if (command.enabled?.(context) !== false) command.run(context);
  };
  const polygon = async (...points: Point[]) => {
    test.editor.tool.set('polygon');
    for (const point of points) test.click(point, { ctrl: true });
    test.say('complete');
    await settle();
  };

  beforeEach(async () => {
    test = await TestEditor.open(kernel!);
  });

  it('draws a rotated box by a side and the width, on either side of it', async () => {
    test.editor.tool.set('rotated_box');
    test.click([100, 100]).click([200, 100]).click([150, 60]);
    test.click([300, 100]).click([300, 200]).click([340, 150]);
    await settle();
    expect(shape(0)).toEqual({ type: 'box', x: 100, y: 60, width: 100, height: 40 });
    expect(shape(1)).toEqual({
      type: 'box',
      x: 270,
      y: 130,
      width: 100,
      height: 40,
      rotation: 90,
    });
  });

  it('holds the side of a rotated box to steps, and gives its points back', async () => {
    test.editor.tool.set('rotated_box');
    test.click([100, 100]).click([200, 104], { shift: true });
    test.say('back').click([100, 200]).say('cancel');
    expect(test.toolbox.path()).toBe('rotated_box.idle');
    test.click([100, 100]).click([200, 104], { shift: true }).click([150, 140]);
    await settle();
    expect(shape()).not.toHaveProperty('rotation');
  });

  it('draws a box around extreme points in any order', async () => {
    test.editor.tool.set('extreme_box');
    test.click([200, 50]).click([90, 120]).click([310, 140]).click([180, 260]);
    await settle();
    expect(shape()).toEqual({ type: 'box', x: 90, y: 50, width: 220, height: 210 });
    expect(test.editor.overlay.get().painters.size).toBe(0);
  });

  it('draws lines and points, and takes points back', async () => {
    test.editor.tool.set('polyline');
    test.click([10, 20]).click([60, 20]).click([90, 90]).say('back').say('complete');
    test.editor.tool.set('points');
    test.click([300, 300]).click([320, 300]).point('double', [320, 300]);
    await settle();
    expect(shape(0)).toMatchObject({
      type: 'polyline',
      points: [
        [10, 20],
        [60, 20],
      ],
    });
    expect(shape(1)).toMatchObject({
      type: 'points',
      points: [
        [300, 300],
        [320, 300],
      ],
    });
  });

  it('draws ellipses, circles with Shift and about the centre with Alt', async () => {
    test.editor.tool.set('ellipse');
    test.drag([100, 100], [200, 150]).drag([300, 300], [340, 320], { shift: true, alt: true });
    await settle();
    expect(shape(0)).toEqual({ type: 'ellipse', cx: 150, cy: 125, rx: 50, ry: 25 });
    expect(shape(1)).toEqual({ type: 'ellipse', cx: 300, cy: 300, rx: 40, ry: 40 });
  });

  it.each(['rotated_box', 'extreme_box', 'polygon', 'polyline', 'points', 'ellipse'] as const)(
    'places a %s without a pointer, and the server takes it',
    async (tool) => {
      test.editor.tool.set(tool);
      test.say('complete');
      await settle();
      expect(test.notices).toEqual([]);
      expect((await test.stored()).map((item) => item.shape)).toEqual([shape()]);
    },
  );

  describe('snapping', () => {
    beforeEach(() => polygon([100, 100], [200, 100], [200, 200], [100, 200]));

    it('goes to vertices before edges, and to the border; Ctrl suspends it', async () => {
      test.editor.tool.set('polygon');
      test.click([203, 104]).click([197, 150]).click([300, 3]).click([300, 300], { ctrl: true });
      test.say('complete');
      await settle();
      expect(rings(1)[0]![0]).toEqual([
        [200, 100],
        [200, 150],
        [300, 0],
        [300, 300],
      ]);
      await polygon([203, 104], [197, 150], [300, 3]);
      expect(rings(2)[0]![0]).toEqual([
        [203, 104],
        [197, 150],
        [300, 3],
      ]);
    });

    it('holds for a vertex that is dragged, but not to its own shape', async () => {
      await polygon([300, 100], [400, 100], [400, 200]);
      test.editor.tool.set('select');
      test.drag([300, 100], [205, 105]);
      expect(rings(1)[0]![0]![0]).toEqual([200, 100]);
      test.drag([200, 100], [396, 104]);
      expect(rings(1)[0]![0]![0]).toEqual([396, 104]);
    });

    it('follows a contour: start, direction, end', async () => {
      test.editor.tool.set('polyline');
      test.click([100, 100]).say('trace').click([200, 100]).click([100, 200]).say('complete');
      await settle();
      expect(shape(1)).toMatchObject({
        points: [
          [100, 100],
          [200, 100],
          [200, 200],
          [100, 200],
        ],
      });
      test.click([300, 300]).say('trace');
      expect(test.notices).toEqual(['no_contour']);
    });

    it('takes the shorter way first', async () => {
      test.editor.tool.set('polyline');
      test.click([150, 100]).say('trace').click([100, 150]).say('complete');
      await settle();
      expect(shape(1)).toMatchObject({
        points: [
          [150, 100],
          [100, 100],
          [100, 150],
        ],
      });
    });
  });

  describe('a polygon', () => {
    beforeEach(() => polygon([100, 100], [300, 100], [300, 200], [100, 200]));

    it('gets a hole by Alt, which goes to the server and back', async () => {
      test.editor.tool.set('polygon');
      test.click([150, 120], { alt: true }).click([200, 120]).click([200, 170]).say('complete');
      await settle();
      expect(rings()[0]).toHaveLength(2);
      expect((await test.stored())[0]?.shape).toEqual(shape());
      test.editor.history.undo();
      expect(rings()[0]).toHaveLength(1);
    });

    it('loses what a hole over its border covers', async () => {
      test.editor.tool.set('polygon');
      test.click([250, 120], { alt: true, ctrl: true });
      for (const point of [
        [350, 120],
        [350, 180],
        [250, 180],
      ] as Point[]) {
        test.click(point, { ctrl: true });
      }
      test.say('complete');
      await settled(() => rings()[0]![0]!.length > 4);
      expect(rings()[0]![0]).toHaveLength(8);
    });

    it('is sliced in two that share the cut; undone in one step', async () => {
      test.editor.tool.set('slice');
      test.click([200, 50], { ctrl: true }).click([200, 250], { ctrl: true }).say('complete');
      await settled(() => test.shapes().length === 2);
      expect(rings(0)[0]![0]).toEqual([
        [300, 100],
        [300, 200],
        [200, 200],
        [200, 100],
      ]);
      expect(rings(1)[0]![0]).toEqual([
        [100, 200],
        [100, 100],
        [200, 100],
        [200, 200],
      ]);
      test.editor.history.undo();
      expect(test.shapes()).toHaveLength(1);
    });

    it('opens a hole that the cut goes through', async () => {
      test.editor.tool.set('polygon');
      test.click([150, 120], { alt: true }).click([250, 120]).click([250, 170]).click([150, 170]);
      test.say('complete').editor.tool.set('slice');
      test.drag([200, 50], [200, 250], { ctrl: true });
      await settled(() => test.shapes().length === 2);
      expect(rings(0)[0]).toHaveLength(1);
      expect(rings(0)[0]![0]).toHaveLength(8);
    });

    it('says when a line cuts nothing', async () => {
      test.editor.tool.set('slice');
      test.click([200, 50], { ctrl: true }).click([200, 150], { ctrl: true }).say('complete');
      await settled(() => test.notices.length > 0);
      expect(test.notices).toEqual(['slice_missed']);
    });

    it('is joined with others; apart they become parts of one', async () => {
      await polygon([300, 100], [400, 100], [400, 200], [300, 200]);
      await polygon([500, 300], [560, 300], [560, 360]);
      test.editor.select(test.shapes().map((item) => item.id));
      run('tool.join');
      await settled(() => test.shapes().length === 1);
      expect(rings()).toHaveLength(2);
      expect((await test.stored())[0]?.shape).toEqual(shape());
      run('tool.join');
      expect(test.editor.tool.get()).toBe('join');
    });

    it('has its vertices moved and deleted by keys', async () => {
      test.editor.tool.set('select');
      run('vertex.next');
      run('vertex.next');
      run('vertex.move.ArrowRight');
      run('vertex.move.Shift+ArrowUp');
      expect(rings()[0]![0]![1]).toEqual([301, 90]);
      run('vertex.delete');
      run('vertex.delete');
      expect(test.notices).toEqual(['vertex_needed']);
      run('vertex.leave');
      expect(test.editor.vertex.get()).toBeNull();
    });

    it('turns about its middle', () => {
      test.editor.tool.set('select');
      for (let i = 0; i < 6; i++) run('vector.turn.ArrowDown');
      expect(rings()[0]![0]![0]!.map(Math.round)).toEqual([250, 50]);
    });

    it('is drawn again with its label; another tool forgets it', async () => {
      const { id } = test.shapes()[0]!;
      test.editor.tool.set('select');
      run('vector.redraw');
      for (const point of [
        [10, 10],
        [50, 10],
        [50, 50],
      ] as Point[]) {
        test.click(point, { ctrl: true });
      }
      test.say('complete');
      await settle();
      expect(test.shapes().map((item) => item.id)).toEqual([id]);
      expect(rings()[0]![0]).toHaveLength(3);
      expect(test.editor.tool.get()).toBe('select');
      run('vector.redraw');
      test.editor.tool.set('box');
      expect(test.editor.redraw.target.get()).toBeNull();
    });
  });

  it('turns boxes by their knob, with Shift in steps, and stretches ellipses', async () => {
    test.editor.tool.set('box');
    test.drag([300, 200], [400, 260]);
    await settle();
    test.editor.tool.set('select');
    test.drag([350, 174], [440, 236], { shift: true });
    expect(shape()).toMatchObject({ x: 300, y: 200, rotation: 90 });
    test.editor.tool.set('ellipse');
    test.drag([100, 100], [200, 160]);
    await settle();
    test.editor.tool.set('select');
    test.drag([200, 130], [240, 130]);
    expect(shape(1)).toEqual({ type: 'ellipse', cx: 170, cy: 130, rx: 70, ry: 30 });
  });

  it('takes the last drawing tool again', () => {
    test.editor.tool.set('ellipse');
    test.editor.tool.set('select');
    run('vector.repeat');
    expect(test.editor.tool.get()).toBe('ellipse');
  });
});
