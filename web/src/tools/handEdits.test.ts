import { beforeEach, describe, expect, it } from 'vitest';
import { kCommands } from '../editor/commands/all';
import { converted, convertible, convertObjects } from '../editor/masks/convert';
import { snapPoint } from '../editor/snapping/snapping';
import { loadTestKernel } from '../kernel/kernelFixture';
import { polygonParts, type Point, type PolygonShape, type Shape } from '../kernel/records';
import { TestEditor } from './testEditor';

const kernel = await loadTestKernel();
const settle = () => new Promise((done) => setTimeout(done, 0));

describe.skipIf(!kernel)('edits by hand', () => {
  let test: TestEditor;
  const shape = (index = 0): Shape => test.shapes()[index]!.shape;
  const run = (id: string) => {
    const command = kCommands.find((candidate) => candidate.id === id)!;
    const context = {
      editor: test.editor,
      page: {} as never,
      dispatch: (input: never) => test.toolbox.dispatch(input),
    };
    const enabled = command.enabled?.(context) !== false;
    if (enabled) command.run(context);
    return enabled;
  };
  const add = async (made: Shape) => {
    const id = (await test.editor.create(made))!;
    test.editor.tool.set('select');
    return id;
  };
  const square = (x: number, y: number, side: number): Shape => ({
    type: 'mask',
    rle: kernel!.encodePart(
      { x, y, width: side, height: side, bytes: new Uint8Array(side * side).fill(1) },
      480,
      640,
    ),
  });
  const points = () => (shape() as Shape & { points: Point[] }).points;

  beforeEach(async () => {
    test = await TestEditor.open(kernel!);
  });

  it('moves a mask by arrows and by mouse, by whole pixels, not over the border', async () => {
    await add(square(100, 60, 20));
    run('edit.nudge.ArrowRight');
    run('edit.nudge.ArrowDown.far');
    expect(kernel!.shapeBounds(shape())).toEqual([101, 70, 121, 90]);
    test.drag([110, 80], [140.4, 80.3]);
    expect(kernel!.shapeBounds(shape())).toEqual([131, 70, 151, 90]);
    test.drag([140, 80], [0, 80]);
    expect(kernel!.shapeBounds(shape())).toEqual([0, 70, 20, 90]);
    expect(kernel!.rleArea((shape() as Shape & { type: 'mask' }).rle)).toBe(400);
    test.editor.history.undo();
    expect(kernel!.shapeBounds(shape())).toEqual([131, 70, 151, 90]);
    expect((await test.stored()).map((item) => item.shape)).toEqual([shape()]);
  });

  it('leaves under the mouse what is locked or pinned, and moves the rest', async () => {
    const box = (x: number): Shape => ({ type: 'box', x, y: 100, width: 40, height: 40 });
    const ids = [await add(box(100)), await add(box(200)), await add(box(300))];
    test.editor.guarded.set(new Set([ids[0]!]));
    test.editor.pinned.set(new Set([ids[1]!]));
    test.editor.select(ids);
    test.drag([320, 120], [320, 170]);
    expect(test.shapes().map((one) => (one.shape as Shape & { y: number }).y)).toEqual([
      100, 100, 150,
    ]);
  });

  it('adds a point to a set by Alt and a click beside it, and takes one away on it', async () => {
    const id = await add({ type: 'points', points: [[100, 100]] });
    test.click([200, 150], { alt: true });
    expect(points()).toEqual([
      [100, 100],
      [200, 150],
    ]);
    test.click([100, 100], { alt: true });
    expect(points()).toEqual([[200, 150]]);
    test.click([200, 150], { alt: true });
    expect(points()).toHaveLength(1);
    expect(test.notices).toEqual(['vertex_needed']);
    test.editor.guarded.set(new Set([id]));
    test.click([300, 300], { alt: true });
    expect(points()).toHaveLength(1);
  });

  it('adds points and vertices by keys', async () => {
    await add({ type: 'points', points: [[100, 100]] });
    run('vertex.add');
    run('vertex.move.ArrowRight');
    expect(points()).toEqual([
      [100, 100],
      [117, 100],
    ]);
    test.click([100, 100], { alt: true });
    expect(run('vertex.add')).toBe(true);
    expect(points()).toHaveLength(2);
    test.editor.history.undo();
    const ring: Point[] = [
      [10, 10],
      [50, 10],
      [50, 50],
    ];
    await add({ type: 'polygon', parts: [{ points: ring }] });
    expect(run('vertex.add')).toBe(false);
    run('vertex.next');
    run('vertex.previous');
    run('vertex.add');
    const [part] = (shape(1) as Shape & { type: 'polygon' }).parts!;
    expect(part!.points).toEqual([...ring, [30, 30]]);
    await add({ type: 'polyline', points: ring.slice(0, 2) });
    run('vertex.previous');
    expect(run('vertex.add')).toBe(false);
  });

  it('snaps boxes and vertices to guides, unless told not to', async () => {
    test.editor.view.guides.set([
      { axis: 'x', at: 200 },
      { axis: 'y', at: 120 },
      { axis: 'x', at: 206 },
    ]);
    test.editor.tool.set('box');
    test.drag([202, 117], [300, 300]);
    await settle();
    expect(shape()).toMatchObject({ type: 'box', x: 200, y: 120, width: 100, height: 180 });
    const near = { point: [204, 250] as Point, ctrl: false };
    expect(snapPoint(test.editor, near, { except: test.shapes()[0]!.id })?.point).toEqual([
      206, 250,
    ]);
    run('vector.snapping');
    test.drag([402, 117], [500, 300]);
    await settle();
    expect(shape(1)).toMatchObject({ x: 402, y: 117 });
  });

  it('cuts holes without a key held once that is switched on', async () => {
    const ring: Point[] = [
      [100, 100],
      [300, 100],
      [300, 300],
      [100, 300],
    ];
    await add({ type: 'polygon', parts: [{ points: ring }] });
    run('vector.holes');
    expect(test.editor.tool.get()).toBe('polygon');
    for (const at of [
      [150, 150],
      [200, 150],
      [200, 200],
    ] as Point[])
      test.click(at, { ctrl: true });
    test.say('complete');
    await settle();
    expect(test.shapes()).toHaveLength(1);
    const [part] = (shape() as Shape & { type: 'polygon' }).parts!;
    expect(part!.holes).toHaveLength(1);
  });

  it('shows what a conversion gives, the coarser the fewer vertices', async () => {
    const circle = kernel!.polygonToRle(
      [
        {
          points: Array.from({ length: 60 }, (_, i): Point => {
            const turn = (i * Math.PI) / 30;
            return [200 + 80 * Math.cos(turn), 200 + 80 * Math.sin(turn)];
          }),
        },
      ],
      480,
      640,
    );
    const id = await add({ type: 'mask', rle: circle });
    const vertices = (tolerance: number) => {
      const made = converted(test.editor, 'polygon', tolerance).get(id) as Shape & {
        type: 'polygon';
      };
      return made.parts!.flatMap((part) => part.points).length;
    };
    expect(vertices(10)).toBeLessThan(vertices(2));
    expect(vertices(2)).toBeLessThan(vertices(0));
    expect(shape().type).toBe('mask');
    test.editor.guarded.set(new Set([id]));
    expect(converted(test.editor, 'box', 1).size).toBe(0);
  });

  it('makes a polygon simpler as one step, also its holes, and only where asked to', async () => {
    const ring = (radius: number) =>
      Array.from({ length: 60 }, (_, i): Point => {
        const turn = (i * Math.PI) / 30;
        return [200 + radius * Math.cos(turn), 200 + radius * Math.sin(turn)];
      });
    const id = await add({ type: 'polygon', parts: [{ points: ring(80), holes: [ring(40)] }] });
    const before = shape();
    expect(convertible(test.editor, 'polygon')).toEqual([]);
    expect(convertible(test.editor, 'polygon', true)).toEqual([id]);
    expect(converted(test.editor, 'polygon', 0).size).toBe(0);
    convertObjects(test.editor, [id], 'polygon', { title: 'Simplify', tolerance: 3 });
    const [part] = polygonParts(shape() as PolygonShape);
    expect(part!.points.length).toBeLessThan(20);
    expect(part!.holes![0]!.length).toBeLessThan(20);
    for (const [x, y] of part!.points) expect(Math.hypot(x - 200, y - 200)).toBeCloseTo(80, 1);
    test.editor.history.undo();
    expect(shape()).toEqual(before);
  });
});
