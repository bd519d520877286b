import { beforeEach, describe, expect, it } from 'vitest';
import { loadTestKernel } from '@/kernel/kernelFixture';
import { TestEditor } from '@/tools/testEditor';
import { guideKey, type Held } from './guideKeys';

const kernel = await loadTestKernel();

describe.skipIf(!kernel)('guides by keyboard', () => {
  let test: TestEditor;
  let held: Held;
  const press = (key: string, shiftKey = false) => {
    const next = guideKey(test.editor, 'x', held, { key, shiftKey });
    if (next !== undefined) held = next;
    return next !== undefined;
  };
  const places = () => test.editor.view.guides.get().map(({ axis, at }) => `${axis}${at}`);

  beforeEach(async () => {
    test = await TestEditor.open(kernel!);
    held = null;
  });

  it('come in the middle of the view and move within the image', () => {
    press('Enter');
    expect(places()).toEqual(['x320']);
    press('ArrowLeft');
    press('ArrowRight', true);
    expect(places()).toEqual(['x329']);
    for (let i = 0; i < 50; i++) press('ArrowRight', true);
    expect(places()).toEqual(['x640']);
    expect(press('a')).toBe(false);
  });

  it('are chosen along their own ruler and taken away', () => {
    test.editor.view.guides.set([
      { axis: 'y', at: 1 },
      { axis: 'x', at: 10 },
      { axis: 'x', at: 20 },
    ]);
    press('PageDown');
    expect(held).toBe(1);
    press('PageDown');
    press('PageDown');
    expect(held).toBe(1);
    press('PageUp');
    expect(held).toBe(2);
    press('Delete');
    expect(places()).toEqual(['y1', 'x10']);
    press('Delete');
    expect(places()).toEqual(['y1', 'x10']);
    press('ArrowRight');
    expect([held, places()]).toEqual([1, ['y1', 'x10']]);
    press('Delete', true);
    expect(places()).toEqual([]);
    press('PageDown');
    expect(held).toBe(null);
  });
});
