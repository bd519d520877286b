import { describe, expect, it } from 'vitest';
import type { Annotation } from '../../kernel/records';
import { takesShape, type Label } from '../labels';
import { clipOf, kObjectsMax, kPointsMax, land, readClip, type Target } from './clipboard';

const car: Label = {
  id: 'l1',
  name: 'Car',
  color: '#fff',
  attributes: [{ name: 'doors', kind: 'number' }],
};
const dog: Label = { id: 'l2', name: 'Dog', color: '#fff' };

const box = (id: string, extra: Partial<Annotation> = {}): Annotation => ({
  id,
  label_id: car.id,
  shape: { type: 'box', x: 1, y: 2, width: 3, height: 4 },
  attributes: {},
  ...extra,
});

const target = (labels: Label[]): Target => ({
  labels,
  size: { width: 100, height: 80 },
  fallback: (shape) => labels.find((label) => takesShape(label, shape.type)) ?? null,
  takes: takesShape,
});

const refusalOf = (text: string) => {
  const reading = readClip(text);
  return reading.ok ? null : reading.refusal;
};

describe('reading', () => {
  it('takes a clip, a list, an answer of the server and a lone annotation', () => {
    const clip = clipOf([box('a')], [car, dog], { width: 9, height: 9 });
    for (const value of [clip, [box('a')], { revision: 3, items: [box('a')] }, box('a')]) {
      const reading = readClip(JSON.stringify(value));
      expect(reading.ok && reading.clip.objects.map(({ shape }) => shape.type)).toEqual(['box']);
    }
  });

  it('does not mistake other text for objects', () => {
    for (const text of ['hello', '{}', '[]', '7', 'null', '{"items": {}}']) {
      expect(refusalOf(text)?.kind).toBe('not_objects');
    }
  });

  it('refuses a million points and says how many are possible', () => {
    const points = Array.from({ length: 1_000_000 }, (_, i) => [i % 100, 1]);
    const text = JSON.stringify([box('a', { shape: { type: 'points', points } as never })]);
    expect(refusalOf(text)).toEqual({
      kind: 'too_many_points',
      found: 1_000_000,
      most: kPointsMax,
    });
  });

  it('refuses what is nested without end', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const text = `[{"shape": {"type": "polygon", "points": ${deep}}}]`;
    expect(refusalOf(text)?.kind).toMatch(/bad_object|not_objects/);
  });

  it('refuses a crowd, a newer version and shapes that are none', () => {
    const many = Array.from({ length: kObjectsMax + 1 }, (_, i) => box(String(i)));
    expect(refusalOf(JSON.stringify(many))?.kind).toBe('too_many_objects');
    expect(refusalOf(JSON.stringify({ annotateai: 2, objects: [box('a')] }))?.kind).toBe('version');
    const strange = [box('a'), { ...box('b'), shape: { type: 'teapot' } }];
    expect(refusalOf(JSON.stringify(strange))).toEqual({ kind: 'bad_object', number: 2 });
    const far = [box('a', { shape: { type: 'box', x: 1e9, y: 0, width: 1, height: 1 } })];
    expect(refusalOf(JSON.stringify(far))?.kind).toBe('bad_object');
  });
});

describe('landing', () => {
  it('gives new ids and keeps groups and arrows among the copies', () => {
    const objects = [
      box('a', { group: 'g', relations: [{ to: 'b', kind: 'pulls' }, { to: 'elsewhere' }] }),
      box('b', { group: 'g' }),
    ];
    const { copies, left } = land(clipOf(objects, [car], null), target([car]));
    const [a, b] = copies;
    expect(left).toBe(0);
    expect([a!.id, b!.id]).not.toContain('a');
    expect(a!.group).toBe(b!.group);
    expect(a!.group).not.toBe('g');
    expect(a!.relations).toEqual([{ to: b!.id, kind: 'pulls' }]);
  });

  it('finds labels of another project by name, and drops attributes that they do not have', () => {
    const there: Label = { id: 'x9', name: ' car', color: '#000' };
    const clip = clipOf([box('a', { attributes: { doors: 4 } })], [car], null);
    const { copies } = land(clip, target([dog, there]));
    expect(copies.map(({ label_id, attributes }) => [label_id, attributes])).toEqual([['x9', {}]]);
  });

  it('leaves masks of another size and what no label takes', () => {
    const mask = box('m', { shape: { type: 'mask', rle: { size: [8, 10], counts: '' } } });
    const onlyTags: Label = { ...dog, kind: 'tag' };
    expect(land(clipOf([mask], [car], null), target([car])).left).toBe(1);
    expect(land(clipOf([box('a')], [car], null), target([onlyTags])).left).toBe(1);
  });
});
