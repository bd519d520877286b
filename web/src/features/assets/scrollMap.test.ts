import { describe, expect, test } from 'vitest';
import { ScrollMap } from './scrollMap';

describe('ScrollMap', () => {
  test('what fits is not changed', () => {
    const map = new ScrollMap(1000);
    map.resize(900, 100);
    expect([map.height, map.follow(-20), map.follow(321), map.shift]).toEqual([900, -20, 321, 0]);
    expect(map.anchor()).toBeNull();
  });

  test('a wheel moves the content one to one, and the scrollbar follows in rest', () => {
    const map = new ScrollMap(10_000);
    map.resize(1_000_000, 100);
    expect(map.height).toBe(10_000);
    expect(map.follow(100)).toBe(100);
    expect(map.follow(200)).toBe(200);
    expect(map.anchor()).toBe(2);
    expect(map.top).toBe(200);
    expect(map.follow(2)).toBe(200);
    expect(map.anchor()).toBeNull();
  });

  test('a drag of the scrollbar goes anywhere, and both ends are reached', () => {
    const map = new ScrollMap(10_000);
    map.resize(1_000_000, 100);
    expect(map.follow(4950)).toBeCloseTo(499_950);
    expect(map.follow(9900)).toBe(999_900);
    expect(map.follow(9850)).toBe(999_850);
    expect(map.follow(0)).toBe(0);
  });

  test('a place is gone to, near or far, and stays the place', () => {
    const map = new ScrollMap(10_000);
    map.resize(1_000_000, 100);
    const far = map.scrollFor(700_000);
    expect(map.follow(far)).toBe(700_000);
    const near = map.scrollFor(700_150);
    expect(near - far).toBeCloseTo(150);
    expect(map.follow(near)).toBe(700_150);
    expect(map.follow(map.scrollFor(5_000_000))).toBe(999_900);
  });

  test('a place that was scrolled to and not followed yet is no rest', () => {
    const map = new ScrollMap(10_000);
    map.resize(1_000_000, 100);
    map.follow(4950);
    expect([map.isAt(4950), map.isAt(4950.4), map.isAt(0)]).toEqual([true, true, false]);
    map.follow(9900);
    // Some browsers report a little more than the end.
    expect(map.isAt(9903)).toBe(true);
  });

  test('a window of another size shows the same place', () => {
    const map = new ScrollMap(10_000);
    map.resize(1_000_000, 100);
    map.follow(5000);
    const top = map.top;
    map.resize(1_000_000, 300);
    expect(map.top).toBe(top);
  });
});
