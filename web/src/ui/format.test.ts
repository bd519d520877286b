import { describe, expect, test } from 'vitest';
import { formatAgo, formatBytes, formatPlural } from './format';

describe('formatBytes', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [99_800, '100 kB'],
    [3_659_000, '3.7 MB'],
    [25_000_000_000, '25 GB'],
  ])('%i is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

test('formatPlural', () => {
  expect(formatPlural(1, 'image')).toBe('1 image');
  expect(formatPlural(0, 'image')).toBe('0 images');
  expect(formatPlural(1200, 'entry', 'entries')).toBe('1,200 entries');
});

describe('formatAgo', () => {
  const now = Date.parse('2026-08-20T12:00:00Z');
  test.each([
    ['2026-08-20T11:59:40Z', 'just now'],
    ['2026-08-20T11:55:00Z', '5 minutes ago'],
    ['2026-08-20T09:00:00Z', '3 hours ago'],
    ['2026-08-19T11:00:00Z', 'yesterday'],
    ['not a time', ''],
  ])('%s is %s', (time, text) => expect(formatAgo(time, now)).toBe(text));

  test('is a date once it is more than a month away', () => {
    expect(formatAgo('2026-01-05T12:00:00Z', now)).toContain('2026');
  });
});
