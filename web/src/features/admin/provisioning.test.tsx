// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { CannedServer, leave, person, press, problem, type, visit } from '@/app/serverFixture';

const may = ['sso_write', 'project_read'];
const token = (id: string, more = {}) => ({
  id,
  name: id,
  hint: 'scim_abcd',
  created_at: '2026-01-01T00:00:00Z',
  expires_at: '2126-01-01T00:00:00Z',
  ...more,
});
const role = (id: string, permissions: string[]) => ({
  id,
  name: id,
  description: '',
  built_in: true,
  permissions,
  members: 0,
  revision: 0,
});
const group = (id: string, more = {}) => ({
  id,
  display_name: id,
  members: 2,
  updated_at: '2026-01-01T00:00:00Z',
  ...more,
});
const someone = (id: string, active: boolean) => ({
  id,
  user_name: id,
  email: `${id}@example.org`,
  name: '',
  active,
  updated_at: '2026-01-01T00:00:00Z',
});

function serve(permissions = may) {
  return new CannedServer({
    'GET /auth/me': person(permissions),
    'GET /scim-tokens': { items: [] },
    'GET /scim-groups': { items: [] },
    'GET /scim-users': { items: [] },
    'GET /organizations/o/roles': {
      items: [
        role('owner', []),
        role('admin', ['sso_write', 'member_write']),
        role('viewer', ['project_read']),
      ],
    },
  });
}

afterEach(leave);

test('a token is made, shown once, listed with its last sync and revoked', async () => {
  const server = serve();
  server.answer('POST /scim-tokens', { token: token('Entra'), secret: 'scim_secret' });
  await visit('/admin/provisioning');
  expect(await screen.findByText('There are no tokens.')).toBeTruthy();
  const base = screen.getByTestId<HTMLInputElement>('scim-base-url');
  expect(base.value).toMatch(/\/scim\/v2$/);
  expect(screen.getByText('The directory has sent nobody yet.')).toBeTruthy();
  press('new-scim-token');
  const create = screen.getByTestId<HTMLButtonElement>('create-scim-token');
  expect(create.disabled).toBe(true);
  type('scim-token-name', ' Entra ');
  type(screen.getByLabelText('Valid for'), '90');
  server.answer('GET /scim-tokens', {
    items: [token('Entra'), token('Old', { last_used_at: '2020-01-01T00:00:00Z' })],
  });
  fireEvent.click(create);
  const secret = await screen.findByTestId<HTMLInputElement>('token-secret');
  expect(secret.value).toBe('scim_secret');
  expect(server.changes).toEqual([['POST /scim-tokens', { name: 'Entra', expires_in_days: 90 }]]);
  press('token-done');
  const [fresh, old] = await screen.findAllByTestId('scim-token');
  expect(fresh?.textContent).toContain('Never used');
  expect(old?.textContent).toContain('Last sync');
  server.answer('DELETE /scim-tokens/Old', null);
  fireEvent.click(within(old!).getByLabelText('Revoke Old'));
  expect(await screen.findByText('The token is revoked')).toBeTruthy();
  server.answer('POST /scim-tokens', problem(409, 'too_many_tokens', 'There are 10 tokens.'));
  press('new-scim-token');
  type('scim-token-name', 'x');
  press('create-scim-token');
  expect(await screen.findByText('There are 10 tokens.')).toBeTruthy();
});

test('groups are given roles that one may give oneself', async () => {
  const server = serve();
  server.answer('GET /scim-groups', {
    items: [group('Labelers'), group('Admins', { role: 'admin', role_name: 'admin' })],
  });
  server.answer('GET /scim-users', { items: [someone('ada', true), someone('bob', false)] });
  server.answer('PUT /scim-groups/Labelers/role', group('Labelers', { role: 'viewer' }));
  await visit('/admin/provisioning');
  const [labelers, admins] = await screen.findAllByTestId('scim-group');
  const select = await waitFor(() => {
    const found = within(labelers!).getByTestId<HTMLSelectElement>('scim-role');
    expect(found.options.length).toBe(2);
    return found;
  });
  expect(select.getAttribute('aria-label')).toBe('Role of the members of Labelers');
  expect([...select.options].map((one) => one.textContent)).toEqual(['None', 'viewer']);
  expect(within(admins!).queryByTestId('scim-role')).toBeNull();
  expect(within(admins!).getByText('admin')).toBeTruthy();
  type(select, 'viewer');
  expect(await screen.findByText('The role is given')).toBeTruthy();
  server.answer('PUT /scim-groups/Labelers/role', problem(403, 'beyond_own_rights', 'Not yours.'));
  type(select, '');
  expect(await screen.findByText('Not yours.')).toBeTruthy();
  expect(server.changes.map(([, body]) => body)).toEqual([{ role: 'viewer' }, { role: null }]);
  const people = screen.getAllByTestId('scim-person').map((row) => row.textContent);
  expect(people[0]).toContain('Active');
  expect(people[1]).toContain('Inactive');
});

test('more is loaded when asked for; what fails says why; others are refused', async () => {
  const server = serve();
  server.answer('GET /scim-users', ({ query }: { query: Record<string, string> }) =>
    query.cursor
      ? { items: [someone('bob', true)], next_cursor: null }
      : { items: [someone('ada', true)], next_cursor: 'c' },
  );
  server.answer('GET /scim-groups', problem(500, 'internal', 'Broken.'));
  await visit('/admin/provisioning');
  fireEvent.click(await screen.findByRole('button', { name: 'Show more' }));
  await waitFor(() => expect(screen.getAllByTestId('scim-person').length).toBe(2));
  expect(await screen.findByText('Broken.', {}, { timeout: 5000 })).toBeTruthy();
  leave();
  serve(['project_read']);
  await visit('/admin/provisioning');
  expect(await screen.findByText(/sso_write|single sign-on/)).toBeTruthy();
});
