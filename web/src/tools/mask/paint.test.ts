import { beforeEach, describe, expect, it } from 'vitest';
import { setMaskSetting } from '../../editor/masks/maskSettings';
import { kMaskCommands } from '../../editor/commands/maskCommands';
import type { MaskShape } from '../../kernel/records';
import { loadTestKernel } from '../../kernel/kernelFixture';
import { TestEditor } from '../testEditor';

const kernel = await loadTestKernel();
const settle = () => new Promise((done) => setTimeout(done, 0));

describe.skipIf(!kernel)('brush and eraser', () => {
  let test: TestEditor;
  const area = (index = 0) => kernel!.rleArea((test.shapes()[index]!.shape as MaskShape).rle);
  const run = (id: string) => {
    const command = kMaskCommands.find((candidate) => candidate.id === id)!;
    const context = { editor: test.editor, page: {} as never, dispatch: () => false };
    if (command.enabled?.(context) ?? true) command.run(context);
  };

  beforeEach(async () => {
    setMaskSetting('size', 20);
    setMaskSetting('form', 'square');
    test = await TestEditor.open(kernel!);
    test.editor.tool.set('brush');
  });

  it('begins a mask and goes on with it', async () => {
    test.drag([100, 100], [200, 100]);
    await settle();
    expect(area()).toBe(120 * 20);
    test.drag([150, 100], [150, 200]);
    expect(test.shapes()).toHaveLength(1);
    expect(area()).toBe(120 * 20 + 100 * 20);
  });

  it('sends strokes, not masks', async () => {
    test.click([100, 100]);
    await settle();
    await test.stored();
    test.click([300, 300]);
    await test.stored();
    const last = test.page.room.log.at(-1)!;
    expect(last).toMatchObject({ op: 'mask_paint', mode: 'add' });
    expect(JSON.stringify(last).length).toBeLessThan(700);
  });

  it('begins another one after Enter, and under another label', async () => {
    test.click([100, 100]).say('complete').click([300, 100]);
    await settle();
    expect(test.shapes()).toHaveLength(2);
    test.editor.activeLabel.set(test.labels[1]!.id);
    test.click([400, 100]);
    await settle();
    expect(test.shapes().map((shape) => shape.label_id)).toEqual([
      test.labels[0]!.id,
      test.labels[0]!.id,
      test.labels[1]!.id,
    ]);
  });

  it('draws a straight line with Shift, nothing after Escape', async () => {
    test.click([100, 100]);
    await settle();
    test.click([200, 100], { shift: true });
    expect(area()).toBe(120 * 20);
    test.point('down', [300, 300]).point('move', [320, 320]).say('cancel');
    test.point('up', [320, 320]);
    expect(area()).toBe(120 * 20);
  });

  it('erases with Alt and by the eraser; undo brings it back', async () => {
    test.drag([100, 100], [200, 100]);
    await settle();
    test.click([100, 100], { alt: true });
    expect(area()).toBe(100 * 20);
    test.editor.tool.set('eraser');
    test.click([200, 100]);
    expect(area()).toBe(80 * 20);
    test.editor.history.undo();
    test.editor.history.undo();
    expect(area()).toBe(120 * 20);
  });

  it('takes the mask under the eraser, and deletes what is erased whole', async () => {
    test.click([100, 100]);
    await settle();
    test.editor.select([]);
    test.editor.tool.set('eraser');
    test.click([400, 400]);
    expect(test.notices).toEqual(['no_mask_to_erase']);
    test.click([100, 100]);
    expect(test.shapes()).toHaveLength(0);
    test.editor.history.undo();
    expect(area()).toBe(400);
  });

  it('adds and takes away polygons', async () => {
    setMaskSetting('form', 'polygon');
    test.click([100, 100]).click([200, 100]).click([200, 200]).click([100, 200]).say('complete');
    await settle();
    expect(area()).toBe(100 * 100);
    test.editor.tool.set('eraser');
    test.click([150, 150]).click([300, 150]).click([300, 300]).click([150, 300]).say('complete');
    expect(area()).toBe(100 * 100 - 50 * 50);
  });

  it('leaves a guarded mask alone', async () => {
    test.click([100, 100]);
    await settle();
    test.editor.guarded.set(new Set([test.shapes()[0]!.id]));
    test.click([300, 300]);
    expect(test.notices).toEqual(['object_guarded']);
    expect(area()).toBe(400);
  });

  it('follows a pen by all its points and its pressure', async () => {
    setMaskSetting('pressure', true);
    const pen = { pointer: 'pen', pressure: 1, button: 0 } as const;
    const none = { shift: false, alt: false, ctrl: false };
    const at = [100, 100] as const;
    test.toolbox.dispatch({ type: 'down', point: at, screen: at, ...pen, ...none });
    const path = [
      [150, 150],
      [200, 100],
    ] as const;
    const to = [200, 100] as const;
    test.toolbox.dispatch({ type: 'move', point: to, screen: to, path, ...pen, ...none });
    test.toolbox.dispatch({ type: 'up', point: to, screen: to, ...pen, ...none });
    await settle();
    const [x0, y0, x1, y1] = kernel!.shapeBounds(test.shapes()[0]!.shape)!;
    expect([x0, y0, x1, y1]).toEqual([80, 80, 220, 170]);
  });

  it('becomes polygon, box and mask again, one step each', async () => {
    test.drag([100, 100], [200, 100]);
    await settle();
    const { revision: _, ...before } = test.shapes()[0]!;
    run('convert.polygon');
    run('convert.mask');
    expect(test.shapes()[0]).toMatchObject(before);
    run('convert.box');
    expect(test.shapes()[0]!.shape).toEqual({ type: 'box', x: 90, y: 90, width: 120, height: 20 });
    expect(test.shapes()[0]!.label_id).toBe(before.label_id);
    test.editor.history.undo();
    expect(test.shapes()[0]).toMatchObject(before);
  });
});
