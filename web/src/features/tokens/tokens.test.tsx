// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { CannedServer, leave, person, press, problem, type, visit } from '@/app/serverFixture';
import { scopesOf } from './tokenQueries';

const o = '/organizations/o';
const token = (id: string, more = {}) => ({
  id,
  kind: 'service',
  name: id,
  hint: 'aai_1',
  scopes: ['project_read', 'asset_read'],
  created_by: 'u',
  created_at: '2026-01-01T00:00:00Z',
  expires_at: '2126-01-01T00:00:00Z',
  ...more,
});
const keys = {
  master_key_version: 2,
  data_key_version: 3,
  data_key_wrapped_by: 1,
  token_keys: [
    { id: 'k1', state: 'signing', created_at: '2026-01-01T00:00:00Z', active_from: '' },
    { id: 'k2', state: 'verifying', created_at: '2026-01-01T00:00:00Z', active_from: '' },
  ],
};
const may = ['service_token_write', 'organization_write', 'project_read', 'asset_read'];

function serve(permissions = may) {
  return new CannedServer({
    'GET /auth/me': person(permissions),
    [`GET ${o}/service-tokens`]: { items: [] },
    [`GET ${o}/keys`]: keys,
  });
}

afterEach(leave);

test('no token makes tokens or ends the organization, whoever makes it', () => {
  const own = ['account_self', 'account_read', 'service_token_write', 'organization_delete'];
  expect(scopesOf([...own, 'project_read'])).toEqual(['project_read']);
});

test('a token is made with what was chosen, and its secret shown once', async () => {
  const server = serve();
  server.answer(`POST ${o}/service-tokens`, { token: token('nightly'), secret: 'aai_secret' });
  await visit('/admin/tokens');
  expect(await screen.findByText('There are no tokens.')).toBeTruthy();
  press('new-token');
  type(await screen.findByTestId('token-name'), ' Nightly ');
  const create = screen.getByTestId<HTMLButtonElement>('create-token');
  expect(create.disabled).toBe(true);
  expect(screen.queryByTestId('scope-service_token_write')).toBeNull();
  press('scope-asset_read');
  press('scope-project_read');
  press('scope-asset_read');
  type(screen.getByLabelText('Valid for'), '7');
  fireEvent.click(create);
  const secret = await screen.findByTestId<HTMLInputElement>('token-secret');
  expect(secret.value).toBe('aai_secret');
  const body = { name: 'Nightly', scopes: ['project_read'], expires_in_days: 7 };
  expect(server.changes).toEqual([[`POST ${o}/service-tokens`, body]]);
  press('token-done');
  await waitFor(() => expect(screen.queryByTestId('token-secret')).toBeNull());
});

test('a refused token keeps what was typed', async () => {
  const server = serve();
  server.answer(`POST ${o}/service-tokens`, problem(422, 'too_long', 'At most 30 days.'));
  await visit('/admin/tokens');
  fireEvent.click(await screen.findByTestId('new-token'));
  type(await screen.findByTestId('token-name'), 'Nightly');
  press('scope-asset_read');
  press('create-token');
  expect(await screen.findByText('At most 30 days.')).toBeTruthy();
  expect(screen.getByTestId<HTMLInputElement>('scope-asset_read').checked).toBe(true);
});

test('tokens tell their use and age, and are revoked by name', async () => {
  const server = serve();
  const past = { expires_at: '2020-01-01T00:00:00Z', last_used_at: '2020-01-01T00:00:00Z' };
  server.answer(`GET ${o}/service-tokens`, { items: [token('nightly'), token('old', past)] });
  server.answer(`DELETE ${o}/service-tokens/old`, problem(404, 'not_found', 'It is gone.'));
  await visit('/admin/tokens');
  const [fresh, old] = await screen.findAllByTestId('token-row');
  expect(fresh?.textContent).toContain('2 permissions · Never used');
  expect(within(fresh!).queryByText('Expired')).toBeNull();
  expect(within(old!).getByText('Expired')).toBeTruthy();
  expect(old?.textContent).toContain('Last used');
  fireEvent.click(screen.getByLabelText('Revoke old'));
  expect(await screen.findByText('It is gone.')).toBeTruthy();
  server.answer(`DELETE ${o}/service-tokens/nightly`, null);
  fireEvent.click(screen.getByLabelText('Revoke nightly'));
  expect(await screen.findByText('The token is revoked')).toBeTruthy();
});

test('tokens that cannot be loaded say why; others are refused', async () => {
  const server = serve();
  server.answer(`GET ${o}/service-tokens`, problem(403, 'forbidden', 'Not you.'));
  await visit('/admin/tokens');
  expect(await screen.findByText('Not you.')).toBeTruthy();
  leave();
  serve([]);
  await visit('/admin/tokens');
  expect(await screen.findByText('Service tokens are for administrators')).toBeTruthy();
});

test('a new data key is made, with older files again only when asked for', async () => {
  const server = serve();
  server.answer(`POST ${o}/keys/rotate`, { data_key_version: 4 });
  await visit('/admin/keys');
  const version = await screen.findByTestId('data-key-version');
  expect(version.textContent).toBe('Version 3 · Wrapped by master key version 1');
  const states = screen.getAllByTestId('token-key').map((row) => row.textContent);
  expect(states).toEqual([
    expect.stringMatching(/^k1.*Signs now$/),
    expect.stringMatching(/^k2.*Still verifies$/),
  ]);
  press('rotate-data-key');
  expect(await screen.findByText(/by data key version 4/)).toBeTruthy();
  server.answer(`POST ${o}/keys/rotate`, problem(409, 'busy', 'A job is at it.'));
  fireEvent.click(screen.getByLabelText(/Encrypt older files again too/));
  press('rotate-data-key');
  expect(await screen.findByText('A job is at it.')).toBeTruthy();
  expect(server.changes.map(([, body]) => body)).toEqual([
    { reencrypt: false },
    { reencrypt: true },
  ]);
});

test('where nothing is stored there is no data key; others see no keys', async () => {
  const server = serve();
  server.answer(`GET ${o}/keys`, { ...keys, data_key_version: 0 });
  await visit('/admin/keys');
  expect((await screen.findByTestId('data-key-version')).textContent).toBe('Nothing is stored yet');
  leave();
  serve([]);
  await visit('/admin/keys');
  expect(await screen.findByText('Keys are for administrators')).toBeTruthy();
});
