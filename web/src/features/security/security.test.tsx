// @vitest-environment happy-dom
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import jsQR from 'jsqr';
import { createElement } from 'react';
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
import type { MfaStatus } from '@/net/mfaRoutes';
import { QrCode } from './TotpDialog';
import { askPasskey, fromBase64url, makePasskey, toBase64url } from './passkey';
import { problemText } from './problemText';

const off: MfaStatus = {
  totp: false,
  passkeys: [],
  recovery_codes_left: 0,
  has_password: true,
  required: false,
};
const on: MfaStatus = {
  ...off,
  totp: true,
  totp_added_at: '2026-01-01T00:00:00Z',
  recovery_codes_left: 8,
};
const laptop = { id: 'k', name: 'Laptop', created_at: '2026-01-01T00:00:00Z' };
const codes = ['aaaa-bbbb-cccc-dddd', 'eeee-ffff-gggg-hhhh'];
const uri = 'otpauth://totp/AnnotateAI:ada%40example.org?secret=GEZDGNBVGY3TQOJQ&issuer=AnnotateAI';
const challenge = {
  challenge: 'Y2hhbGxlbmdl',
  rp_id: 'localhost',
  allow: ['AQI'],
  user_verification: 'preferred' as const,
  timeout_ms: 1000,
};

function serve(mfa: MfaStatus, more: Record<string, unknown> = {}, me = person()) {
  return new CannedServer({
    'GET /auth/me': me,
    'GET /auth/mfa': mfa,
    'GET /auth/sessions': { items: [] },
    'GET /auth/tokens': { items: [] },
    'GET /organizations': { items: [] },
    'GET /projects': { items: [] },
    ...more,
  });
}

/** An authenticator that answers at once, or fails. */
function withPasskeys(failure?: DOMException) {
  const bytes = (...all: number[]) => Uint8Array.from(all).buffer;
  const answer = async (response: object) => {
    if (failure) throw failure;
    return { rawId: bytes(1, 2), response };
  };
  const get = vi.fn(() =>
    answer({
      clientDataJSON: bytes(3),
      authenticatorData: bytes(4),
      signature: bytes(5),
      userHandle: bytes(6),
    }),
  );
  const create = vi.fn(() => answer({ clientDataJSON: bytes(7), attestationObject: bytes(8) }));
  vi.stubGlobal('PublicKeyCredential', class {});
  Object.defineProperty(navigator, 'credentials', { value: { get, create }, configurable: true });
  return { get, create };
}

const answered = {
  id: 'AQI',
  client_data: 'Aw',
  authenticator_data: 'BA',
  signature: 'BQ',
  user_handle: 'Bg',
};

beforeEach(() => {
  window.history.replaceState(null, '', '/');
  vi.stubGlobal('isSecureContext', true);
});
afterEach(() => {
  vi.restoreAllMocks();
  Reflect.deleteProperty(navigator, 'credentials');
  leave();
});

test('the picture reads as the address that it was made of', () => {
  render(createElement(QrCode, { text: uri }));
  const svg = screen.getByTestId('totp-qr');
  const size = Number(svg.getAttribute('viewBox')!.split(' ')[2]);
  const scale = 4;
  const width = size * scale;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  const path = svg.querySelector('path')!.getAttribute('d')!;
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)/g)) {
    for (let i = 0; i < scale * scale; ++i) {
      const at = (Number(y) * scale + (i >> 2)) * width + Number(x) * scale + (i & 3);
      pixels.fill(0, at * 4, at * 4 + 3);
    }
  }
  expect(jsQR(pixels, width, width)?.data).toBe(uri);
});

test('an authenticator app is set up, and its recovery codes have to be kept', async () => {
  const server = serve(off, { 'POST /auth/mfa/totp': { secret: 'GEZDGNBVGY3TQOJQ', uri } });
  await visit('/settings');
  fireEvent.click(await screen.findByTestId('totp-set-up'));
  expect(screen.getByTestId<HTMLButtonElement>('mfa-confirm-button').disabled).toBe(true);
  type('proof-password', 'secret');
  press('mfa-confirm-button');
  const key = await screen.findByTestId<HTMLInputElement>('totp-key');
  expect(key.value).toBe('GEZD GNBV GY3T QOJQ');
  server.answer('POST /auth/mfa/totp/confirm', problem(422, 'wrong_code', 'It is wrong.'));
  type('mfa-code', '111111');
  press('totp-confirm');
  expect(await screen.findByText('It is wrong.')).toBeTruthy();
  expect(screen.getByTestId<HTMLInputElement>('mfa-code').value).toBe('');
  server.answer('POST /auth/mfa/totp/confirm', () => {
    server.answer('GET /auth/mfa', on);
    return { recovery_codes: codes };
  });
  type('mfa-code', '222222');
  press('totp-confirm');
  const shown = await screen.findAllByTestId('recovery-code');
  expect(shown.map((one) => one.textContent)).toEqual(codes);
  const written = vi.fn();
  Object.defineProperty(navigator, 'clipboard', {
    value: { writeText: written },
    configurable: true,
  });
  press('recovery-codes-copy');
  expect(written).toHaveBeenCalledWith(`${codes.join('\n')}\n`);
  const done = screen.getByTestId<HTMLButtonElement>('recovery-codes-done');
  expect(done.disabled).toBe(true);
  press('recovery-codes-kept');
  press('recovery-codes-done');
  await waitFor(() => expect(screen.queryByTestId('recovery-code')).toBeNull());
  expect(await screen.findByTestId('totp-remove')).toBeTruthy();
  expect(server.changes).toEqual([
    ['POST /auth/mfa/totp', { password: 'secret' }],
    ['POST /auth/mfa/totp/confirm', { otp: '111111' }],
    ['POST /auth/mfa/totp/confirm', { otp: '222222' }],
  ]);
});

test('recovery codes are saved as a file', async () => {
  const server = serve(on, { 'POST /auth/mfa/recovery-codes': { recovery_codes: codes } });
  const made: Blob[] = [];
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    made.push(blob as Blob);
    return 'blob:x';
  });
  await visit('/settings');
  fireEvent.click(await screen.findByTestId('codes-renew'));
  type('proof-password', 'secret');
  press('proof-other');
  type('mfa-code', codes[0]!);
  press('mfa-confirm-button');
  await screen.findAllByTestId('recovery-code');
  press('recovery-codes-download');
  expect(await made[0]!.text()).toBe(`${codes.join('\n')}\n`);
  const proof = { password: 'secret', recovery_code: codes[0] };
  expect(server.changes).toEqual([['POST /auth/mfa/recovery-codes', proof]]);
});

test('turning it off wants password and code, and says which was wrong', async () => {
  const server = serve({ ...on, required: true });
  await visit('/settings');
  fireEvent.click(await screen.findByTestId('mfa-turn-off'));
  expect(screen.getByText(/without one, only your own account is open/)).toBeTruthy();
  type('proof-password', 'secret');
  expect(screen.getByTestId<HTMLButtonElement>('mfa-confirm-button').disabled).toBe(true);
  for (const [code, words] of [
    ['wrong_password', 'No such password.'],
    ['wrong_code', 'No such code.'],
    ['too_many_attempts', 'Wait.'],
  ] as const) {
    server.answer('POST /auth/mfa/turn-off', problem(403, code, words));
    type('mfa-code', '123456');
    press('mfa-confirm-button');
    expect(await screen.findByText(words)).toBeTruthy();
  }
  server.answer('POST /auth/mfa/turn-off', () => {
    server.answer('GET /auth/mfa', off);
    return null;
  });
  type('mfa-code', '123456');
  press('mfa-confirm-button');
  expect(await screen.findByText('Two-step sign-in is off')).toBeTruthy();
  expect(await screen.findByTestId('totp-set-up')).toBeTruthy();
});

test('the app alone is removed', async () => {
  const server = serve({ ...on, passkeys: [laptop] }, { 'POST /auth/mfa/totp/remove': null });
  await visit('/settings');
  fireEvent.click(await screen.findByTestId('totp-remove'));
  type('proof-password', 'secret');
  type('mfa-code', '123456');
  press('mfa-confirm-button');
  expect(await screen.findByText('The authenticator app is removed')).toBeTruthy();
  const proof = { password: 'secret', otp: '123456' };
  expect(server.changes).toEqual([['POST /auth/mfa/totp/remove', proof]]);
});

test('a passkey is added, renamed and removed', async () => {
  const { create, get } = withPasskeys();
  const options = { ...challenge, rp_name: 'AnnotateAI', user_handle: 'AQ', user_name: 'ada' };
  const server = serve(off, {
    'POST /auth/passkeys/options': {
      ...options,
      user_display_name: 'Ada',
      algorithms: [-7],
      exclude: ['AQI'],
    },
    'PATCH /auth/passkeys/k': laptop,
    'POST /auth/mfa/challenge': challenge,
  });
  server.answer('POST /auth/passkeys', () => {
    server.answer('GET /auth/mfa', { ...off, passkeys: [laptop], recovery_codes_left: 10 });
    return { passkey: laptop, recovery_codes: codes };
  });
  await visit('/settings');
  fireEvent.click(await screen.findByTestId('passkey-add'));
  type('proof-password', 'secret');
  press('mfa-confirm-button');
  await screen.findAllByTestId('recovery-code');
  press('recovery-codes-kept');
  press('recovery-codes-done');
  expect(create).toHaveBeenCalledOnce();
  fireEvent.click(await screen.findByTestId('passkey-rename'));
  type('passkey-name', ' Old laptop ');
  press('passkey-rename-save');
  await waitFor(() => expect(screen.queryByTestId('passkey-name')).toBeNull());
  server.answer('POST /auth/passkeys/k/remove', () => {
    server.answer('GET /auth/mfa', off);
    return null;
  });
  press('passkey-remove');
  type('proof-password', 'secret');
  press('proof-passkey');
  await waitFor(() => expect(screen.queryByTestId('passkey')).toBeNull());
  expect(get).toHaveBeenCalledOnce();
  expect(server.changes.map(([what]) => what)).toEqual([
    'POST /auth/passkeys/options',
    'POST /auth/passkeys',
    'PATCH /auth/passkeys/k',
    'POST /auth/mfa/challenge',
    'POST /auth/passkeys/k/remove',
  ]);
  expect(server.changes[1]![1]).toMatchObject({ client_data: 'Bw', attestation_object: 'CA' });
  expect(server.changes[2]![1]).toEqual({ name: 'Old laptop' });
  expect(server.changes[4]![1]).toEqual({ password: 'secret', passkey: answered });
});

test('where passkeys cannot be, the page says why', async () => {
  serve({ ...off, passkeys_unavailable: 'There is an address in PUBLIC_URL.' });
  await visit('/settings');
  expect((await screen.findByTestId('passkeys-unavailable')).textContent).toContain('PUBLIC_URL');
  expect(screen.queryByTestId('passkey-add')).toBeNull();
});

test('factors that cannot be loaded are asked for again', async () => {
  const server = serve(off, { 'GET /auth/mfa': problem(403, 'internal', 'It broke.') });
  await visit('/settings');
  expect(await screen.findByText('It broke.')).toBeTruthy();
  server.answer('GET /auth/mfa', on);
  const card = document.getElementById('security')!;
  fireEvent.click(within(card).getByText('Try again'));
  expect(await screen.findByTestId('mfa-app')).toBeTruthy();
});

const needed = (methods: string[]) =>
  Response.json(
    { code: 'mfa_required', detail: 'More.', pending: 'p3nding', methods },
    { status: 401 },
  );

async function firstStep(methods: string[]) {
  const server = new CannedServer({
    'GET /auth/me': problem(401, 'unauthenticated', 'Sign in first.'),
    'GET /projects': { items: [] },
    'POST /auth/login': needed(methods),
  });
  await visit('/login');
  type(await screen.findByTestId('email'), 'ada@example.org');
  type('password', 'secret');
  press('login-button');
  await screen.findByTestId('second-step');
  return server;
}

const letIn = (server: CannedServer) => () => {
  server.answer('GET /auth/me', person());
  return {};
};

test('signing in takes a code as its second step', async () => {
  const server = await firstStep(['otp', 'recovery_code']);
  server.answer('POST /auth/mfa', problem(401, 'wrong_code', 'That code is wrong.'));
  type('mfa-code', '000000');
  press('mfa-submit');
  expect(await screen.findByText('That code is wrong.')).toBeTruthy();
  press('mfa-other');
  server.answer('POST /auth/mfa', letIn(server));
  type('mfa-code', codes[0]!);
  press('mfa-submit');
  await waitFor(() => expect(address()).toBe('/projects'));
  expect(server.changes.slice(1)).toEqual([
    ['POST /auth/mfa', { pending: 'p3nding', otp: '000000' }],
    ['POST /auth/mfa', { pending: 'p3nding', recovery_code: codes[0] }],
  ]);
});

test('signing in takes a passkey as its second step', async () => {
  withPasskeys();
  const server = await firstStep(['passkey', 'recovery_code']);
  server.answer('POST /auth/mfa/options', { methods: ['passkey'], passkey: challenge });
  server.answer('POST /auth/mfa', letIn(server));
  press('mfa-passkey');
  await waitFor(() => expect(address()).toBe('/projects'));
  const body = { pending: 'p3nding', passkey: answered };
  expect(server.changes.at(-1)).toEqual(['POST /auth/mfa', body]);
});

test('a second step that is too old leads back to the first', async () => {
  const server = await firstStep(['otp']);
  server.answer('POST /auth/mfa', problem(401, 'invalid_pending', 'Too old.'));
  type('mfa-code', '123456');
  press('mfa-submit');
  expect(await screen.findByText('Too old.')).toBeTruthy();
  expect(screen.queryByTestId('mfa-submit')).toBeNull();
  press('mfa-back');
  expect(await screen.findByTestId('login-button')).toBeTruthy();
});

test('who comes from elsewhere with a first step goes on with the second', async () => {
  const server = new CannedServer({
    'GET /auth/me': problem(401, 'unauthenticated', 'Sign in first.'),
    'POST /auth/mfa/options': { methods: ['otp'] },
  });
  await visit('/forgot-password');
  window.location.hash = '#pending=fr0m-there';
  await visit('/login');
  expect(await screen.findByTestId('mfa-code')).toBeTruthy();
  expect(window.location.hash).toBe('');
  expect(server.changes).toEqual([['POST /auth/mfa/options', { pending: 'fr0m-there' }]]);
});

test('a passkey signs in alone, and says when it was not confirmed', async () => {
  const { get } = withPasskeys();
  const server = new CannedServer({
    'GET /auth/me': problem(401, 'unauthenticated', 'Sign in first.'),
    'GET /projects': { items: [] },
    'POST /auth/passkey/options': { ...challenge, allow: [] },
  });
  await visit('/login');
  get.mockRejectedValueOnce(new DOMException('no', 'NotAllowedError'));
  fireEvent.click(await screen.findByTestId('passkey-login'));
  expect(await screen.findByText(/was not confirmed/)).toBeTruthy();
  server.answer('POST /auth/passkey', letIn(server));
  press('passkey-login');
  await waitFor(() => expect(address()).toBe('/projects'));
  expect(server.changes.at(-1)).toEqual(['POST /auth/passkey', { passkey: answered }]);
});

test('who is held back sees one page until a second factor stands', async () => {
  const held = person([], { restraint: 'mfa_enrolment' });
  const server = serve({ ...off, required: true }, { 'POST /auth/logout': null }, held);
  await visit('/projects');
  await waitFor(() => expect(address()).toBe('/enrol'));
  expect(await screen.findByTestId('mfa-required')).toBeTruthy();
  server.answer('POST /auth/mfa/totp', { secret: 'GEZDGNBVGY3TQOJQ', uri });
  server.answer('POST /auth/mfa/totp/confirm', () => {
    server.answer('GET /auth/mfa', { ...on, required: true });
    server.answer('GET /auth/me', person());
    return { recovery_codes: codes };
  });
  press('totp-set-up');
  type('proof-password', 'secret');
  press('mfa-confirm-button');
  type(await screen.findByTestId('mfa-code'), '123456');
  press('totp-confirm');
  await screen.findAllByTestId('recovery-code');
  press('recovery-codes-kept');
  press('recovery-codes-done');
  fireEvent.click(await screen.findByTestId('enrol-onward'));
  await waitFor(() => expect(address()).toBe('/projects'));
});

test('who is held back can leave', async () => {
  const held = person([], { restraint: 'mfa_enrolment' });
  serve({ ...off, required: true }, { 'POST /auth/logout': null }, held);
  await visit('/projects');
  fireEvent.click(await screen.findByTestId('enrol-leave'));
  await waitFor(() => expect(address()).toBe('/login'));
});

test('bytes go there and back, and the browser is asked for what the server wants', async () => {
  const { get, create } = withPasskeys();
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(fromBase64url(toBase64url(bytes.buffer))).toEqual(bytes);
  await askPasskey(challenge);
  expect(get).toHaveBeenCalledWith({
    publicKey: expect.objectContaining({ rpId: 'localhost', userVerification: 'preferred' }),
  });
  await makePasskey({
    challenge: 'AQ',
    rp_id: 'localhost',
    rp_name: 'AnnotateAI',
    user_handle: 'AQ',
    user_name: 'ada',
    user_display_name: 'Ada',
    algorithms: [-7, -8],
    exclude: [],
    timeout_ms: 1,
  });
  const asked = create.mock.calls[0] as unknown as [CredentialCreationOptions];
  expect(asked[0].publicKey?.pubKeyCredParams.map(({ alg }) => alg)).toEqual([-7, -8]);
  expect(asked[0].publicKey?.authenticatorSelection?.residentKey).toBe('required');
  get.mockResolvedValueOnce(null as never);
  await expect(askPasskey(challenge)).rejects.toThrow();
  create.mockResolvedValueOnce(null as never);
  const nothing = { ...challenge, algorithms: [], exclude: [], user_handle: '' };
  await expect(makePasskey(nothing as never)).rejects.toThrow();
});

test('failures of the browser have words', () => {
  const words = (name: string) => problemText(new DOMException('x', name));
  expect(words('InvalidStateError')).toMatch(/registered already/);
  expect(words('SecurityError')).toMatch(/only at the address/);
  expect(words('AbortError')).toMatch(/not confirmed/);
  expect(problemText(new Error('plain'))).toBe('plain');
});
