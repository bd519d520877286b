import { expect, test } from 'vitest';
import { strengthOf } from './strength';

test('what everybody uses is guessed at once', () => {
  for (const password of ['password1', 'qwertyuiop', '12345678', 'Passw0rd']) {
    expect(strengthOf(password, []), password).toBeLessThan(2);
  }
});

test("one's own words do not help", () => {
  expect(strengthOf('lovelace1815', ['Ada Lovelace', 'ada@example.org'])).toBeLessThan(2);
  expect(strengthOf('lovelace1815', [])).toBeGreaterThan(
    strengthOf('lovelace1815', ['Ada Lovelace']),
  );
});

test('length makes strong', () => {
  expect(strengthOf('seven horses eat purple staples', [])).toBe(4);
});
