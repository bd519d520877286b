import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type LabelDraft,
  addNames,
  changeKind,
  checkLabels,
  draftOf,
  draftsOf,
  inputsOf,
  moveItem,
  splitChoices,
} from './labelDrafts';
import { nextColor, palette } from './palette';
import { cocoClasses, labelPresets } from './presets';

function drafts(...names: string[]): LabelDraft[] {
  return names.reduce<LabelDraft[]>((all, name) => [...all, draftOf(name, all)], []);
}

describe('checkLabels', () => {
  test('names must be there and differ, whatever their case and spaces', () => {
    const list = drafts('Car', ' ', ' car ');
    const errors = checkLabels(list);
    expect(errors.has(list[0]!.key)).toBe(false);
    expect(errors.get(list[1]!.key)).toBe('labels.errors.noName');
    expect(errors.get(list[2]!.key)).toBe('labels.errors.sameName');
  });

  test('a select attribute needs two choices or more', () => {
    const [label] = drafts('car');
    const attribute = { key: -1, name: 'colour', kind: 'select' as const, choices: 'red, red' };
    expect(checkLabels([{ ...label!, attributes: [attribute] }]).has(-1)).toBe(true);
    const enough = { ...attribute, choices: 'red, blue' };
    expect(checkLabels([{ ...label!, attributes: [enough] }]).size).toBe(0);
    const checkbox = { ...attribute, kind: 'checkbox' as const, choices: '' };
    expect(checkLabels([{ ...label!, attributes: [checkbox] }]).size).toBe(0);
  });
});

test('labels survive the way into drafts and back', () => {
  const labels = [
    {
      id: 'l1',
      name: 'car',
      color: '#52A9FE',
      kind: 'box' as const,
      attributes: [
        {
          name: 'colour',
          kind: 'select' as const,
          options: ['red', 'blue'],
          default_value: 'red',
          required: true,
        },
        { name: 'parked', kind: 'checkbox' as const, default_value: false },
        { name: 'speed', kind: 'number' as const, min: 0, max: 300 },
      ],
    },
    {
      id: 'l2',
      name: 'person',
      color: '#53BE70',
      kind: 'skeleton' as const,
      attributes: [],
      skeleton: { points: ['head', 'foot'], edges: [[0, 1] as [number, number]] },
    },
  ];
  expect(inputsOf(draftsOf(labels))).toEqual(labels);
});

test('another kind drops the default and the limits of the old one', () => {
  const speed = {
    key: 1,
    name: 'speed',
    kind: 'number' as const,
    choices: '',
    max: 9,
    required: true,
  };
  expect(changeKind({ ...speed, default_value: 3 }, 'text')).toEqual({
    key: 1,
    name: 'speed',
    kind: 'text',
    choices: '',
    required: true,
  });
});

test('splitChoices trims, drops empties and doubles', () => {
  expect(splitChoices(' red, blue ,,red\ngreen')).toEqual(['red', 'blue', 'green']);
});

describe('addNames', () => {
  test('leaves known names alone', () => {
    const before = drafts('Dog');
    const after = addNames(before, ['dog', 'cat', ' cat', '']);
    expect(after.map((label) => label.name)).toEqual(['Dog', 'cat']);
    expect(after[0]).toBe(before[0]);
  });

  test('gives the first twelve labels twelve colours', () => {
    const labels = addNames([], cocoClasses);
    expect(labels).toHaveLength(80);
    expect(new Set(labels.slice(0, 12).map((label) => label.color)).size).toBe(12);
  });
});

test('nextColor takes an unused colour first, then the least used', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...palette), { maxLength: 40 }), (used) => {
      const color = nextColor(used);
      const timesUsed = (one: string) => used.filter((other) => other === one).length;
      expect(palette).toContain(color);
      for (const other of palette) expect(timesUsed(color)).toBeLessThanOrEqual(timesUsed(other));
    }),
  );
});

test('moveItem moves one item and keeps all', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 12 }),
      fc.nat(11),
      fc.nat(11),
      (items, a, b) => {
        const from = a % items.length;
        const to = b % items.length;
        const moved = moveItem(items, from, to);
        expect(moved[to]).toBe(items[from]);
        const rest = (list: number[]) => list.filter((item) => item !== items[from]);
        expect(rest(moved)).toEqual(rest(items));
      },
    ),
  );
});

test('presets are spelled as COCO spells its classes', () => {
  expect(new Set(cocoClasses).size).toBe(80);
  for (const preset of labelPresets) {
    for (const label of preset.labels) expect(cocoClasses).toContain(label);
  }
});
