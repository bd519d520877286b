// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
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
import { queryClient } from '@/app/queryClient';
import { call, onProofNeeded, onSignedIn } from '@/net/http';
import { tokenIn } from './linkToken';
import { askForProof } from './proof';
import { meQuery } from './queries';
import { askToSignIn, keepsWork, useSignInAgain } from './signInAgain';

const deadLink = 'This link has been used, was replaced or is too old.';
const unsigned = () => problem(401, 'unauthenticated', 'Sign in first.');
const home = { 'GET /auth/me': unsigned(), 'GET /projects': { items: [] } };

beforeEach(() => window.history.replaceState(null, '', '/'));
afterEach(() => {
  vi.restoreAllMocks();
  leave();
});

/** Another page comes first: the router shows the last one for a moment, which took the secret. */
async function openLink(path: string, secret = 's3cret') {
  await visit('/forgot-password');
  cleanup();
  window.location.hash = `#token=${secret}`;
  await visit(path);
}

const inForm = (label: string) => screen.getByLabelText<HTMLInputElement>(label);

test('signing in goes where the person wanted to be', async () => {
  const server = new CannedServer({ ...home });
  server.answer('POST /auth/login', () => {
    server.answer('GET /auth/me', person());
    return {};
  });
  await visit('/settings');
  await waitFor(() => expect(address()).toBe('/login?next=%2Fsettings'));
  type(await screen.findByTestId('email'), ' ada@example.org ');
  type('password', 'secret');
  press('login-button');
  await waitFor(() => expect(address()).toBe('/settings'));
  const body = { email: 'ada@example.org', password: 'secret' };
  expect(server.changes).toEqual([['POST /auth/login', body]]);
});

test('an incomplete form is not sent; its first wrong field has the focus', async () => {
  const server = new CannedServer({ ...home });
  await visit('/login?mode=register');
  await screen.findByText('Create your account');
  type(inForm('Your name'), 'Ada');
  press('login-button');
  expect(await screen.findByText('Enter the name of your team or company.')).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(inForm('Organization')));
  expect(server.changes).toEqual([]);
  type(inForm('Organization'), 'Engines');
  expect(screen.queryByText('Enter the name of your team or company.')).toBeNull();
});

test('a new account names its organization, and a refusal stands at its field', async () => {
  const server = new CannedServer({ ...home });
  const detail = 'is too short';
  const errors = [{ pointer: '/password', detail }];
  server.answer('POST /auth/register', problem(422, 'invalid_body', 'Bad.', errors));
  await visit('/login');
  fireEvent.click(await screen.findByTestId('register-toggle'));
  await screen.findByText('Create your account');
  type(inForm('Your name'), 'Ada');
  type(inForm('Organization'), 'Engines');
  type('email', 'ada@example.org');
  type('password', 'short');
  press('login-button');
  expect(await screen.findByText(detail)).toBeTruthy();
  const body = {
    email: 'ada@example.org',
    password: 'short',
    name: 'Ada',
    organization: 'Engines',
  };
  expect(server.changes).toEqual([['POST /auth/register', body]]);
});

test('a browser that keeps no cookie is told so', async () => {
  const server = new CannedServer({ ...home, 'POST /auth/login': {} });
  await visit('/login');
  type(await screen.findByTestId('email'), 'ada@example.org');
  type('password', 'secret');
  press('login-button');
  expect(await screen.findByText(/did not keep the session/)).toBeTruthy();
  expect(server.changes).toHaveLength(1);
});

test('too many attempts lock the button and say for how long', async () => {
  const server = new CannedServer({ ...home });
  server.answer(
    'POST /auth/login',
    Response.json({ code: 'rate_limited' }, { status: 429, headers: { 'Retry-After': '40' } }),
  );
  await visit('/login');
  type(await screen.findByTestId('email'), 'ada@example.org');
  type('password', 'secret');
  press('login-button');
  expect(await screen.findByText(/Try again in (40|39) s/)).toBeTruthy();
  expect(screen.getByTestId<HTMLButtonElement>('login-button').disabled).toBe(true);
});

test('the password is shown only while asked for', async () => {
  new CannedServer({ ...home });
  await visit('/login');
  const field = await screen.findByTestId<HTMLInputElement>('password');
  expect(field.type).toBe('password');
  fireEvent.click(screen.getByLabelText('Show password'));
  expect(field.type).toBe('text');
  fireEvent.click(screen.getByLabelText('Hide password'));
  expect(field.type).toBe('password');
});

test('how hard a new password is to guess counts one’s own words', async () => {
  new CannedServer({ ...home });
  await visit('/login?mode=register');
  type(await screen.findByTestId('email'), 'lovelace@example.org');
  type('password', 'seven horses eat purple staples');
  const strength = await screen.findByTestId('strength');
  expect(strength.dataset.strength).toBe('4');
  type('password', 'lovelace1');
  await waitFor(() => expect(Number(strength.dataset.strength)).toBeLessThan(2));
  type('password', 'x9$Kq');
  await waitFor(() => expect(strength.textContent).toBe('Guessed at once'));
  type('password', '');
  await waitFor(() => expect(screen.queryByTestId('strength')).toBeNull());
});

test('a forgotten password sends a link and never tells whether there is an account', async () => {
  const server = new CannedServer({ ...home, 'POST /auth/password/forgot': null });
  await visit('/forgot-password');
  const send = await screen.findByTestId<HTMLButtonElement>('forgot-button');
  expect(send.disabled).toBe(true);
  type('email', ' ada@example.org ');
  fireEvent.click(send);
  expect(await screen.findByText(/If the address has an account/)).toBeTruthy();
  const body = { email: 'ada@example.org' };
  expect(server.changes).toEqual([['POST /auth/password/forgot', body]]);
});

test('a new password is set with the secret of the link, which leaves the bar', async () => {
  const server = new CannedServer({ ...home, 'POST /auth/password/reset': null });
  await openLink('/reset-password');
  type(await screen.findByTestId('new-password'), 'long enough');
  expect(window.location.hash).toBe('');
  press('reset-button');
  await waitFor(() => expect(address()).toBe('/login'));
  expect(await screen.findByText('Your password is set. Sign in with it.')).toBeTruthy();
  const body = { token: 's3cret', password: 'long enough' };
  expect(server.changes).toEqual([['POST /auth/password/reset', body]]);
});

test('a link that is used up, or has no secret, leads to a new one', async () => {
  const server = new CannedServer({ ...home });
  server.answer('POST /auth/password/reset', problem(403, 'invalid_link', 'Gone.'));
  await openLink('/reset-password', 'old');
  type(await screen.findByTestId('new-password'), 'long enough');
  press('reset-button');
  expect(await screen.findByText(deadLink)).toBeTruthy();
  expect(screen.getByText('Ask for a new link').getAttribute('href')).toBe('/forgot-password');
  leave();
  await visit('/reset-password');
  expect(await screen.findByText(deadLink)).toBeTruthy();
});

test('an address is confirmed by a press, not by opening the link', async () => {
  const confirmed = { email: 'ada@example.org' };
  const server = new CannedServer({ ...home, 'POST /auth/email/confirm': confirmed });
  await openLink('/confirm-email');
  await screen.findByTestId('confirm-email');
  expect(server.changes).toEqual([]);
  press('confirm-email');
  expect(await screen.findByText('ada@example.org is confirmed.')).toBeTruthy();
  expect(server.changes).toEqual([['POST /auth/email/confirm', { token: 's3cret' }]]);
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Go to your projects'));
});

test('a link without its secret cannot confirm anything', async () => {
  new CannedServer({ ...home });
  await visit('/confirm-email');
  expect((await screen.findByTestId('confirm-email')).hasAttribute('disabled')).toBe(true);
  expect(screen.getByText(deadLink)).toBeTruthy();
});

const offer = {
  organization: 'Looms',
  email: 'ada@example.org',
  role_name: 'reviewer',
  registered: false,
};

function invited(more: object = {}) {
  return new CannedServer({ ...home, 'POST /auth/invitation': { ...offer, ...more } });
}

test('whoever is new joins with a name and a password', async () => {
  const server = invited();
  server.answer('POST /auth/join', () => {
    server.answer('GET /auth/me', person());
    return null;
  });
  await openLink('/join');
  expect(await screen.findByText('Join Looms')).toBeTruthy();
  expect(screen.getByText(/invited as reviewer/)).toBeTruthy();
  type('join-name', ' ');
  type('join-password', 'long enough');
  expect(screen.getByTestId<HTMLButtonElement>('join-button').disabled).toBe(true);
  type('join-name', ' Ada ');
  press('join-button');
  await waitFor(() => expect(address()).toBe('/projects'));
  const body = { token: 's3cret', name: 'Ada', password: 'long enough' };
  expect(server.changes.at(-1)).toEqual(['POST /auth/join', body]);
});

test('whoever has an account accepts with it, and goes to the organization', async () => {
  const server = invited({ registered: true });
  server.answer('GET /auth/me', person());
  server.answer('POST /auth/accept-invitation', { id: 'looms' });
  server.answer('POST /auth/switch', null);
  const gone = vi.spyOn(window.location, 'assign').mockImplementation(() => {});
  await openLink('/join');
  fireEvent.click(await screen.findByTestId('accept-button'));
  await waitFor(() => expect(gone).toHaveBeenCalledWith('/projects'));
  expect(server.changes.slice(1)).toEqual([
    ['POST /auth/accept-invitation', { token: 's3cret' }],
    ['POST /auth/switch', { organization_id: 'looms' }],
  ]);
});

test('another account cannot accept', async () => {
  const server = invited({ registered: true, email: 'bob@example.org' });
  server.answer('GET /auth/me', person());
  await openLink('/join');
  expect(await screen.findByText(/the invitation is for bob@example.org/)).toBeTruthy();
  expect(screen.queryByTestId('accept-button')).toBeNull();
});

test('who has an account and is not signed in joins by its password', async () => {
  const server = invited({ registered: true });
  server.answer('POST /auth/join', problem(401, 'invalid_credentials', 'Wrong.'));
  await openLink('/join');
  const field = await screen.findByTestId('join-password');
  expect(screen.queryByTestId('join-name')).toBeNull();
  fireEvent.change(field, { target: { value: 'not it' } });
  fireEvent.click(screen.getByTestId('join-button'));
  expect(await screen.findByText(/do not match an account/)).toBeTruthy();
  const second = { code: 'mfa_required', detail: 'A second factor.', pending: 'p3nding' };
  server.answer('POST /auth/join', Response.json(second, { status: 401 }));
  fireEvent.change(field, { target: { value: 'good words' } });
  fireEvent.click(screen.getByTestId('join-button'));
  expect(await screen.findByTestId('second-step')).toBeTruthy();
  const body = { token: 's3cret', password: 'good words' };
  expect(server.changes).toContainEqual(['POST /auth/join', body]);
});

test('an invitation that is over says so', async () => {
  const server = invited();
  server.answer('POST /auth/invitation', problem(403, 'invalid_link', 'Gone.'));
  await openLink('/join');
  expect(await screen.findByText(/not valid any more/)).toBeTruthy();
  expect(screen.queryByTestId('join-button')).toBeNull();
});

test('a sensitive change waits for a proof and is then made', async () => {
  const server = new CannedServer({ ...home });
  onProofNeeded(askForProof);
  server.answer('DELETE /things/1', problem(403, 'reauth_required', 'Prove it.'));
  server.answer('POST /auth/reauthenticate', problem(401, 'wrong_password', 'That is wrong.'));
  await visit('/login');
  const [first, second] = [1, 2].map(() => call('/things/1', { method: 'DELETE' }));
  type(await screen.findByTestId('proof-password'), 'wrong');
  press('proof-button');
  expect(await screen.findByText('That is wrong.')).toBeTruthy();
  server.answer('POST /auth/reauthenticate', () => {
    server.answer('DELETE /things/1', null);
    return null;
  });
  type('proof-password', 'right');
  press('proof-button');
  await Promise.all([first, second]);
  expect(screen.queryByTestId('proof-password')).toBeNull();
  expect(server.changes.filter(([what]) => what === 'POST /auth/reauthenticate')).toHaveLength(2);
});

test('a proof that is not given leaves the change refused', async () => {
  const server = new CannedServer({ ...home });
  onProofNeeded(askForProof);
  server.answer('DELETE /things/1', problem(403, 'reauth_required', 'Prove it.'));
  await visit('/login');
  const change = call('/things/1', { method: 'DELETE' });
  await screen.findByTestId('proof-password');
  fireEvent.click(screen.getByText('Cancel'));
  await expect(change).rejects.toMatchObject({ code: 'reauth_required' });
  expect(server.changes).toHaveLength(1);
});

test('signing in again keeps the page, the person and the organization', async () => {
  const server = new CannedServer({ ...home, 'POST /auth/login': {} });
  await visit('/login');
  queryClient.setQueryData(meQuery.queryKey, person());
  const told = vi.fn();
  const stop = onSignedIn(told);
  askToSignIn();
  type(await screen.findByTestId('password-again'), 'secret');
  press('sign-in-again-button');
  await waitFor(() => expect(told).toHaveBeenCalledTimes(1));
  const body = { email: 'ada@example.org', password: 'secret', organization_id: 'o' };
  expect(server.changes).toEqual([['POST /auth/login', body]]);
  expect(useSignInAgain.getState().asked).toBe(false);
  stop();
});

test('only pages with work that may be unsaved wait for their person', () => {
  expect(keepsWork('/projects/1/annotate/2')).toBe(true);
  expect(keepsWork('/projects/1')).toBe(false);
});

test.each([
  ['#token=a%2Bb', 'a+b'],
  ['#x=1&token=t', 't'],
  ['#', ''],
  ['', ''],
])('the secret in %j is %j', (hash, token) => expect(tokenIn(hash)).toBe(token));
