import { expect, test } from 'vitest';
import type { Annotation, Operation } from '../kernel/records';
import type { Label } from './labels';
import { strayed, under } from './rescue';

const dog: Label = {
  id: 'd',
  name: 'dog',
  color: '#fff',
  attributes: [{ name: 'age', kind: 'number' }],
};
const road: Label = { id: 'r', name: 'road', color: '#fff', kind: 'polygon' };
const box = { type: 'box', x: 1, y: 2, width: 3, height: 4 } as const;

function put(label_id: string): Operation {
  const annotation: Annotation = {
    id: 'a',
    asset_id: 'i',
    label_id,
    shape: box,
    attributes: { age: 3, wet: true },
  };
  return { id: 'o', op: 'put', annotation };
}

test('an object strays when its label is gone or takes another shape', () => {
  expect(strayed([put('gone')], [dog, road])).toHaveLength(1);
  expect(strayed([put('r')], [dog, road])).toHaveLength(1);
  expect(strayed([put('d'), { id: 'p', op: 'del', target: 'a' }], [dog, road])).toEqual([]);
});

test('it comes back as a new object with what the other label knows of it', () => {
  const [lost] = strayed([put('gone')], [dog]);
  const kept = under(dog, lost!);
  expect(kept).toMatchObject({ label_id: 'd', shape: box, attributes: { age: 3 } });
  expect(kept.id).not.toBe('a');
  expect(kept).not.toHaveProperty('asset_id');
});
