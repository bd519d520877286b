import { expect, test } from 'vitest';
import type { Label } from '@/net/api';
import { doubledClasses, labelMapOf, matchByName } from './labelMap';

function label(id: string, name: string): Label {
  return { id, name, color: '#52A9FE', kind: 'any', attributes: [] };
}

test('labels meet classes of the same name, whatever case and separators', () => {
  const labels = [label('1', 'Dog'), label('2', 'traffic_light'), label('3', 'tree')];
  const map = matchByName(labels, ['dog', 'traffic light', 'person']);
  expect(map).toEqual({ 1: 'dog', 2: 'traffic light' });
  expect(labelMapOf(map)).toEqual({ dog: '1', 'traffic light': '2' });
});

test('a class that two labels ask for is found', () => {
  expect(doubledClasses({ 1: 'dog', 2: 'cat', 3: 'dog' })).toEqual(['dog']);
  expect(doubledClasses({ 1: 'dog', 2: 'cat' })).toEqual([]);
});
