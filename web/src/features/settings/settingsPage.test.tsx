// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import {
  CannedServer,
  address,
  leave,
  person,
  press,
  problem,
  type,
  visit,
} from '@/app/serverFixture';
import { preferences } from '@/net/preferences';
import { startTheme } from './theme';

const me = person(['project_read', 'account_self', 'service_token_write']);
const looms = { id: 'l', name: 'Looms', role: 'viewer' };
const signIn = (id: string, more = {}) => ({
  id,
  organization: 'Engines',
  ip: '192.0.2.1',
  place: '',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  method: 'password',
  created_at: '2026-01-01T00:00:00Z',
  last_used_at: '2026-01-01T00:00:00Z',
  current: false,
  ...more,
});

function serve(more: Record<string, unknown> = {}) {
  return new CannedServer({
    'GET /auth/me': me,
    'GET /auth/me/preferences': {},
    'PUT /auth/me/preferences': {},
    'GET /organizations': { items: [me.organization, looms] },
    'GET /auth/sessions': { items: [signIn('here', { current: true }), signIn('there')] },
    'GET /auth/tokens': { items: [] },
    ...more,
  });
}

afterEach(() => {
  vi.restoreAllMocks();
  leave();
});

const madeBy = (server: CannedServer) =>
  server.changes.filter(([what]) => what !== 'PUT /auth/me/preferences');

test('a new name is saved trimmed and shown at once', async () => {
  const server = serve({ 'PATCH /auth/me': { ...me.user, name: 'Ada King' } });
  await visit('/settings');
  const save = await screen.findByTestId<HTMLButtonElement>('save-name');
  expect(save.disabled).toBe(true);
  type('own-name', ' Ada King ');
  fireEvent.click(save);
  expect(await screen.findByText('Your name is changed')).toBeTruthy();
  expect(madeBy(server)).toEqual([['PATCH /auth/me', { name: 'Ada King' }]]);
  await waitFor(() => expect(screen.getByLabelText('AK, account of Ada King')).toBeTruthy());
});

test('a new address is asked for and changes only by its link', async () => {
  const server = serve({ 'POST /auth/email': null });
  await visit('/settings');
  type(await screen.findByTestId('new-email'), ' new@example.org ');
  press('change-email');
  expect(await screen.findByText(/was sent to new@example.org/)).toBeTruthy();
  expect(screen.getByTestId<HTMLInputElement>('new-email').value).toBe('');
  expect(madeBy(server)).toEqual([['POST /auth/email', { email: 'new@example.org' }]]);
  expect(screen.getByText('Confirmed')).toBeTruthy();
  expect(screen.queryByTestId('send-verification')).toBeNull();
});

test('an address that is refused says what is wrong with it', async () => {
  const errors = [{ pointer: '/email', detail: 'is taken' }];
  serve({ 'POST /auth/email': problem(409, 'email_taken', 'Bad.', errors) });
  await visit('/settings');
  type(await screen.findByTestId('new-email'), 'new@example.org');
  press('change-email');
  expect((await screen.findByRole('alert')).textContent).toBe('is taken');
});

test('whoever has not confirmed the address can have the link sent again', async () => {
  const server = serve({
    'GET /auth/me': { ...me, email_verified: false },
    'POST /auth/email/verification': problem(429, 'rate_limited', 'Wait a minute.'),
  });
  await visit('/settings');
  fireEvent.click(await screen.findByTestId('send-verification'));
  expect(await screen.findByText('Wait a minute.')).toBeTruthy();
  server.answer('POST /auth/email/verification', null);
  press('send-verification');
  expect(await screen.findByText('The link is on its way')).toBeTruthy();
});

test.each([
  [problem(403, 'wrong_password', 'That is not it.'), 'Current password', 'That is not it.'],
  [
    problem(422, 'invalid_body', 'Bad.', [{ pointer: '/password', detail: 'is too short' }]),
    'New password',
    'is too short',
  ],
])('a refused password is told at its field (%#)', async (answer, label, text) => {
  serve({ 'POST /auth/password': answer });
  await visit('/settings');
  type(await screen.findByTestId('current-password'), 'old');
  expect(screen.getByTestId<HTMLButtonElement>('change-password').disabled).toBe(true);
  type('new-password', 'fresh one');
  press('change-password');
  expect((await screen.findByRole('alert')).textContent).toBe(text);
  expect(screen.getByLabelText(label).getAttribute('aria-invalid')).toBe('true');
  expect(screen.getByTestId<HTMLInputElement>('new-password').value).toBe('fresh one');
});

test('a new password empties the form', async () => {
  const server = serve({ 'POST /auth/password': null });
  await visit('/settings');
  type(await screen.findByTestId('current-password'), 'old');
  type('new-password', 'fresh one');
  press('change-password');
  expect(await screen.findByText('The password is changed')).toBeTruthy();
  expect(screen.getByTestId<HTMLInputElement>('current-password').value).toBe('');
  const body = { current_password: 'old', password: 'fresh one' };
  expect(madeBy(server)).toEqual([['POST /auth/password', body]]);
});

test('one other sign-in is ended by itself, many at once', async () => {
  const server = serve({ 'DELETE /auth/sessions/there': null, 'DELETE /auth/sessions': null });
  await visit('/settings');
  expect(await screen.findAllByTestId('sign-in')).toHaveLength(2);
  expect(screen.queryByText('Sign out everywhere else')).toBeNull();
  const where = { place: 'Berlin', method: 'passkey' };
  server.answer('GET /auth/sessions', { items: [signIn('a', where), signIn('b')] });
  press('end-sign-in');
  fireEvent.click(await screen.findByText('Sign out everywhere else'));
  await waitFor(() => expect(madeBy(server)).toHaveLength(2));
  expect(madeBy(server).map(([what]) => what)).toEqual([
    'DELETE /auth/sessions/there',
    'DELETE /auth/sessions',
  ]);
  const first = screen.getAllByTestId('sign-in')[0]!;
  expect(first.textContent).toContain('from Berlin (192.0.2.1), in Engines');
  expect(within(first).getByText('Passkey')).toBeTruthy();
  expect(within(first).getByLabelText('Sign out Firefox on Linux')).toBeTruthy();
});

test('ending this sign-in leads to the login; one that cannot end stays', async () => {
  const server = serve({ 'POST /auth/logout': problem(403, 'forbidden', 'Not now.') });
  await visit('/settings');
  fireEvent.click(await screen.findByTestId('logout'));
  expect(await screen.findByText('It is still signed in')).toBeTruthy();
  expect(address()).toBe('/settings');
  server.answer('POST /auth/logout', null);
  press('logout');
  await waitFor(() => expect(address()).toBe('/login'));
});

test('another organization is opened on a fresh page, and a refusal is told', async () => {
  const server = serve({ 'POST /auth/switch': problem(403, 'forbidden', 'You left it.') });
  const gone = vi.spyOn(window.location, 'assign').mockImplementation(() => {});
  await visit('/settings');
  fireEvent.click(await screen.findByText('Go there'));
  expect(await screen.findByText('You left it.')).toBeTruthy();
  expect(gone).not.toHaveBeenCalled();
  server.answer('POST /auth/switch', null);
  fireEvent.click(screen.getByText('Go there'));
  await waitFor(() => expect(gone).toHaveBeenCalledWith('/projects'));
  expect(madeBy(server).at(-1)?.[1]).toEqual({ organization_id: 'l' });
});

test('a new organization is made and entered', async () => {
  const server = serve({ 'POST /organizations': { id: 'n' }, 'POST /auth/switch': null });
  const gone = vi.spyOn(window.location, 'assign').mockImplementation(() => {});
  await visit('/settings');
  fireEvent.click(await screen.findByText('New organization'));
  type(await screen.findByTestId('organization-name'), ' ');
  expect(screen.getByTestId<HTMLButtonElement>('create-organization').disabled).toBe(true);
  type('organization-name', ' Mills ');
  press('create-organization');
  await waitFor(() => expect(gone).toHaveBeenCalledWith('/projects'));
  expect(madeBy(server)).toEqual([
    ['POST /organizations', { name: 'Mills' }],
    ['POST /auth/switch', { organization_id: 'n' }],
  ]);
});

test('what is chosen for the looks and the bell is kept and takes effect', async () => {
  serve();
  startTheme();
  await visit('/settings');
  const { dataset } = document.documentElement;
  fireEvent.click(await screen.findByText('High contrast'));
  await waitFor(() => expect(dataset.theme).toBe('contrast'));
  const glass = screen.getByLabelText<HTMLInputElement>(/Glass surfaces/);
  expect(glass.checked).toBe(true);
  fireEvent.click(glass);
  fireEvent.click(screen.getByLabelText(/Reduced motion/));
  fireEvent.click(screen.getByLabelText(/Compact layout/));
  expect(dataset).toMatchObject({ glass: 'off', motion: 'reduced', density: 'compact' });
  fireEvent.click(screen.getByLabelText(/Compact layout/));
  expect(dataset.density).toBeUndefined();
  fireEvent.click(screen.getByLabelText('Work you started is done'));
  fireEvent.click(screen.getByLabelText(/used on a new device/));
  expect(preferences.get('notifications.finished', true)).toBe(false);
  expect(preferences.get('notifications.newDevice', true)).toBe(false);
});

test('another language loads the page again, the same one does not', async () => {
  serve();
  const again = vi.spyOn(window.location, 'reload').mockImplementation(() => {});
  await visit('/settings');
  type(await screen.findByTestId('language'), 'en');
  expect(again).not.toHaveBeenCalled();
  type('language', 'de');
  expect(again).toHaveBeenCalledTimes(1);
});
