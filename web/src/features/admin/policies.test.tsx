// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { CannedServer, leave, person, press, problem, type, visit } from '@/app/serverFixture';

const o = '/organizations/o';
const policy = {
  mfa_required: false,
  mfa_roles: [],
  sso_only: false,
  idle_minutes: 0,
  absolute_hours: 12,
  ip_ranges: ['192.0.2.0/24'],
  signup_domains: [],
  token_days_max: 0,
};
const mebibyte = 1024 * 1024;
const quota = {
  limits: { storage_bytes: 4 * mebibyte, assets: 0 },
  own: { storage_bytes: 4 * mebibyte, assets: null },
  server: {},
  storage_bytes: mebibyte,
  assets: 12,
  model_seconds: 7.4,
};

function serve(permissions = ['organization_write', 'organization_delete', 'usage_read']) {
  return new CannedServer({
    'GET /auth/me': person(permissions),
    [`GET ${o}/policy`]: { policy },
    [`GET ${o}/quota`]: quota,
    [`GET ${o}/usage`]: { items: [] },
  });
}

afterEach(() => {
  vi.restoreAllMocks();
  leave();
});

test('policies are sent whole, lists by line, and an empty number sets nothing', async () => {
  const server = serve();
  server.answer(`PATCH ${o}/policy`, ({ body }: { body: unknown }) => ({ policy: body }));
  await visit('/admin/policy');
  const idle = await screen.findByTestId<HTMLInputElement>('policy-idle');
  expect(idle.value).toBe('');
  type(idle, '15.9');
  expect(idle.value).toBe('15');
  type(screen.getByLabelText('Signed out after hours, whatever happens'), '');
  type(screen.getByLabelText('Only from these addresses'), ' 192.0.2.7 \n\n198.51.100.0/24');
  type('policy-domains', 'Example.ORG\n');
  press('save-policy');
  expect(await screen.findByText('The policies are saved')).toBeTruthy();
  const sent = {
    ...policy,
    idle_minutes: 15,
    absolute_hours: 0,
    ip_ranges: ['192.0.2.7', '198.51.100.0/24'],
    signup_domains: ['example.org'],
  };
  expect(server.changes).toEqual([[`PATCH ${o}/policy`, sent]]);
});

test('a second factor is demanded of some roles, or of everybody', async () => {
  const server = serve();
  server.answer(`GET ${o}/roles`, {
    items: [
      { id: 'annotator', name: 'annotator', built_in: true, permissions: [], members: 0 },
      { id: 'r1', name: 'Guests', built_in: false, permissions: [], members: 0 },
    ],
  });
  server.answer(`PATCH ${o}/policy`, ({ body }: { body: unknown }) => ({ policy: body }));
  await visit('/admin/policy');
  fireEvent.click(await screen.findByTestId('policy-mfa-r1'));
  press('policy-mfa-annotator');
  press('policy-mfa-r1');
  press('save-policy');
  await screen.findByText('The policies are saved');
  expect(server.changes[0]?.[1]).toMatchObject({ mfa_required: false, mfa_roles: ['annotator'] });
  press('policy-mfa');
  expect(screen.queryByTestId('policy-mfa-annotator')).toBeNull();
  press('save-policy');
  await waitFor(() => expect(server.changes).toHaveLength(2));
  expect(server.changes[1]?.[1]).toMatchObject({ mfa_required: true });
});

test('a number below nothing is nothing, and refused policies stay in the form', async () => {
  const server = serve();
  server.answer(`PATCH ${o}/policy`, problem(422, 'locked_out', 'That locks you out.'));
  await visit('/admin/policy');
  const days = await screen.findByLabelText('Longest life of an access token, in days');
  type(days, '90');
  type(days, '-5');
  press('save-policy');
  expect(await screen.findByText('That locks you out.')).toBeTruthy();
  expect(server.changes[0]?.[1]).toMatchObject({ token_days_max: 0 });
  expect(screen.getByLabelText<HTMLInputElement>(/Longest life/).value).toBe('');
});

test('policies that cannot be loaded are asked for again', async () => {
  const server = serve();
  server.answer(`GET ${o}/policy`, problem(403, 'forbidden', 'Not you.'));
  await visit('/admin/policy');
  expect(await screen.findByText('The policies could not be loaded')).toBeTruthy();
  server.answer(`GET ${o}/policy`, { policy });
  fireEvent.click(screen.getByText('Try again'));
  expect(await screen.findByTestId('save-policy')).toBeTruthy();
});

test('the organization gets a new name, never an empty or the same one', async () => {
  const server = serve();
  server.answer(`PATCH ${o}`, null);
  await visit('/admin/policy');
  await screen.findByTestId('organization-name');
  const rename = screen.getByText<HTMLButtonElement>('Rename').closest('button')!;
  expect(rename.disabled).toBe(true);
  type('organization-name', '  ');
  expect(rename.disabled).toBe(true);
  type('organization-name', ' Looms ');
  fireEvent.click(rename);
  await waitFor(() => expect(server.changes).toEqual([[`PATCH ${o}`, { name: 'Looms' }]]));
});

test('the organization ends only when its name is typed', async () => {
  const server = serve();
  server.answer(`DELETE ${o}`, problem(403, 'forbidden', 'Only an owner.'));
  const gone = vi.spyOn(window.location, 'assign').mockImplementation(() => {});
  await visit('/admin/policy');
  fireEvent.click(await screen.findByTestId('delete-organization'));
  const confirm = screen.getByTestId<HTMLButtonElement>('confirm-delete-organization');
  type('typed-name', 'engines');
  expect(confirm.disabled).toBe(true);
  type('typed-name', 'Engines');
  fireEvent.click(confirm);
  expect(await screen.findByText('Only an owner.')).toBeTruthy();
  expect(gone).not.toHaveBeenCalled();
  server.answer(`DELETE ${o}`, null);
  fireEvent.click(confirm);
  await waitFor(() => expect(gone).toHaveBeenCalledWith('/login'));
});

test('who may not delete the organization is not offered it', async () => {
  serve(['organization_write']);
  await visit('/admin/policy');
  expect(await screen.findByTestId('organization-name')).toBeTruthy();
  expect(screen.queryByTestId('delete-organization')).toBeNull();
});

test('usage is told with its limits, and a limit of nothing is full', async () => {
  serve();
  await visit('/admin/usage');
  const storage = await screen.findByTestId('usage-storage');
  expect(storage.textContent).toContain('1.0 MB of 4.2 MB');
  const share = (meter: HTMLElement) =>
    within(meter).getByRole('progressbar').getAttribute('aria-valuenow');
  expect(share(storage)).toBe('25');
  expect(share(screen.getByTestId('usage-assets'))).toBe('100');
  const model = screen.getByTestId('usage-model');
  expect(model.textContent).toContain('7 s, no limit');
  expect(within(model).queryByRole('progressbar')).toBeNull();
  expect(screen.getByText('Nothing was used in the last 31 days')).toBeTruthy();
});

test('own limits are typed in MiB and whole numbers; an empty one is none', async () => {
  const server = serve();
  server.answer(`PUT ${o}/quota`, quota);
  await visit('/admin/usage');
  const storage = await screen.findByTestId<HTMLInputElement>('limit-storage');
  expect(storage.value).toBe('4');
  type(storage, '8');
  type('limit-assets', '10.9');
  press('save-limits');
  expect(await screen.findByText('The limits are saved')).toBeTruthy();
  const limits = { storage_bytes: 8 * mebibyte, assets: 10, model_seconds: null };
  expect(server.changes).toEqual([[`PUT ${o}/quota`, limits]]);
});

test('days of use stand in a table; limits are for those who may set them', async () => {
  const server = serve(['usage_read']);
  server.answer(`GET ${o}/usage`, {
    items: [{ date: '2026-03-01', assets_added: 1200, bytes_added: 5e6, model_seconds: 3.6 }],
  });
  await visit('/admin/usage');
  const cells = within(await screen.findByTestId('usage-day')).getAllByRole('cell');
  expect(cells.slice(1).map((cell) => cell.textContent)).toEqual(['1,200', '5.0 MB', '4 s']);
  expect(screen.queryByTestId('save-limits')).toBeNull();
});

test('usage is not asked for when the role does not show it', async () => {
  const server = serve([]);
  await visit('/admin/usage');
  expect(await screen.findByText(/needs the permission usage_read/)).toBeTruthy();
  expect(server.sent.some(({ call }) => call.includes('/quota'))).toBe(false);
});

test('a part that does not exist is said to be not found', async () => {
  serve();
  await visit('/admin/nowhere');
  expect(await screen.findByText('There is nothing here')).toBeTruthy();
});
