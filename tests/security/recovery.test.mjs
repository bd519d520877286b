// 001, 007, 008, 013, 032: forgotten passwords, addresses that move, proofs and the sign-ins of one
// person, under attack.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';

import { lettersTo, linkIn, tokenIn } from '../functional/outbox.mjs';
import {
  assertProblem,
  auditOf,
  median,
  onEachEngine,
  startOn,
  stopClean,
  suite,
  typeSql,
  until,
} from './world.mjs';

const login = (server, email, word) =>
  server.call('POST', '/auth/login', { json: { email, password: word } });
const password = 'a good long password';
const evil = {
  host: 'evil.test',
  'x-forwarded-host': 'evil.test',
  'x-forwarded-proto': 'https',
  forwarded: 'host=evil.test;proto=https',
  'x-original-url': 'https://evil.test/',
};

// fetch sends no Host of ours.
function rawForgot(server, email, headers) {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ email });
    const request = http.request(
      `${server.url}/api/v1/auth/password/forgot`,
      { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const forgot = (server, email) => server.call('POST', '/auth/password/forgot', { json: { email } });
const reset = (server, json) => server.call('POST', '/auth/password/reset', { json });

async function resetLink(server, email, count = 1) {
  assert.equal((await forgot(server, email)).status, 202);
  return (await lettersTo(server, email, 'set a new password', count)).at(-1);
}

onEachEngine(
  '007 a link leads to the configured address, whatever headers say',
  {},
  async (engine) => {
    for (const url of ['https://labels.example.org', '']) {
      const server = await startOn(engine, { env: { ANNOTATEAI_PUBLIC_URL: url } });
      const person = await server.person();
      const status = await rawForgot(server, person.email, evil);
      const told =
        status === 202 ? await lettersTo(server, person.email, 'set a new password') : [];
      if (status !== 202) assert.ok([400, 421].includes(status), `${status}`);
      for (const letter of [...told, ...(await lettersTo(server, person.email, 'confirm your'))]) {
        assert.ok(!letter.text.includes('evil'), letter.text);
        const link = new URL(linkIn(letter));
        assert.equal(link.origin, url === '' ? server.url : url);
        assert.equal(link.search, '', 'no secret where servers and logs see it');
      }
      assert.ok(told.length > 0 || status !== 202);
      await stopClean(server);
    }
  },
);

suite('recovery', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  test('001 a forgotten password answers the same for nobody as for somebody', async () => {
    const person = await server().person();
    const known = await forgot(server(), person.email);
    const unknown = await forgot(server(), 'nobody@example.test');
    assert.equal(known.status, 202);
    assert.equal(known.status, unknown.status);
    assert.equal(known.text, unknown.text);
    const names = (answer) => [...answer.headers.keys()].join();
    assert.equal(names(known), names(unknown));
    const times = { known: [], unknown: [] };
    for (let i = 0; i < 15; ++i) {
      for (const [kind, email] of [
        ['known', person.email],
        ['unknown', 'nobody@example.test'],
      ]) {
        const began = performance.now();
        await forgot(server(), email);
        times[kind].push(performance.now() - began);
      }
    }
    const apart = Math.abs(median(times.known) - median(times.unknown));
    assert.ok(apart < 3, `medians are ${apart} ms apart`);
    assert.equal((await lettersTo(server(), person.email, 'set a new password', 5)).length, 5);
  });

  test('008 a link works once, for its account, until a newer one', async () => {
    const person = await server().person();
    const other = await server().person();
    const first = tokenIn(await resetLink(server(), person.email));
    const second = tokenIn(await resetLink(server(), person.email, 2));
    const fresh = 'an entirely new password';
    assertProblem(await reset(server(), { token: first, password: fresh }), [400, 410], 'older');
    assertProblem(await reset(server(), { password: fresh }), [400, 410], 'no token');
    assertProblem(await reset(server(), { token: '', password: fresh }), [400, 410], 'empty');
    assertProblem(await reset(server(), { token: second, password: 'password1' }), 422, 'weak');
    for (const extra of [{ email: other.email }, { user_id: other.user.id }]) {
      const answer = await reset(server(), { token: second, password: fresh, ...extra });
      assertProblem(answer, 422, JSON.stringify(extra));
    }
    const confirm = tokenIn((await lettersTo(server(), person.email, 'confirm your'))[0]);
    assertProblem(
      await reset(server(), { token: confirm, password: fresh }),
      [400, 410],
      'purpose',
    );
    assert.equal((await reset(server(), { token: second, password: fresh })).status, 204);
    assertProblem(await reset(server(), { token: second, password: fresh }), [400, 410], 'again');
    assert.equal((await login(server(), other.email, password)).status, 200, 'nobody else');
    assert.equal((await login(server(), person.email, password)).status, 401);
    assert.equal((await login(server(), person.email, fresh)).status, 200);
  });

  test('008 a new password ends every sign-in and every refresh token', async () => {
    const person = await server().person();
    const elsewhere = (await login(server(), person.email, password)).body;
    const token = tokenIn(await resetLink(server(), person.email));
    const answer = await reset(server(), { token, password: 'an entirely new password' });
    assert.equal(answer.status, 204);
    for (const session of [person, elsewhere]) {
      const me = await server().call('GET', '/auth/me', { token: session.access_token });
      assert.equal(me.status, 401);
      const again = await server().call('POST', '/auth/refresh', {
        json: { refresh_token: session.refresh_token },
      });
      assert.equal(again.status, 401);
    }
    await lettersTo(server(), person.email, 'password was changed');
  });

  test('008 an old link and guesses open nothing', async () => {
    const person = await server().person();
    const token = tokenIn(await resetLink(server(), person.email));
    typeSql(server(), "update account_tokens set expires_at = 1 where purpose = 'reset_password'");
    const fresh = 'an entirely new password';
    assertProblem(await reset(server(), { token, password: fresh }), [400, 410], 'expired');
    const live = tokenIn(await resetLink(server(), person.email, 2));
    for (let i = 0; i < 200; ++i) {
      const guess = live.slice(0, -1) + String.fromCharCode(33 + (i % 90));
      if (guess === live) continue;
      assertProblem(
        await reset(server(), { token: guess, password: fresh }),
        [400, 410, 429],
        guess,
      );
    }
    const rows = typeSql(server(), 'select hash from account_tokens');
    assert.ok(!rows.includes(live), 'only a hash is stored');
    assert.equal((await login(server(), person.email, password)).status, 200);
  });

  test('013 changes of address and password want a proof of the last minutes', async () => {
    const person = await server().person();
    const changes = [
      ['POST', '/auth/email', { email: 'elsewhere@example.test' }],
      ['POST', '/auth/password', { current_password: password, password: 'one more for today' }],
    ];
    typeSql(server(), 'update sessions set authenticated_at = authenticated_at - 301000000');
    await until('the old proof is seen', async () => {
      const answer = await person.api('POST', '/auth/email', { json: { email: person.email } });
      return answer.status === 403;
    });
    for (const [method, route, json] of changes) {
      const answer = await person.api(method, route, { json });
      assertProblem(answer, 403, route);
      assert.equal(answer.body.code, 'reauth_required');
    }
    const wrong = await person.api('POST', '/auth/reauthenticate', { json: { password: 'wrong' } });
    assertProblem(wrong, 422, 'wrong');
    const right = await person.api('POST', '/auth/reauthenticate', { json: { password } });
    assert.equal(right.status, 204, right.text);
    assert.equal(
      (await person.api(...changes[0].slice(0, 2), { json: changes[0][2] })).status,
      202,
    );
    const changed = await person.api('POST', '/auth/password', { json: changes[1][2] });
    assert.equal(changed.status, 204, changed.text);
    const entries = (await auditOf(person)).map((entry) => entry.action);
    assert.equal(entries.filter((action) => action === 'session.prove').length, 1);
  });

  test('013 an address moves only once the new one confirms, and the old one hears', async () => {
    const person = await server().person();
    const wanted = `new-${person.email}`;
    const asked = await person.api('POST', '/auth/email', { json: { email: wanted } });
    assert.equal(asked.status, 202, asked.text);
    await lettersTo(server(), person.email, 'about to change');
    assert.equal((await login(server(), wanted, password)).status, 401);
    const token = tokenIn((await lettersTo(server(), wanted, 'confirm your new'))[0]);
    const confirm = () => server().call('POST', '/auth/email/confirm', { json: { token } });
    const done = await confirm();
    assert.equal(done.status, 200, done.text);
    assert.equal(done.body.email, wanted);
    assertProblem(await confirm(), 400, 'twice');
    assert.equal((await login(server(), wanted, password)).status, 200);
    assert.equal((await login(server(), person.email, password)).status, 401);
    await lettersTo(server(), person.email, 'was changed');
  });

  test('013 whether an address is taken is told to its owner alone', async () => {
    const person = await server().person();
    const other = await server().person();
    const taken = await person.api('POST', '/auth/email', { json: { email: other.email } });
    const free = await person.api('POST', '/auth/email', { json: { email: 'x@example.test' } });
    assert.equal(taken.status, 202);
    assert.equal(taken.text, free.text);
    await lettersTo(server(), other.email, 'an account already');
    for (const email of ['a@b.test,c@d.test', 'a@b.test\r\nBcc: c@d.test', '<a@b.test>']) {
      assertProblem(
        await person.api('POST', '/auth/email', { json: { email } }),
        [400, 422],
        email,
      );
    }
  });

  test('032 one ends another session, or all of them', async () => {
    const person = await server().person();
    const other = (await login(server(), person.email, password)).body;
    const third = (await login(server(), person.email, password)).body;
    const list = await person.api('GET', '/auth/sessions');
    assert.equal(list.body.items.length, 3);
    assert.ok(list.body.items.every((one) => one.ip === '127.0.0.1' && one.place === ''));
    const alive = async (session) =>
      (await server().call('GET', '/auth/me', { token: session.access_token })).status;
    const sessionOf = (session) =>
      JSON.parse(Buffer.from(session.access_token.split('.')[1], 'base64url')).sid;
    const ended = await person.api('DELETE', `/auth/sessions/${sessionOf(other)}`);
    assert.equal(ended.status, 204, ended.text);
    assert.equal(await alive(other), 401);
    assert.equal(await alive(third), 200);
    assert.equal((await person.api('DELETE', '/auth/sessions')).status, 204);
    assert.equal(await alive(third), 401);
    assert.equal(await alive(person), 200);
  });
});

onEachEngine('008 guesses are slowed down', {}, async (engine) => {
  const server = await startOn(engine);
  const statuses = [];
  for (let i = 0; i < 100; ++i) {
    const answer = await reset(server, { token: `guess-${i}`, password: 'long enough for all' });
    statuses.push(answer.status);
  }
  assert.ok(statuses.includes(429), statuses.join());
  assert.ok(
    statuses.every((status) => status === 400 || status === 429),
    statuses.join(),
  );
  await stopClean(server);
});
