import { expect, test } from 'vitest';
import {
  isCopyleft,
  isDetector,
  isSegmenter,
  isUsable,
  isWebAddress,
  stateBadge,
} from './modelText';

test('tasks of the catalogue are told apart', () => {
  const detector = { id: 'a', task: 'detection' };
  const segmenter = { id: 'b', task: 'promptable_segmentation' };
  expect([isDetector(detector), isSegmenter(detector)]).toEqual([true, false]);
  expect([isDetector(segmenter), isSegmenter(segmenter)]).toEqual([false, true]);
});

test('only installed models are offered', () => {
  expect(isUsable({ id: 'a', task: 'detection', state: 'ready' })).toBe(true);
  expect(isUsable({ id: 'a', task: 'detection', state: 'not_installed' })).toBe(false);
  expect(stateBadge({ id: 'a', task: 'detection', state: 'not_installed' }).tone).toBe('warn');
});

test.each([
  ['AGPL-3.0', true],
  ['GPL-3.0-only', true],
  ['Apache-2.0', false],
  ['MIT', false],
])('%s is copyleft: %s', (licence, copyleft) => expect(isCopyleft(licence)).toBe(copyleft));

test.each([
  ['https://example.org/m', true],
  ['javascript:alert(1)', false],
  ['data:text/html,x', false],
  [undefined, false],
])('%s may be linked: %s', (address, allowed) => expect(isWebAddress(address)).toBe(allowed));
