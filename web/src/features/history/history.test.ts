import { describe, expect, it } from 'vitest';
import type { Operation, Shape } from '@/kernel/records';
import type { HistoryItem } from '@/net/historyRoutes';
import { authorsOf, groupHistory, labelsInHistory } from './historyGroups';
import { deedOf, type Names } from './historyText';

const ana = { id: 'u1', name: 'Ana' };
const bo = { id: 'u2', name: 'Bo' };
const names: Names = {
  object: (id) => ({ c3: 'Car 3', d1: 'Dog 1' })[id] ?? null,
  label: (id) => (id === 'dog' ? 'Dog' : null),
};

let revision = 100;
function item(operation: object, more: Partial<HistoryItem> = {}): HistoryItem {
  return {
    revision: revision--,
    operation: { id: 'x', ...operation } as Operation,
    created_by: ana,
    source: 'manual',
    created_at: '2026-11-26T14:32:10Z',
    ...more,
  };
}

const box = (x: number, width = 10) => ({ type: 'box', x, y: 0, width, height: 10 }) as Shape;
const shape = (prev: Shape | undefined, value: Shape, target = 'c3') =>
  ({ op: 'set', target, field: 'shape', value, ...(prev && { prev }) }) as object;
const polygon = (dx: number, last = 9): Shape => ({
  type: 'polygon',
  parts: [{ points: [[dx, 0], [dx + 10, 0], [dx + 10, last]] }],
});

describe('words for a deed', () => {
  it.each([
    [shape(box(0), box(5)), 'moved %'],
    [shape(box(0), box(5, 20)), 'resized %'],
    [shape(polygon(0), polygon(4)), 'moved %'],
    [shape(polygon(0), polygon(4, 12)), 'reshaped %'],
    [shape(box(0), polygon(0)), 'redrew %'],
    [shape(undefined, box(0)), 'redrew %'],
    [{ op: 'put', annotation: { id: 'c3', label_id: 'dog' } }, 'added %'],
    [{ op: 'del', target: 'c3' }, 'deleted %'],
    [{ op: 'set', target: 'c3', field: 'label_id', value: 'dog' }, 'changed the label of % to Dog'],
    [{ op: 'set', target: 'c3', field: 'attributes.pose', value: 1 }, 'changed “pose” of %'],
    [{ op: 'text_edit', target: 'c3', field: 'attributes.note', edit: [] }, 'edited “note” of %'],
    [{ op: 'mask_paint', target: 'c3', mode: 'erase' }, 'erased from %'],
    [{ op: 'vertex_set', target: 'c3', key: 'a', x: 0, y: 0 }, 'changed the outline of %'],
    [{ op: 'something_new', target: 'c3' }, 'changed %'],
  ])('%j: %s', (operation, phrase) => {
    expect(deedOf(item(operation), names).phrase('%')).toBe(phrase);
  });

  it('takes no sign in a name for the place of another one', () => {
    const set = item({ op: 'set', target: 'c3', field: 'attributes.100 % {{what}}', value: 1 });
    expect(groupHistory([set], names)[0]!.lines[0]!.text).toBe('changed “100 % {{what}}” of Car 3');
  });

  it('says what was undone and what was imported', () => {
    const undone = item({ op: 'del', target: 'c3' }, { undoes: 's' });
    expect(deedOf(undone, names).phrase('%')).toBe('undid a change of %');
    const put = { op: 'put', annotation: { id: 'c3', label_id: 'dog' } };
    expect(deedOf(item(put, { source: 'import' }), names).phrase('%')).toBe('imported %');
  });
});

describe('grouping', () => {
  it('joins what one person did within a minute, and the same deed within that', () => {
    const groups = groupHistory(
      [
        item(shape(box(2), box(3))),
        item(shape(box(1), box(2))),
        item({ op: 'del', target: 'gone' }),
        item(shape(box(0), box(1), 'd1'), { created_by: bo }),
        item(shape(box(0), box(1), 'c3'), { created_by: bo }),
        item(shape(box(0), box(1)), { created_at: '2026-11-26T14:31:59Z' }),
      ],
      names,
    );
    expect(groups.map(({ by, lines }) => [by.name, ...lines.map((line) => line.text)])).toEqual([
      ['Ana', 'moved Car 3 (2 times)', 'deleted an object'],
      ['Bo', 'moved 2 objects'],
      ['Ana', 'moved Car 3'],
    ]);
  });

  it('leads each line to the newest state that it holds', () => {
    const first = item(shape(box(1), box(2)));
    const groups = groupHistory([first, item(shape(box(0), box(1)))], names);
    expect(groups[0]?.lines[0]?.revision).toBe(first.revision);
  });

  it('keeps runs of models apart', () => {
    const put = (id: string) => ({ op: 'put', annotation: { id, label_id: null } });
    const groups = groupHistory(
      [
        item(put('a'), { source: 'model', run: 'r1' }),
        item(put('b'), { source: 'model', run: 'r1' }),
        item(put('c'), { source: 'model', run: 'r2' }),
        item(put('d')),
      ],
      names,
    );
    expect(groups.map(({ run, lines }) => [run, lines[0]?.count])).toEqual([
      ['r1', 2],
      ['r2', 1],
      [null, 1],
    ]);
  });

  it('puts a name with $ into the sentence as it is', () => {
    const odd: Names = { object: () => '$& 1', label: () => null };
    expect(groupHistory([item({ op: 'del', target: 'a' })], odd)[0]?.lines[0]?.text).toBe(
      'deleted $& 1',
    );
  });

  it('lists authors by what they did and labels of the objects that are gone', () => {
    const items = [
      item({ op: 'del', target: 'a' }, { created_by: bo }),
      item({ op: 'del', target: 'b' }),
      item({ op: 'put', annotation: { id: 'b', label_id: 'dog' } }),
    ];
    expect(authorsOf(items).map(({ name, count }) => [name, count])).toEqual([
      ['Ana', 2],
      ['Bo', 1],
    ]);
    expect(labelsInHistory(items).get('b')).toBe('dog');
  });
});
