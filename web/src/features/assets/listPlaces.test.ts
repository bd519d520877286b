import { describe, expect, it } from 'vitest';
import { anyPlaceIsNear, galleryQuery } from './gallerySearch';
import { ListPlaces } from './listPlaces';

const marks = { every: 1000, cursors: ['a', 'b'] };

describe('places of a list', () => {
  it('asks for no marks near the beginning, and once beyond', async () => {
    let asked = 0;
    const places = new ListPlaces(async () => {
      asked += 1;
      return marks;
    });
    expect(await places.find(0)).toEqual({ skip: 0 });
    expect(await places.find(500)).toEqual({ skip: 500 });
    expect(asked).toBe(0);
    expect(await Promise.all([999, 1000, 1999, 2000, 2300].map((at) => places.find(at)))).toEqual([
      { skip: 999 },
      { cursor: 'a', skip: 0 },
      { cursor: 'a', skip: 999 },
      { cursor: 'b', skip: 0 },
      { cursor: 'b', skip: 300 },
    ]);
    expect(asked).toBe(1);
    expect(await places.find(3500)).toEqual({ cursor: 'b', skip: 1500 });
    places.forget();
    await places.find(1000);
    expect(asked).toBe(2);
  });

  it('asks again after a failure', async () => {
    let fails = true;
    const places = new ListPlaces(async () => {
      if (fails) throw new Error('away');
      return marks;
    });
    await expect(places.find(1000)).rejects.toThrow('away');
    fails = false;
    expect(await places.find(1000)).toEqual({ cursor: 'a', skip: 0 });
  });

  it('needs none where the server finds any position', () => {
    expect(anyPlaceIsNear(galleryQuery({}))).toBe(true);
    expect(anyPlaceIsNear(galleryQuery({ sort: 'newest' }))).toBe(true);
    expect(anyPlaceIsNear(galleryQuery({ sort: 'name' }))).toBe(false);
    expect(anyPlaceIsNear(galleryQuery({ state: 'labelled' }))).toBe(false);
  });
});
