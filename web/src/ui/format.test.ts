import { afterEach, describe, expect, test } from 'vitest';
import { app } from '@/i18n/en/app';
import { addMessages, setLanguage } from '@/i18n/i18n';
import { formatAgo, formatBytes, formatCount, formatShare } from './format';

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

describe('in German', () => {
  afterEach(() => {
    setLanguage('en');
    addMessages('en', app);
  });
  test('numbers have their points and commas', () => {
    setLanguage('de');
    expect(formatCount(1200)).toBe('1.200');
    expect(formatShare(0.5)).toBe('0,50');
    expect(formatBytes(3_659_000)).toBe('3,7 MB');
  });
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
