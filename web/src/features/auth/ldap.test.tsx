// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
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

const option = { id: '0190a1b2-0000-7000-8000-000000000002', kind: 'ldap', name: 'Directory' };
const route = `POST /auth/sso/${option.id}/ldap`;

function serve() {
  return new CannedServer({
    'GET /auth/me': problem(401, 'unauthenticated', 'Sign in first.'),
    'GET /projects': { items: [] },
    'POST /auth/sso/discover': { providers: [{ ...option, start_url: '' }] },
  });
}

afterEach(leave);

test('a domain of an LDAP server asks for its password, here', async () => {
  const server = serve();
  await visit('/login');
  type(await screen.findByTestId('email'), 'ada@example.org');
  press('sso-button');
  const user = await screen.findByTestId<HTMLInputElement>('ldap-user');
  expect(user.value).toBe('ada@example.org');
  expect(screen.getByText('Use the user name and the password of Directory.')).toBeTruthy();
  type(user, ' ada ');
  press('ldap-login');
  type('ldap-password', 'wrong');
  server.answer(route, problem(401, 'invalid_credentials', 'Wrong.'));
  fireEvent.submit(screen.getByTestId('ldap-form'));
  expect(await screen.findByText(/do not match|does not match|wrong/i)).toBeTruthy();
  server.answer(route, { access_token: 'a' });
  server.answer('GET /auth/me', person());
  type('ldap-password', 'right');
  fireEvent.submit(screen.getByTestId('ldap-form'));
  await waitFor(() => expect(address()).toContain('/projects'));
  expect(server.changes.filter(([call]) => call === route).map(([, body]) => body)).toEqual([
    { username: 'ada', password: 'wrong' },
    { username: 'ada', password: 'right' },
  ]);
});
