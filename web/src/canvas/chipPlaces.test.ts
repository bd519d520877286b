import { expect, test } from 'vitest';
import { bestPlace, freePlace, kChipHeight, type Place } from './chipPlaces';

const free = { left: 0, top: 60, right: 400, bottom: 300 };
const object = { x: 100, y: 150, width: 80, height: 60 };
const on = (place: Place | null) => place && [place.x, place.y];

test('a chip stands on its object, and steps aside for what is there', () => {
  const taken: Place[] = [];
  const seen = [];
  for (;;) {
    const place = freePlace(object, 50, free, taken);
    if (!place) break;
    seen.push(on(place));
    taken.push(place);
  }
  expect(seen).toEqual([
    [99, 129],
    [99, 153],
    [99, 213],
    [99, 189],
  ]);
  expect(bestPlace(object, 50, free)).toEqual(taken[0]);
});

test('a chip that is small beside its object has the other side, too', () => {
  const wide = { ...object, width: 200 };
  const taken = [129, 153, 213, 189].map((y) => ({ x: 99, y, width: 50 }));
  expect(on(freePlace(wide, 50, free, taken))).toEqual([251, 129]);
});

test('under a panel, or beyond the right edge, it would not be seen', () => {
  expect(on(bestPlace({ ...object, y: 70 }, 50, free))).toEqual([100 - 1, 73]);
  expect(on(bestPlace({ ...object, y: -500, height: 900 }, 50, free))).toEqual([99, 64]);
  expect(on(bestPlace({ ...object, x: 380 }, 50, free))).toEqual([350, 129]);
  expect(on(bestPlace({ ...object, x: -60 }, 50, free))).toEqual([0, 129]);
  const text = bestPlace({ ...object, y: 270, height: 200 }, 50, free)!;
  expect(text.y + kChipHeight).toBeLessThanOrEqual(free.bottom);
});

test('an object out of sight has none', () => {
  for (const away of [{ x: 500 }, { x: -200 }, { y: 400 }, { y: -50 }]) {
    expect(bestPlace({ ...object, ...away }, 50, free)).toBeNull();
  }
});
