// 071-078: second factors: guessed, repeated, raced, gone round and taken away.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { uuidv7 } from '../functional/harness.mjs';
import { lettersTo, tokenIn } from '../functional/outbox.mjs';
import { Live, upgrade } from './live_wire.mjs';
import { member, memberPath, signedIn } from './members.mjs';
import { PASSWORD, Passkey, enrol, steady, totp } from './second_factor.mjs';
import {
  admin,
  assertProblem,
  auditOf,
  furnished,
  openapi,
  sleep,
  sqlOf,
  suite,
  until,
} from './world.mjs';

const ORIGIN = 'https://labels.example.org';
const env = { ANNOTATEAI_RATE_LIMIT: 'false', ANNOTATEAI_PUBLIC_URL: ORIGIN };

suite('mfa', { env }, (server) => {
  const login = (email, more = {}) =>
    server().call('POST', '/auth/login', { json: { email, password: PASSWORD, ...more } });
  const second = (pending, more) =>
    server().call('POST', '/auth/mfa', { json: { pending, ...more } });
  const me = (token) => server().call('GET', '/auth/me', { token });
  const mine = (person) => person.api('GET', '/auth/mfa');
  // As if no code had been used yet.
  const rewind = (person) =>
    sqlOf(server(), `UPDATE totp_factors SET last_step = 0 WHERE user_id = '${person.user.id}'`);
  async function pendingOf(person) {
    const answer = await login(person.email);
    assertProblem(answer, 401);
    assert.equal(answer.body.code, 'mfa_required');
    return answer.body.pending;
  }
  async function assertActions(person, expected) {
    const actions = (await auditOf(person)).map((entry) => entry.action);
    for (const action of expected) assert.ok(actions.includes(action), `${action}: ${actions}`);
  }
  const demand = (owner, json = { mfa_required: true }) =>
    owner.api('PATCH', `/organizations/${owner.organization.id}/policy`, { json });

  test('071 one code, twenty at once: one sign-in', async () => {
    const a = await server().person();
    const { secret } = await enrol(a);
    const pendings = [];
    for (let i = 0; i < 20; ++i) pendings.push(await pendingOf(a));
    await steady();
    const otp = totp(secret);
    const answers = await Promise.all(pendings.map((pending) => second(pending, { otp })));
    const statuses = answers.map((answer) => answer.status);
    assert.equal(statuses.filter((status) => status === 200).length, 1, String(statuses));
    assert.ok(statuses.every((status) => [200, 401, 429].includes(status)), String(statuses));
    const b = await server().person();
    const other = await enrol(b);
    await steady();
    assert.equal((await login(b.email, { otp: totp(other.secret) })).status, 200);
    assertProblem(await login(b.email, { otp: totp(other.secret) }), 401, 'the same again');
    assertProblem(await login(b.email, { otp: totp(other.secret, -1) }), 401, 'an older one');
  });

  test('072 one step beside is taken, two are not', async () => {
    const a = await server().person();
    const { secret } = await enrol(a);
    await steady();
    for (const off of [-2, 2, -3, 3]) {
      rewind(a);
      assertProblem(await login(a.email, { otp: totp(secret, off) }), 401, `step ${off}`);
    }
    for (const off of [-1, 0, 1]) {
      rewind(a);
      assert.equal((await login(a.email, { otp: totp(secret, off) })).status, 200, `step ${off}`);
    }
    for (const otp of ['', ' ', '12345', '1234567', 'abcdef', '٠٠٠٠٠٠', '-00001', '1e5']) {
      assertProblem(await login(a.email, { otp }), [401, 422], otp);
    }
  });

  test('073 ten wrong codes lock, and a new login counts on', async () => {
    const a = await server().person();
    const { secret, codes } = await enrol(a);
    for (let i = 0; i < 10; ++i) {
      const wrong = await second(await pendingOf(a), { otp: '000000' });
      assertProblem(wrong, 401, `wrong code ${i}`);
      assert.equal(wrong.body.code, 'wrong_code');
    }
    await steady();
    const held = await pendingOf(a);
    const locked = await second(held, { otp: totp(secret) });
    assertProblem(locked, 429, 'the right code');
    assert.ok(Number(locked.headers.get('retry-after')) > 600);
    assertProblem(await second(held, { recovery_code: codes[0] }), 429, 'a recovery code');
    assertProblem(await login(a.email, { otp: totp(secret) }), 429, 'in one go');
    const json = { password: PASSWORD, otp: totp(secret) };
    assertProblem(await a.api('POST', '/auth/mfa/turn-off', { json }), 429, 'turning it off');
    await lettersTo(server(), a.email, 'too many wrong codes');
    await assertActions(a, ['user.lock']);
    sqlOf(
      server(),
      `UPDATE second_factor_attempts SET locked_until = 0 WHERE user_id = '${a.user.id}'`,
    );
    assert.equal((await second(held, { otp: totp(secret) })).status, 200);
  });

  test('073 wrong passwords count although a right one was among them', async () => {
    const a = await server().person();
    await enrol(a);
    for (let i = 0; i < 9; ++i) {
      assertProblem(await login(a.email, { password: `wrong ${i}` }), 401);
      if (i === 4) await pendingOf(a);
    }
    assertProblem(await login(a.email), 429, 'the right password');
  });

  test('074 what waits for the second step opens nothing', async () => {
    const a = await server().person();
    await enrol(a);
    const pending = await pendingOf(a);
    const document = await openapi(server());
    let tried = 0;
    for (const [route, methods] of Object.entries(document.paths)) {
      for (const [verb, described] of Object.entries(methods)) {
        if ((described.security ?? []).length === 0) continue;
        const url = route.replace(/\{\w+\}/g, uuidv7());
        const method = verb.toUpperCase();
        const options = ['POST', 'PUT', 'PATCH'].includes(method) ? { json: {} } : {};
        const answer = await server().call(method, url, { token: pending, ...options });
        assert.equal(answer.status, 401, `${method} ${route}: ${answer.status}`);
        ++tried;
      }
    }
    assert.ok(tried > 100, `${tried} routes`);
    for (const cookie of [`__Host-aa_session=${pending}`, `aa_session=${pending}`]) {
      const answer = await server().call('GET', '/auth/me', { headers: { cookie } });
      assertProblem(answer, 401, cookie);
    }
    const json = { refresh_token: pending };
    assertProblem(await server().call('POST', '/auth/refresh', { json }), 401, 'as refresh token');
    for (const route of ['/auth/password/reset', '/auth/email/confirm', '/auth/join']) {
      const given = { token: pending, password: PASSWORD, name: 'x' };
      const answer = await server().call('POST', route, { json: given });
      assertProblem(answer, [400, 401, 403, 404, 422], route);
    }
    const socket = await upgrade(server(), `/api/v1/live?ticket=${pending}`);
    assert.notEqual(socket.status, 101, 'a live connection');
    for (const wrong of ['', 'x', pending.slice(1), `${pending}A`, a.token, a.refresh_token]) {
      assertProblem(await second(wrong, { otp: '123456' }), [401, 422], 'made up');
    }
    const [[stored]] = sqlOf(
      server(),
      `SELECT hash FROM pending_sign_ins WHERE user_id = '${a.user.id}'`,
    );
    assert.notEqual(stored, pending);
    sqlOf(server(), 'UPDATE pending_sign_ins SET expires_at = 1');
    const late = await second(pending, { otp: '123456' });
    assertProblem(late, 401, 'after five minutes');
    assert.equal(late.body.code, 'invalid_pending');
  });

  test('074 it works once', async () => {
    const a = await server().person();
    const { secret } = await enrol(a);
    const pending = await pendingOf(a);
    await steady();
    assert.equal((await second(pending, { otp: totp(secret) })).status, 200);
    assertProblem(await second(pending, { otp: totp(secret, 1) }), 401, 'a second time');
  });

  test('075 who has no second factor where one is wanted reaches only his account', async () => {
    const { person: owner, project, asset } = await furnished(server());
    const bob = await member(server(), owner, 'annotator');
    const scopes = ['project_read'];
    const token = await bob.api('POST', '/auth/tokens', { json: { name: 'robot', scopes } });
    assert.equal(token.status, 201, token.text);
    const live = await Live.join(server(), { token: bob.token, asset_id: asset.id });
    assert.equal((await demand(owner)).body.code, 'would_lock_out');
    await enrol(owner);
    assert.equal((await demand(owner)).status, 200);
    assert.ok((await live.closeCode()) >= 4000, 'the live connection ends');
    await sleep(5100);
    const held = async (answer, what) => {
      assertProblem(answer, 403, what);
      assert.equal(answer.body.code, 'mfa_enrolment', what);
    };
    const { routes } = (await owner.api('GET', '/permissions')).body;
    const shut = routes.filter((one) => one.permission && one.permission !== 'account_self');
    assert.ok(shut.length > 80, `${shut.length} routes`);
    for (const route of shut) {
      const url = route.path.replace(/\{\w+\}/g, uuidv7());
      const options = ['GET', 'DELETE'].includes(route.method) ? {} : { json: {} };
      const answer = await bob.api(route.method, url, options);
      assert.equal(answer.status, 403, `${route.method} ${route.path}`);
    }
    await held(await bob.api('GET', `/projects/${project.id}`), 'the session from before');
    const fresh = await server().call('POST', '/auth/refresh', {
      json: { refresh_token: bob.refresh_token },
    });
    assert.equal(fresh.status, 200, fresh.text);
    const refreshed = signedIn(server(), fresh.body);
    await held(await refreshed.api('GET', '/projects'), 'after a refresh');
    await held(
      await refreshed.api('POST', '/auth/tokens', { json: { name: 'robot 2', scopes } }),
      'making a token',
    );
    await held(await server().call('GET', '/projects', { token: token.body.secret }), 'a token');
    const again = await login(bob.email);
    assert.equal(again.status, 200, again.text);
    const anew = signedIn(server(), again.body);
    await held(await anew.api('GET', '/projects'), 'a new sign-in');
    await held(await anew.api('POST', '/live/tickets', { json: {} }), 'a ticket');
    const basic = Buffer.from(`${bob.email}:${PASSWORD}`).toString('base64');
    const byBasic = await server().call('GET', '/projects', {
      headers: { authorization: `Basic ${basic}` },
    });
    assertProblem(byBasic, [401, 403], 'Basic');
    const browser = await server().call('POST', '/auth/login', {
      json: { email: bob.email, password: PASSWORD },
      headers: { 'x-csrf': '1' },
    });
    const cookie = browser.headers.get('set-cookie').split(';')[0];
    const byCookie = (route) => server().call('GET', route, { headers: { cookie } });
    assert.equal((await byCookie('/auth/me')).status, 200);
    await held(await byCookie('/projects'), 'a cookie');
    const state = await me(anew.token);
    assert.equal(state.body.restraint, 'mfa_enrolment');
    assert.deepEqual(state.body.permissions, ['account_self']);
    assert.equal((await mine(anew)).body.required, true);
    await enrol(anew);
    assert.equal((await anew.api('GET', `/projects/${project.id}`)).status, 200);
    assertProblem(await refreshed.api('GET', '/auth/me'), 401, 'the other sign-ins ended');
  });

  test('075 a policy for some roles holds those alone', async () => {
    const owner = await server().person();
    const [bob, eve] = [
      await member(server(), owner, 'viewer'),
      await member(server(), owner, 'annotator'),
    ];
    assert.equal((await demand(owner, { mfa_roles: ['annotator'] })).status, 200);
    await sleep(5100);
    assert.equal((await bob.api('GET', '/projects')).status, 200);
    assertProblem(await eve.api('GET', '/projects'), 403);
    const own = await demand(owner, { mfa_roles: ['annotator', 'owner'] });
    assert.equal(own.body.code, 'would_lock_out');
  });

  test('076 taking it away wants password and code, and is told', async () => {
    const a = await server().person();
    const { secret } = await enrol(a);
    const passkey = uuidv7();
    const routes = [
      '/auth/mfa/turn-off',
      '/auth/mfa/totp/remove',
      '/auth/mfa/recovery-codes',
      '/auth/passkeys/options',
      `/auth/passkeys/${passkey}/remove`,
    ];
    await steady();
    for (const route of routes) {
      for (const json of [
        {},
        { password: PASSWORD },
        { otp: '000000' },
        { password: PASSWORD, otp: '' },
        { password: 'wrong', otp: '000000' },
      ]) {
        assertProblem(await a.api('POST', route, { json }), 403, `${route} ${Object.keys(json)}`);
      }
    }
    const wrong = await a.api('POST', '/auth/mfa/turn-off', {
      json: { password: PASSWORD, otp: '000000' },
    });
    assertProblem(wrong, 403);
    assert.equal(wrong.body.code, 'wrong_code');
    assert.equal((await mine(a)).body.totp, true);
    // A token of an API may not even try.
    const made = await a.api('POST', '/auth/tokens', {
      json: { name: 'robot', scopes: ['project_read'] },
    });
    for (const route of routes) {
      const answer = await server().call('POST', route, { token: made.body.secret, json: {} });
      assertProblem(answer, 403, route);
    }
    const done = await a.api('POST', '/auth/mfa/turn-off', {
      json: { password: PASSWORD, otp: totp(secret) },
    });
    assert.equal(done.status, 204, done.text);
    assert.equal((await login(a.email)).status, 200);
    await assertActions(a, ['mfa.enable', 'mfa.disable']);
    const letters = await lettersTo(server(), a.email, 'your second factor', 2);
    assert.ok(letters.some((letter) => letter.text.includes('turned off')));
  });

  test('013, 076 what ends a change wants a sign-in of the last minutes', async () => {
    const a = await server().person();
    sqlOf(server(), `UPDATE sessions SET authenticated_at = 1 WHERE user_id = '${a.user.id}'`);
    await sleep(5100);
    for (const [route, json] of [
      ['/auth/mfa/totp/confirm', { otp: '123456' }],
      ['/auth/passkeys', { name: 'x', client_data: 'x', attestation_object: 'x' }],
    ]) {
      const answer = await a.api('POST', route, { json });
      assertProblem(answer, 403, route);
      assert.equal(answer.body.code, 'reauth_required');
    }
    await enrol(a); // its own proof is one
    const proof = await a.api('POST', '/auth/reauthenticate', { json: { password: PASSWORD } });
    assertProblem(proof, 403, 'a proof without the second factor');
  });

  test('077 recovery codes work once, new ones void the old, nothing is shown again', async () => {
    const a = await server().person();
    const { secret, codes } = await enrol(a);
    assert.equal(new Set(codes).size, 10);
    assert.equal((await second(await pendingOf(a), { recovery_code: codes[0] })).status, 200);
    assertProblem(await second(await pendingOf(a), { recovery_code: codes[0] }), 401, 'twice');
    const both = await Promise.all(
      [await pendingOf(a), await pendingOf(a)].map((p) => second(p, { recovery_code: codes[1] })),
    );
    assert.deepEqual(both.map((answer) => answer.status).toSorted(), [200, 401]);
    await steady();
    const renewed = await a.api('POST', '/auth/mfa/recovery-codes', {
      json: { password: PASSWORD, otp: totp(secret) },
    });
    assert.equal(renewed.status, 200, renewed.text);
    assertProblem(await second(await pendingOf(a), { recovery_code: codes[2] }), 401, 'an old one');
    const spaced = renewed.body.recovery_codes[0].toUpperCase().replaceAll('-', ' ');
    assert.equal((await second(await pendingOf(a), { recovery_code: spaced })).status, 200);
    await lettersTo(server(), a.email, 'your second factor', 4);
    const status = (await mine(a)).text;
    const list = (await a.api('GET', `/organizations/${a.organization.id}/audit`)).text;
    for (const said of [status, list, (await me(a.token)).text]) {
      assert.ok(!said.includes(secret) && !said.includes(renewed.body.recovery_codes[1]));
    }
    const again = await a.api('POST', '/auth/mfa/totp', {
      json: { password: PASSWORD, otp: totp(secret, 1) },
    });
    assertProblem(again, 409, 'the secret once more');
    const rows = JSON.stringify([
      sqlOf(server(), 'SELECT sealed FROM totp_factors'),
      sqlOf(server(), 'SELECT hash FROM recovery_codes'),
    ]);
    for (const plain of [secret, ...renewed.body.recovery_codes]) {
      assert.ok(!rows.includes(plain), 'nothing is stored as it is');
    }
    await assertActions(a, ['mfa.codes']);
  });

  test('078 a new password leaves the second factor', async () => {
    const a = await server().person();
    await enrol(a);
    const held = await pendingOf(a);
    await server().call('POST', '/auth/password/forgot', { json: { email: a.email } });
    const [letter] = await lettersTo(server(), a.email, 'set a new password');
    const reset = await server().call('POST', '/auth/password/reset', {
      json: { token: tokenIn(letter), password: PASSWORD },
    });
    assert.equal(reset.status, 204, reset.text);
    assertProblem(await second(held, { otp: '123456' }), 401, 'what waited is void');
    await pendingOf(a);
    assert.equal((await login(a.email, { otp: '' })).body.code, 'mfa_required');
  });

  test('078 an address that moves leaves it too', async () => {
    const a = await server().person();
    await enrol(a);
    const email = `moved-${a.email}`;
    assert.equal((await a.api('POST', '/auth/email', { json: { email } })).status, 202);
    const [letter] = await lettersTo(server(), email, 'confirm your new');
    const json = { token: tokenIn(letter) };
    await server().call('POST', '/auth/email/confirm', { json });
    assert.equal((await login(email)).body.code, 'mfa_required');
  });

  async function addPasskey(person, passkey) {
    const options = await person.api('POST', '/auth/passkeys/options', {
      json: { password: PASSWORD },
    });
    assert.equal(options.status, 200, options.text);
    assert.equal(options.body.rp_id, 'labels.example.org');
    const added = await person.api('POST', '/auth/passkeys', {
      json: { name: 'Key', ...passkey.make(options.body) },
    });
    assert.equal(added.status, 201, added.text);
    return added.body;
  }
  const alone = async (passkey, options = {}, more = {}) => {
    const asked = await server().call('POST', '/auth/passkey/options');
    const answer = { ...passkey.answer(asked.body, options), ...more };
    return server().call('POST', '/auth/passkey', { json: { passkey: answer } });
  };

  test('a passkey signs in alone, and as the second step', async () => {
    const a = await server().person();
    const key = new Passkey(ORIGIN);
    const { recovery_codes: codes } = await addPasskey(a, key);
    assert.equal(codes.length, 10);
    const whole = await alone(key);
    assert.equal(whole.status, 200, whole.text);
    assert.equal(whole.body.user.id, a.user.id);
    const pending = await pendingOf(a);
    const options = await server().call('POST', '/auth/mfa/options', { json: { pending } });
    assert.deepEqual(options.body.methods, ['passkey', 'recovery_code']);
    const answer = key.answer(options.body.passkey, { flags: 1 });
    assert.equal((await second(pending, { passkey: answer })).status, 200);
    assertProblem(await second(await pendingOf(a), { passkey: answer }), 401, 'the same answer');
    await assertActions(a, ['passkey.add']);
    const list = (await signedIn(server(), whole.body).api('GET', '/auth/sessions')).body.items;
    assert.ok(list.some((session) => session.method === 'passkey'));
  });

  test('a passkey of another site, person, purpose or time is refused', async () => {
    const [a, b] = [await server().person(), await server().person()];
    const key = new Passkey(ORIGIN);
    const other = new Passkey(ORIGIN);
    await addPasskey(a, key);
    await addPasskey(b, other);
    for (const change of [
      { origin: 'https://evil.example.org' },
      { origin: 'http://labels.example.org' },
      { origin: `${ORIGIN}.evil.test` },
      { origin: `${ORIGIN}:8443` },
      { type: 'webauthn.create' },
      { challenge: 'AAAA' },
      { crossOrigin: true },
    ]) {
      assertProblem(await alone(key, { change }), 401, JSON.stringify(change));
    }
    assertProblem(await alone(key, { flags: 1 }), 401, 'without verification');
    assertProblem(await alone(key, { flags: 4 }), 401, 'without presence');
    const handle = Buffer.from(b.user.id.replaceAll('-', ''), 'hex').toString('base64url');
    assertProblem(await alone(key, {}, { user_handle: handle }), 401, "another's handle");
    assertProblem(await alone(key, {}, { id: other.id.toString('base64url') }), 401, 'another key');
    assert.equal((await alone(key)).status, 200);
    key.count -= 5;
    assertProblem(await alone(key), 401, 'a counter that goes back');
    key.count += 10;
    const pending = await pendingOf(a);
    const { body } = await server().call('POST', '/auth/mfa/options', { json: { pending } });
    const crossed = await server().call('POST', '/auth/passkey', {
      json: { passkey: key.answer(body.passkey) },
    });
    assertProblem(crossed, 401, 'a challenge of the second step');
    const theirs = await server().call('POST', '/auth/mfa/options', { json: { pending } });
    assertProblem(
      await second(pending, { passkey: other.answer(theirs.body.passkey) }),
      401,
      "another's passkey",
    );
    const asked = await server().call('POST', '/auth/passkey/options');
    sqlOf(server(), 'UPDATE passkey_challenges SET expires_at = 1');
    const late = await server().call('POST', '/auth/passkey', {
      json: { passkey: key.answer(asked.body) },
    });
    assertProblem(late, 401, 'after five minutes');
    assert.equal((await alone(key)).status, 200);
    const garbage = { id: 'A', client_data: 'A', authenticator_data: 'A', signature: 'A' };
    for (const field of Object.keys(garbage)) {
      for (const value of ['?', 'A'.repeat(1300), 'e30', '']) {
        const json = { passkey: { ...garbage, [field]: value } };
        assertProblem(await server().call('POST', '/auth/passkey', { json }), [401, 422], field);
      }
    }
  });

  test('an administrator resets a member, the operator anyone', async () => {
    const owner = await server().person();
    const bob = await member(server(), owner, 'annotator');
    const eve = await member(server(), owner, 'manager');
    const { secret } = await enrol(bob);
    const reset = (by, who) => by.api('POST', `${memberPath(owner, who)}/reset-mfa`);
    assertProblem(await reset(eve, bob), 403, 'without the right');
    assertProblem(await reset(bob, bob), 403, 'oneself');
    const stranger = await server().person();
    assertProblem(await reset(stranger, bob), 404, 'another organization');
    const members = await owner.api('GET', `/organizations/${owner.organization.id}/members`);
    const row = members.body.items.find((one) => one.id === bob.user.id);
    assert.equal(row.second_factor, true);
    assert.equal((await reset(owner, bob)).status, 204);
    assertProblem(await reset(owner, bob), 409, 'once more');
    assertProblem(await bob.api('GET', '/auth/me'), 401, 'signed out');
    assert.equal((await login(bob.email)).status, 200);
    assertProblem(await login(bob.email, { otp: totp(secret), password: 'wrong' }), 401);
    await assertActions(owner, ['mfa.reset']);
    await lettersTo(server(), bob.email, 'your second factor', 2);
    const c = await server().person();
    await enrol(c);
    admin(server(), ['reset-mfa', c.email]);
    await until('the operator’s reset', async () => (await login(c.email)).status === 200);
    assert.throws(() => admin(server(), ['reset-mfa', 'nobody@example.test']));
  });

  test('rotating the master key seals the secrets anew', async () => {
    const a = await server().person();
    const { secret } = await enrol(a);
    const sealed = () =>
      sqlOf(server(), `SELECT sealed FROM totp_factors WHERE user_id = '${a.user.id}'`)[0][0];
    const before = sealed();
    admin(server(), ['rotate-keys', '--master-key']);
    assert.notEqual(sealed(), before);
    await steady();
    assert.equal((await login(a.email, { otp: totp(secret) })).status, 200);
  });
});

suite('mfa at an address', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  test('passkeys say that they need a name', async () => {
    const a = await server().person();
    const { body } = await a.api('GET', '/auth/mfa');
    assert.match(body.passkeys_unavailable, /domain name|localhost/);
    const options = await server().call('POST', '/auth/passkey/options');
    assertProblem(options, 409);
    assert.equal(options.body.code, 'passkeys_unavailable');
    const json = { password: PASSWORD };
    assertProblem(await a.api('POST', '/auth/passkeys/options', { json }), 409);
  });
});
