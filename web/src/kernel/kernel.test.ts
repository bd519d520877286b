import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uuidv7 } from './ids';
import { loadTestKernel } from './kernelFixture';
import type { Annotation, Operation } from './records';

const kernel = await loadTestKernel();

const kLabel = uuidv7();

function box(x: number): Annotation {
  return {
    id: uuidv7(),
    label_id: kLabel,
    shape: { type: 'box', x, y: 1, width: 10, height: 20 },
    attributes: {},
  };
}

describe('ids', () => {
  it('are version 7, ascending, and unique within a millisecond', () => {
    const ids = Array.from({ length: 3000 }, () => uuidv7(1_700_000_000_000));
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });
});

describe.skipIf(!kernel)('kernel', () => {
  it('applies, reads back and refuses', () => {
    const document = kernel!.createDocument();
    document.load({ revision: 0, items: [] });
    const annotation = box(5);
    const put: Operation = { op: 'put', id: uuidv7(), annotation };
    expect(document.apply(put)).toEqual({ ok: true, touched: [annotation.id] });
    expect(document.get(annotation.id)?.shape).toEqual(annotation.shape);
    expect(document.ids()).toEqual([annotation.id]);
    const gone = document.apply({ op: 'del', id: uuidv7(), target: uuidv7() });
    expect(gone).toMatchObject({ ok: false, code: 'target_gone' });
    expect(document.get(uuidv7())).toBeNull();
    document.dispose();
  });

  it('clones without sharing', () => {
    const document = kernel!.createDocument();
    const annotation = box(1);
    document.load({ revision: 0, items: [annotation] });
    const copy = document.clone();
    copy.apply({ op: 'del', id: uuidv7(), target: annotation.id });
    expect(document.ids()).toHaveLength(1);
    expect(copy.ids()).toHaveLength(0);
  });

  it('adopts one annotation, or its absence', () => {
    const [one, other] = [box(1), box(2)];
    const confirmed = kernel!.createDocument();
    confirmed.load({ revision: 3, items: [one, other] });
    const shown = confirmed.clone();
    shown.apply({ op: 'set', id: uuidv7(), target: one.id, field: 'group', value: 'mine' });
    shown.apply({ op: 'del', id: uuidv7(), target: other.id });
    shown.adopt(one.id, confirmed);
    shown.adopt(other.id, confirmed);
    expect(shown.items()).toEqual(confirmed.items());
    confirmed.apply({ op: 'del', id: uuidv7(), target: one.id });
    shown.adopt(one.id, confirmed);
    expect(shown.ids()).toEqual([other.id]);
  });

  it('carries operations over those of others', () => {
    const target = uuidv7();
    const seen = { type: 'box', x: 0, y: 0, width: 4, height: 4 };
    const mine: Operation = {
      op: 'set',
      id: uuidv7(),
      step: uuidv7(),
      target,
      field: 'shape',
      value: { ...seen, width: 9 },
      prev: seen,
    };
    const theirs = {
      ...mine,
      id: uuidv7(),
      value: { ...seen, height: 7 },
      revision: 12,
      created_by: uuidv7(),
    };
    const { changes, over } = kernel!.transformAll([mine], [theirs], 'later');
    const both = { ...seen, width: 9, height: 7 };
    expect(changes).toEqual([{ change: { ...mine, value: both, prev: theirs.value }, rule: 'R5' }]);
    expect(over).toEqual([{ ...theirs, value: both, prev: mine.value }]);
    const gone: Operation = { op: 'del', id: uuidv7(), target };
    expect(kernel!.transformAll([mine], [gone], 'later')).toEqual({
      changes: [{ change: null, rule: 'R2' }],
      over: [gone],
    });
  });

  it('encodes what it decodes', () => {
    const size = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(size, size, fc.infiniteStream(fc.boolean()), (height, width, bits) => {
        const bytes = new Uint8Array(height * width);
        for (let i = 0; i < bytes.length; i++) bytes[i] = bits.next().value ? 1 : 0;
        const rle = kernel!.encodeRle(bytes, height, width);
        expect(kernel!.decodeRle(rle)).toEqual(bytes);
        expect(kernel!.rleArea(rle)).toBe(bytes.reduce((sum, bit) => sum + bit, 0));
      }),
    );
  });

  it('traces a mask with its hole and finds bounds', () => {
    const bytes = new Uint8Array(10 * 20);
    for (let y = 2; y < 8; y++) bytes.fill(1, y * 20 + 3, y * 20 + 15);
    bytes[4 * 20 + 6] = 0;
    const rle = kernel!.encodeRle(bytes, 10, 20);
    const [part] = kernel!.maskToPolygons(rle, 0);
    expect(part?.holes).toHaveLength(1);
    expect(kernel!.shapeBounds({ type: 'mask', rle })).toEqual([3, 2, 15, 8]);
    expect(kernel!.shapeBounds({ type: 'tag' })).toBeNull();
    expect(kernel!.decodeRle(kernel!.polygonToRle([part!], 10, 20))).toEqual(bytes);
  });

  it('makes keys in between', () => {
    const first = kernel!.keyBetween(null, null);
    const last = kernel!.keyBetween(first, null);
    const middle = kernel!.keyBetween(first, last);
    expect(first < middle && middle < last).toBe(true);
  });
});
