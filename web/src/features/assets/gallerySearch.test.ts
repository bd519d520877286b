import { expect, test } from 'vitest';
import { galleryQuery, gallerySearch, isFiltered } from './gallerySearch';

test('what an address may not say is left out', () => {
  const search = gallerySearch({
    q: 12,
    state: 'x',
    sort: 'name',
    from: 'today',
    min: -1,
    note: 1,
  });
  expect(galleryQuery(search)).toEqual({ name: '12', sort: 'name' });
  expect(isFiltered(gallerySearch({ sort: 'name' }))).toBe(false);
  expect(isFiltered(search)).toBe(true);
});

test('days, sizes and flags become what the server takes', () => {
  const raw = { from: '2026-01-31', to: '2026-02-01', min: 1.5, note: true, state: 'labelled' };
  expect(galleryQuery(gallerySearch(raw))).toEqual({
    uploaded_from: '2026-01-31T00:00:00Z',
    uploaded_to: '2026-02-01T23:59:59.999999Z',
    min_bytes: 1_500_000,
    with_note: true,
    state: 'labelled',
  });
});
