import { expect, test } from 'vitest';
import type { Role } from '@/net/adminRoutes';
import { givable } from './givable';

const role = (id: string, permissions: string[]): Role => ({
  id,
  name: id,
  description: '',
  built_in: true,
  permissions,
  members: 0,
  revision: 0,
});

test('roles that allow no more than one may oneself can be given', () => {
  const roles = [role('all', ['a', 'b']), role('some', ['a']), role('none', [])];
  const names = (own: string[]) => givable(roles, own).map((one) => one.id);
  expect(names(['a', 'b'])).toEqual(['all', 'some', 'none']);
  expect(names(['a'])).toEqual(['some', 'none']);
  expect(names([])).toEqual(['none']);
});
