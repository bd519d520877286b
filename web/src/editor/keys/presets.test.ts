import { describe, expect, it } from 'vitest';
import { kCommands } from '../commands/all';
import {
  belongsToBrowser,
  bind,
  conflictsOf,
  isSingle,
  kDefaultChoice,
  normalKey,
  readChoice,
} from './bindings';
import { kPresets, presetIds } from './presets';

describe('presets', () => {
  it.each(presetIds)('%s gives no key to two commands of a scope', (preset) => {
    const bound = bind(kCommands, { ...kDefaultChoice, preset });
    expect(conflictsOf(kCommands, bound)).toEqual([]);
  });

  it.each(presetIds)('%s leaves the browser its keys', (preset) => {
    for (const key of Object.values(kPresets[preset]).flat()) {
      expect(belongsToBrowser(key), key).toBe(false);
    }
  });

  it.each(presetIds)('%s can undo, delete, go on and find everything', (preset) => {
    const bound = bind(kCommands, { ...kDefaultChoice, preset });
    for (const id of ['edit.undo', 'edit.delete', 'page.next', 'page.previous', 'page.palette']) {
      expect(bound.get(id), id).not.toHaveLength(0);
    }
  });

  it('D goes back in CVAT and on in X-AnyLabeling', () => {
    const keys = (preset: (typeof presetIds)[number], id: string) =>
      bind(kCommands, { ...kDefaultChoice, preset }).get(id);
    expect(keys('cvat', 'page.previous')).toContain('d');
    expect(keys('x_anylabeling', 'page.next')).toContain('d');
    expect(keys('x_anylabeling', 'page.previous')).toEqual(['a']);
    expect(keys('x_anylabeling', 'tool.segment')).toEqual(['q']);
  });
});

describe('own keys', () => {
  it('take a key from a default without a conflict', () => {
    const bound = bind(kCommands, { ...kDefaultChoice, own: { 'object.pin': ['r'] } });
    expect(bound.get('object.pin')).toEqual(['r']);
    expect(bound.get('tool.box')).toEqual([]);
    expect(conflictsOf(kCommands, bound)).toEqual([]);
  });

  it('conflict when two ask for one key on purpose', () => {
    const own = { 'object.pin': ['$mod+Shift+Z'], 'object.lock': ['Shift+$mod+z'] };
    const bound = bind(kCommands, { ...kDefaultChoice, own });
    const [conflict, ...others] = conflictsOf(kCommands, bound);
    expect(others).toEqual([]);
    expect([...conflict!.commands].sort()).toEqual(['object.lock', 'object.pin']);
  });

  it('are read as far as they make sense', () => {
    const stored = { preset: 'vim', own: { 'tool.box': ['b'], 'tool.polygon': 7 }, single: 'no' };
    expect(readChoice(stored)).toEqual({
      preset: 'annotateai',
      own: { 'tool.box': ['b'] },
      single: true,
    });
    expect(readChoice(null)).toEqual(kDefaultChoice);
  });
});

describe('spelling', () => {
  it.each([
    ['Shift+$mod+Z', '$mod+Shift+z'],
    ['Alt+KeyL', 'Alt+l'],
    ['Digit1', '1'],
  ])('%s is %s', (a, b) => expect(normalKey(a)).toBe(normalKey(b)));

  it.each([
    ['r', true],
    ['Shift+?', true],
    ['Digit4', true],
    ['+', true],
    ['Enter', false],
    ['$mod+a', false],
    ['Alt+KeyL', false],
    ['ArrowLeft', false],
  ])('%s alone: %s', (key, single) => expect(isSingle(key)).toBe(single));
});
