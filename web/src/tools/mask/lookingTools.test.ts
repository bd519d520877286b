import { beforeEach, describe, expect, it } from 'vitest';
import { kMaskDefaults, setMaskSetting } from '../../editor/masks/maskSettings';
import { kMaskCommands } from '../../editor/commands/maskCommands';
import { Vision } from '../../editor/masks/vision';
import type { Rect } from '../../editor/camera';
import { loadTestKernel } from '../../kernel/kernelFixture';
import { loadTestVision } from '../../kernel/visionFixture';
import { VisionDesk } from '../../kernel/visionDesk';
import type { MaskShape } from '../../kernel/records';
import { TestEditor } from '../testEditor';

const kernel = await loadTestKernel();
const vision = await loadTestVision();

/** A red square of 100 pixels with a darker half, on grey. */
function colorAt(x: number, y: number): readonly [number, number, number] {
  if (x < 100 || y < 100 || x >= 200 || y >= 200) return [120, 120, 120];
  return x < 150 ? [200, 40, 40] : [170, 40, 40];
}

function pixels(rect: Rect, scale = 1): Promise<ImageData> {
  const width = Math.ceil(rect.width * scale);
  const height = Math.ceil(rect.height * scale);
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const color = colorAt(rect.x + (x + 0.5) / scale, rect.y + (y + 0.5) / scale);
      data.set([...color, 255], 4 * (y * width + x));
    }
  }
  return Promise.resolve({ width, height, data } as ImageData);
}

const settle = () => new Promise((done) => setTimeout(done, 20));

describe.skipIf(!kernel || !vision)('tools that look at the image', () => {
  let test: TestEditor;
  const rle = (index = 0) => (test.shapes()[index]!.shape as MaskShape).rle;
  const area = (index = 0) => kernel!.rleArea(rle(index));
  const bounds = (index = 0) => kernel!.shapeBounds(test.shapes()[index]!.shape);

  beforeEach(async () => {
    for (const name of ['tolerance', 'contiguous', 'cell', 'size'] as const) {
      setMaskSetting(name, kMaskDefaults[name]);
    }
    test = await TestEditor.open(kernel!);
    const desk = new VisionDesk(vision!);
    const ask = (request: Parameters<VisionDesk['answer']>[0]) =>
      Promise.resolve(desk.answer(request) as never);
    test.editor.vision = new Vision({ ask, close: () => {} }, pixels);
  });

  it('the wand takes one colour, and more with a drag', async () => {
    test.editor.tool.set('wand');
    test.click([120, 120]);
    await settle();
    expect(bounds()).toEqual([100, 100, 150, 200]);
    test.say('complete').point('down', [120, 120]).point('move', [165, 120]);
    test.point('up', [165, 120]);
    await settle();
    expect(bounds(1)).toEqual([100, 100, 200, 200]);
  });

  it('the wand goes on with the mask, and takes away with Alt', async () => {
    test.editor.tool.set('wand');
    test.click([120, 120]);
    await settle();
    test.click([180, 120]);
    await settle();
    expect(area()).toBe(10_000);
    test.click([120, 120], { alt: true });
    await settle();
    expect(bounds()).toEqual([150, 100, 200, 200]);
    test.editor.history.undo();
    expect(area()).toBe(10_000);
  });

  it('the wand leaves nothing behind after Escape', async () => {
    test.editor.tool.set('wand');
    test.point('down', [120, 120]).say('cancel').point('up', [120, 120]);
    await settle();
    expect(test.shapes()).toEqual([]);
    expect(test.toolbox.path()).toBe('wand.idle');
  });

  it('scissors follow the rim of the square', async () => {
    test.editor.tool.set('scissors');
    test.editor.maskForm.set('mask');
    for (const at of [[100, 150], [150, 100], [199, 150], [150, 199]] as const) {
      test.click(at);
      await settle();
    }
    test.say('complete');
    await settle();
    expect(area()).toBeGreaterThan(9_600);
    expect(area()).toBeLessThan(10_400);
    expect(bounds()!.map((edge) => Math.round(edge / 4) * 4)).toEqual([100, 100, 200, 200]);
  });

  it('scissors keep clicks that come faster than answers, and take one back', async () => {
    test.editor.tool.set('scissors');
    test.editor.maskForm.set('polygon');
    test.click([100, 150]).click([150, 100]).click([199, 150]).click([300, 300]);
    await settle();
    test.say('back').click([150, 199]);
    await settle();
    test.say('complete');
    await settle();
    const [shape] = test.shapes();
    expect(shape!.shape.type).toBe('polygon');
    expect(Math.abs(bounds()![2] - 200)).toBeLessThan(4);
  });

  it('superpixels keep to the square', async () => {
    test.editor.tool.set('superpixels');
    await settle();
    test.drag([110, 110], [140, 110]);
    await settle();
    expect(bounds()![0]).toBeGreaterThanOrEqual(99);
    expect(bounds()![2]).toBeLessThanOrEqual(152);
    const before = area();
    test.click([110, 110], { alt: true });
    await settle();
    expect(area()).toBeLessThan(before);
  });

  it('fill closes a hole, and takes an island away', async () => {
    setMaskSetting('size', 4);
    setMaskSetting('form', 'square');
    test.editor.tool.set('brush');
    const ring = [[50, 50], [90, 50], [90, 90], [50, 90], [50, 50]] as const;
    test.point('down', ring[0]);
    for (const at of ring.slice(1)) test.point('move', at, { button: 0 });
    test.point('up', ring[0]);
    await settle();
    expect(area()).toBe(44 * 44 - 36 * 36);
    test.editor.tool.set('fill');
    test.click([200, 200]);
    expect(test.notices).toEqual(['not_enclosed']);
    test.click([70, 70]);
    expect(area()).toBe(44 * 44);
    test.click([70, 70], { alt: true });
    expect(test.shapes()).toEqual([]);
  });

  it('a mask grows and shrinks by a pixel', async () => {
    setMaskSetting('size', 10);
    setMaskSetting('form', 'square');
    test.editor.tool.set('brush');
    test.click([100, 100]);
    await settle();
    const run = (id: string) =>
      kMaskCommands
        .find((command) => command.id === id)!
        .run({ editor: test.editor, page: {} as never, dispatch: () => false });
    run('mask.grow');
    expect(area()).toBe(12 * 12 - 4);
    run('mask.shrink');
    expect(area()).toBe(100);
  });
});
