import { expect, test } from 'vitest';
import { filterOf } from './AuditFilters';

const nothing = { actor_id: '', action: '', object_id: '', outcome: '', from: '', until: '' };

test('what is empty is not asked for', () => {
  expect(filterOf(nothing)).toEqual({});
  expect(filterOf({ ...nothing, action: ' project. ' })).toEqual({ action: 'project.' });
});

test('times are of the person’s clock and sent in UTC', () => {
  const typed = '2026-03-01T10:30';
  expect(filterOf({ ...nothing, from: typed, until: 'never' })).toEqual({
    from: new Date(typed).toISOString(),
  });
});
