import { describe, expect, it } from 'vitest';
import type { Asset } from '@/net/api';
import { cursorOf, galleryOf, locate, reversed, stepsFrom, walkOf } from './walk';

const asset = (rank: number) => ({ id: `a${rank}`, rank }) as Asset & { rank: number };

/** A project in which only some ranks are left, as a server lists it. */
function project(ranks: readonly number[]) {
  let asked = 0;
  const fetchPage = async (first: number, limit: number) => {
    asked += 1;
    return ranks.slice(first, first + limit).map(asset);
  };
  const find = async (rank: number) => {
    asked = 0;
    const at = await locate(fetchPage, asset(rank));
    return { at, asked };
  };
  return { find };
}

describe('the place of an image', () => {
  it('is its rank where nothing was deleted, with one question', async () => {
    const { find } = project(Array.from({ length: 5000 }, (_, i) => i));
    expect(await find(0)).toEqual({ at: 0, asked: 1 });
    expect(await find(4999)).toEqual({ at: 4999, asked: 1 });
  });

  it('is found before its rank where there are gaps, in a few questions', async () => {
    const ranks = Array.from({ length: 300_000 }, (_, i) => i).filter((i) => i % 7 > 2 || i < 10);
    const { find } = project(ranks);
    for (const at of [0, 9, 10, 777, 50_000, ranks.length - 1]) {
      const found = await find(ranks[at]!);
      expect(found.at).toBe(at);
      expect(found.asked).toBeLessThan(16);
    }
    const hole = project([0, 1, 2, 900_000, 900_001]);
    expect((await hole.find(900_001)).at).toBe(4);
  });

  it('is none for an image that is gone', async () => {
    const { find } = project(Array.from({ length: 1000 }, (_, i) => 2 * i));
    expect((await find(501)).at).toBeNull();
    expect((await find(9001)).at).toBeNull();
    expect((await project([]).find(3)).at).toBeNull();
  });
});

describe('next and previous', () => {
  const list = [asset(0), asset(1), asset(2), asset(3)];
  const from = (id: string, at: number) =>
    stepsFrom((position) => list[position], { id, at, from: 0, to: 3 });

  it('are beside the image, also when it moved', () => {
    expect(from('a1', 1)).toEqual({ at: 1, nextAt: 2, previousAt: 0 });
    expect(from('a3', 1)).toEqual({ at: 3, nextAt: 4, previousAt: 2 });
  });

  it('close up when the image has left the gallery', () => {
    expect(from('gone', 2)).toEqual({ at: null, nextAt: 2, previousAt: 1 });
  });
});

it('an address says which gallery, and from where', () => {
  const walk = walkOf({ state: 'unlabelled', sort: 'name', at: 7, queue: 'yes', more: 1 });
  expect(walk).toMatchObject({ state: 'unlabelled', sort: 'name', at: 7, queue: undefined });
  expect('at' in galleryOf(walk)).toBe(false);
  expect(walkOf({ at: -1 }).at).toBeUndefined();
  expect(walkOf({ at: '3', queue: true })).toMatchObject({ at: undefined, queue: true });
});

describe('where a list goes on', () => {
  const image = { id: 'a', rank: 7, filename: 'b/c.png' } as Asset;

  it('is named by the rank, and by the name too where that orders it', () => {
    expect(cursorOf(image)).toBe('7');
    expect(cursorOf(image, 'newest')).toBe('7');
    expect(cursorOf(image, 'name')).toBe('7/b/c.png');
    expect(cursorOf({ id: 'a' } as Asset)).toBe('0');
  });

  it('has another way for ages, and none for names', () => {
    expect([reversed(), reversed('newest'), reversed('name')]).toEqual(['newest', 'oldest', null]);
  });
});
