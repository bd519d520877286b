// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { CannedServer, leave, person, press, problem, type, visit } from '@/app/serverFixture';
import { goToProvider, isSsoError, ssoErrorText } from './ssoStart';

const start = '/api/v1/auth/sso/0190a1b2-0000-7000-8000-000000000001/start';
const option = { id: '0190a1b2-0000-7000-8000-000000000001', kind: 'oidc', name: 'Company' };
const home = () => ({ 'GET /auth/me': problem(401, 'unauthenticated', 'Sign in first.') });

function watchLeaving() {
  return vi.spyOn(window.location, 'assign').mockImplementation(() => {});
}

afterEach(() => {
  vi.restoreAllMocks();
  leave();
});

test('the domain of the address leads to the provider, and back to where one was', async () => {
  const server = new CannedServer(home());
  server.answer('POST /auth/sso/discover', { providers: [{ ...option, start_url: start }] });
  const left = watchLeaving();
  await visit('/login?next=%2Fjobs');
  const button = await screen.findByTestId<HTMLButtonElement>('sso-button');
  expect(button.disabled).toBe(true);
  type('email', 'ada@example.org');
  press('sso-button');
  await waitFor(() => expect(left).toHaveBeenCalledWith(`${start}?return_to=%2Fjobs`));
  expect(server.changes).toEqual([['POST /auth/sso/discover', { email: 'ada@example.org' }]]);
});

test('a domain of nobody is told', async () => {
  const server = new CannedServer(home());
  server.answer('POST /auth/sso/discover', { providers: [] });
  await visit('/login');
  type(await screen.findByTestId('email'), 'ada@example.org');
  press('sso-button');
  expect(await screen.findByText(/No organization signs its people in/)).toBeTruthy();
});

test('who must come by the provider is led there from the password', async () => {
  const server = new CannedServer(home());
  const errors = [
    { pointer: '/providers/0', detail: start },
    { pointer: '/providers/1', detail: 'https://evil.example/' },
  ];
  server.answer('POST /auth/login', problem(403, 'sso_required', 'By the provider.', errors));
  const left = watchLeaving();
  await visit('/login');
  type(await screen.findByTestId('email'), 'ada@example.org');
  type('password', 'secret');
  press('login-button');
  fireEvent.click(await screen.findByTestId('sso-continue'));
  expect(left).toHaveBeenCalledWith(start);
});

test('why a provider sent one back stands in words', async () => {
  new CannedServer(home());
  await visit('/login?sso_error=email_unverified');
  expect(await screen.findByText(/has not confirmed your email/)).toBeTruthy();
  expect(ssoErrorText('whatever')).toBe(ssoErrorText('other'));
  expect(isSsoError('<script>')).toBe(false);
  const left = watchLeaving();
  goToProvider('https://evil.example/');
  expect(left).not.toHaveBeenCalled();
});

test('accounts at providers are linked and unlinked in the settings', async () => {
  const server = new CannedServer({ 'GET /auth/me': person() });
  const link = { provider_id: option.id, kind: 'oidc', name: 'Company', enabled: true };
  const links = (more = {}) => ({ items: [{ ...link, redirects: true, ...more }] });
  server.answer('GET /auth/sso/links', links());
  server.answer(`POST /auth/sso/${option.id}/link`, { url: 'https://idp.example/authorize' });
  const left = watchLeaving();
  await visit('/settings');
  fireEvent.click(await screen.findByTestId('link-provider'));
  await waitFor(() => expect(left).toHaveBeenCalledWith('https://idp.example/authorize'));
  leave();
  new CannedServer({
    'GET /auth/me': person(),
    'GET /auth/sso/links': links({ linked_at: '2026-01-01T10:00:00Z' }),
    [`DELETE /auth/sso/links/${option.id}`]: null,
  });
  await visit('/settings');
  fireEvent.click(await screen.findByTestId('unlink-provider'));
  expect(await screen.findByText('The link is gone')).toBeTruthy();
});
