import { describe, expect, it } from 'vitest';
import type { Annotation } from '../../kernel/records';
import type { Entry } from '../store';
import { asksForAll, kEverything, ObjectFilter, readCriteria, type Criteria } from './filter';

const box = { type: 'box', x: 0, y: 0, width: 9, height: 9 };

function entry(id: string, more: Partial<Annotation> = {}): Entry {
  return { annotation: { id, label_id: 'car', shape: box, attributes: {}, ...more } } as Entry;
}

const entries = [
  entry('a', { score: 0.4, source: 'model', attributes: { colour: 'red', wheels: 4 } }),
  entry('b', { label_id: 'dog', source: 'import', attributes: { tags: ['wet', 'old'] } }),
  entry('c', { group: 'Herd', shape: { type: 'mask' } as never, attributes: { colour: '' } }),
];

function filter(warned: readonly string[] = []) {
  const numbers = new Map(entries.map(({ annotation }, at) => [annotation.id, at + 1]));
  const facts = {
    labelOf: ({ label_id }: Annotation) => ({ name: label_id === 'dog' ? 'Dog' : 'Car' }) as never,
    numberOf: (id: string) => numbers.get(id) ?? 0,
    warned: (id: string) => warned.includes(id),
  };
  const made = new ObjectFilter(facts);
  const shown = (part: Partial<Criteria>) => {
    made.set({ ...kEverything, ...part });
    return entries
      .filter((one) => made.admits(one))
      .map(({ annotation }) => annotation.id)
      .join('');
  };
  return { made, shown, numbers };
}

describe('the filter of the object list', () => {
  it('shows all until something is asked for', () => {
    const { made, shown } = filter();
    expect([shown({}), made.active]).toEqual(['abc', false]);
    expect([shown({ text: '  ' }), made.active]).toEqual(['abc', false]);
    made.patch({ labels: ['dog'] });
    expect(made.active).toBe(true);
    made.clear();
    expect([made.active, asksForAll(made.criteria.get())]).toEqual([false, true]);
  });

  it('knows label, shape, source and score; what a person drew is certain', () => {
    const { shown } = filter();
    expect(shown({ labels: ['dog'] })).toBe('b');
    expect(shown({ shapes: ['mask'] })).toBe('c');
    expect(shown({ sources: ['model', 'import'] })).toBe('ab');
    expect(shown({ sources: ['manual'] }), 'without a source a person drew it').toBe('c');
    expect(shown({ minScore: 0.5 })).toBe('bc');
    expect(shown({ maxScore: 0.5 })).toBe('a');
    expect(shown({ minScore: 0.4, maxScore: 0.4 })).toBe('a');
    expect(shown({ labels: ['car'], minScore: 0.5 })).toBe('c');
  });

  it('knows attributes: a value, one of several, or that it is set at all', () => {
    const { shown } = filter();
    expect(shown({ attributes: [{ name: 'wheels', value: '4' }] })).toBe('a');
    expect(shown({ attributes: [{ name: 'tags', value: 'old' }] })).toBe('b');
    expect(shown({ attributes: [{ name: 'colour', value: null }] }), 'empty is not set').toBe('a');
    expect(shown({ attributes: [{ name: 'colour', value: 'blue' }] })).toBe('');
  });

  it('searches label, group, attributes and numbers, all words at once', () => {
    const { shown, numbers, made } = filter();
    expect(shown({ text: 'DO' })).toBe('b');
    expect(shown({ text: 'herd' })).toBe('c');
    expect(shown({ text: 'colour:red' })).toBe('a');
    expect(shown({ text: 'car herd' })).toBe('c');
    expect(shown({ text: 'dog herd' })).toBe('');
    expect(shown({ text: '#2' })).toBe('b');
    numbers.set('a', 2).set('b', 1);
    expect(made.admits(entries[0]!), 'numbers are not remembered').toBe(true);
  });

  it('shows what is warned of, as it is now, and decides anew when labels change', () => {
    const warned: string[] = ['a'];
    const { made, shown } = filter(warned);
    expect(shown({ warned: true })).toBe('a');
    warned.splice(0, 1, 'b');
    expect([made.admits(entries[0]!), made.admits(entries[1]!)]).toEqual([false, true]);
    made.forget();
    expect(made.admits(entries[1]!)).toBe(true);
  });
});

describe('a stored filter', () => {
  it('comes back whole', () => {
    const criteria: Criteria = {
      ...kEverything,
      text: 'a',
      labels: ['x'],
      minScore: 0.2,
      sources: ['model'],
      attributes: [{ name: 'n', value: null }],
      warned: true,
    };
    expect(readCriteria(JSON.parse(JSON.stringify(criteria)))).toEqual(criteria);
  });

  it('is taken as far as it can be understood', () => {
    for (const broken of [null, 7, 'x', []]) expect(readCriteria(broken)).toEqual(kEverything);
    const half = readCriteria({
      text: 4,
      labels: ['x', 3],
      minScore: 7,
      maxScore: '1',
      sources: ['model', 'witch'],
      attributes: [null, { value: 'v' }, { name: 'n', value: 3 }],
      warned: 'yes',
    });
    expect(half).toEqual({
      ...kEverything,
      labels: ['x'],
      sources: ['model'],
      attributes: [{ name: 'n', value: null }],
    });
  });
});
