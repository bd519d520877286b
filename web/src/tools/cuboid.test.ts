import { beforeEach, describe, expect, it } from 'vitest';
import { cuboidOf, cuboidOutline, faceCentre } from '../editor/cuboids/cuboid';
import { kCuboidHandles } from '../editor/handles/cuboidHandles';
import { loadTestKernel } from '../kernel/kernelFixture';
import type { ImageCuboidShape, Point } from '../kernel/records';
import { TestEditor } from './testEditor';

const kFront = { x: 100, y: 100, width: 100, height: 80 };
const kStill = { shift: false, alt: false, ctrl: false } as Parameters<
  typeof kCuboidHandles.drag
>[3];

describe('the handles of a cuboid', () => {
  const shape = cuboidOf(kFront, [260, 80], true);
  const drag = (id: string, to: Point, held: Partial<typeof kStill> = {}) =>
    kCuboidHandles.drag(shape, id, to, { ...kStill, ...held }) as ImageCuboidShape;

  it('are its eight corners and the middles of both faces', () => {
    const handles = kCuboidHandles.handles(shape, {} as never);
    expect(handles.map(({ id }) => id)).toEqual([...'01234567', 'front', 'back']);
    expect([handles[0]!.x, handles[0]!.y]).toEqual(shape.points[0]);
    const back = handles.at(-1)!;
    expect([back.x, back.y]).toEqual(faceCentre(shape, 'back'));
  });

  it('keep edges upright and level, but for one corner with Alt', () => {
    const pulled = drag('0', [90, 95]);
    expect(pulled.points.slice(0, 4)).toEqual([
      [90, 95],
      [200, 95],
      [200, 180],
      [90, 180],
    ]);
    expect(pulled.points.slice(4)).toEqual(shape.points.slice(4));
    const alone = drag('0', [90, 95], { alt: true });
    expect(alone.points.slice(1)).toEqual(shape.points.slice(1));
  });

  it('move a face whole, with Shift along one axis', () => {
    const [cx, cy] = faceCentre(shape, 'back');
    const moved = drag('back', [cx + 20, cy + 5]);
    expect(moved.points.slice(0, 4)).toEqual(shape.points.slice(0, 4));
    expect(faceCentre(moved, 'back')).toEqual([cx + 20, cy + 5]);
    expect(faceCentre(drag('back', [cx + 20, cy + 5], { shift: true }), 'back')).toEqual([
      cx + 20,
      cy,
    ]);
    const [fx, fy] = faceCentre(shape, 'front');
    const raised = drag('front', [fx + 1, fy - 9], { shift: true });
    expect(faceCentre(raised, 'front')).toEqual([fx, fy - 9]);
  });

  it('leave both faces an extent', () => {
    expect(kCuboidHandles.sound(shape)).toBe(true);
    const flat = shape.points.map(([x, y], at): Point => (at < 4 ? [x, 100] : [x, y]));
    expect(kCuboidHandles.sound({ ...shape, points: flat })).toBe(false);
  });
});

it('an outline has the front and only the sides that are turned to us', () => {
  expect(cuboidOutline(cuboidOf(kFront, [260, 80])).paths).toHaveLength(3);
  const ahead = cuboidOutline(cuboidOf(kFront, [190, 170]));
  expect(ahead.paths, 'all sides are behind the front').toHaveLength(1);
  expect(cuboidOutline(cuboidOf(kFront, [260, 80])).bounds).toEqual([100, 80, 260, 180]);
});

const kernel = await loadTestKernel();

describe.skipIf(!kernel)('the cuboid tool', () => {
  let test: TestEditor;
  beforeEach(async () => {
    test = await TestEditor.open(kernel!);
    test.editor.tool.set('cuboid');
  });
  const settle = () => new Promise((done) => setTimeout(done, 0));
  const only = () => {
    expect(test.shapes()).toHaveLength(1);
    return test.shapes()[0]!.shape as ImageCuboidShape;
  };

  it('draws the front by a drag and the depth by a click', async () => {
    test.drag([100, 100], [200, 180]);
    expect(test.toolbox.path()).toBe('cuboid.depth');
    test.click([260, 80]);
    await settle();
    expect(only().points.slice(0, 4)).toEqual([
      [100, 100],
      [200, 100],
      [200, 180],
      [100, 180],
    ]);
    expect(only().points[5]).toEqual([260, 80]);
    expect(only().points[5]![0] - only().points[4]![0], 'farther is smaller').toBe(80);
    expect(test.toolbox.path()).toBe('cuboid.idle');
  });

  it('draws by clicks, square and parallel with Shift, and stays inside of the image', async () => {
    test.click([100, 100], { shift: true }).click([160, 140], { shift: true });
    test.click([900, 90], { shift: true });
    await settle();
    const { points } = only();
    expect(points[2]![0] - points[0]![0]).toBe(points[2]![1] - points[0]![1]);
    expect(points[5]![0] - points[4]![0]).toBe(points[1]![0] - points[0]![0]);
    expect(Math.max(...points.map(([x]) => x))).toBe(640);
  });

  it('makes nothing of a tiny front, and goes back by Escape and Backspace', async () => {
    test.click([100, 100]).click([101, 101]);
    expect(test.toolbox.path()).toBe('cuboid.idle');
    test.drag([100, 100], [200, 180]).say('cancel');
    expect(test.toolbox.path()).toBe('cuboid.idle');
    test.drag([100, 100], [200, 180]).say('back');
    expect([test.toolbox.path(), test.editor.overlay.get().drawing]).toEqual(['cuboid.idle', null]);
    test.click([100, 100]).say('cancel');
    await settle();
    expect(test.shapes()).toEqual([]);
  });

  it('finishes by Enter, and places a whole one by Enter alone', async () => {
    test.drag([100, 100], [200, 180]).say('complete');
    await settle();
    expect(only().points[5]).toEqual([225, 84]);
    test.say('complete');
    await settle();
    expect(test.shapes()).toHaveLength(2);
    expect(test.editor.tool.get()).toBe('select');
  });
});
