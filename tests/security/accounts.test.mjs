// 001-012: signing up and signing in under attack. What letters prove: recovery.test.mjs.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { lettersOf, lettersTo, tokenIn } from '../functional/outbox.mjs';
import {
  assertProblem,
  auditOf,
  median,
  onEachEngine,
  start,
  startOn,
  stopClean,
  suite,
  until,
} from './world.mjs';

const password = 'a good long password';
const login = (server, email, password, headers = {}) =>
  server.call('POST', '/auth/login', { json: { email, password }, headers });
const register = (server, fields, headers = {}) =>
  server.call('POST', '/auth/register', {
    json: {
      email: `r${Math.random()}@example.test`,
      password: 'a good long password',
      name: 'R',
      organization: 'Org',
      ...fields,
    },
    headers,
  });

suite('accounts', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  test('001 an unknown address answers as a wrong password does, as slowly', async () => {
    const known = [];
    for (let i = 0; i < 4; ++i) known.push(await server().person());
    const times = { wrong: [], unknown: [] };
    for (let i = 0; i < 24; ++i) {
      const answers = {};
      for (const [kind, email] of [
        ['wrong', known[i % 4].email],
        ['unknown', `nobody${i % 4}@example.test`],
      ]) {
        const began = performance.now();
        answers[kind] = await login(server(), email, 'not the password');
        times[kind].push(performance.now() - began);
        assertProblem(answers[kind], 401, kind);
      }
      assert.equal(answers.wrong.text, answers.unknown.text);
    }
    const ratio = median(times.wrong) / median(times.unknown);
    assert.ok(ratio > 0.6 && ratio < 1.6, `medians differ by ${ratio}`);
  });

  test('002 the tenth wrong password locks, whatever its spelling or headers', async () => {
    const victim = await server().person();
    const statuses = [];
    for (let i = 0; i < 11; ++i) {
      const email = i % 2 ? victim.email.toUpperCase() : victim.email;
      const answer = await login(server(), email, `wrong ${i}`, {
        'x-forwarded-for': `10.9.8.${i}`,
        'x-real-ip': `10.9.8.${i}`,
      });
      statuses.push(answer.status);
      if (answer.status === 429) assert.ok(Number(answer.headers.get('retry-after')) > 0);
    }
    assert.ok(statuses.indexOf(429) !== -1 && statuses.indexOf(429) <= 9, statuses.join());
    assert.equal((await login(server(), victim.email, 'a good long password')).status, 429);
    // A lock tells nothing either: an address that nobody has locks in the same way.
    let last;
    for (let i = 0; i < 11; ++i) last = await login(server(), 'ghost@example.test', `w${i}`);
    assert.equal(last.status, 429);
    const [told] = await lettersTo(server(), victim.email, 'too many failed sign-ins');
    assert.ok(told.text.includes('127.0.0.1'), told.text);
    const locks = await until('the lock is in the trail', async () => {
      const entries = await auditOf(victim);
      const found = entries.filter((entry) => entry.action === 'user.lock');
      return found.length > 0 && found;
    });
    assert.equal(locks.length, 1);
    assert.equal(lettersOf(server()).filter((one) => one.to === 'ghost@example.test').length, 0);
  });

  test('004 weak passwords are refused, long ones of any text are taken', async () => {
    for (const weak of ['password1', 'Org', 'org', 'seven77', 'PASSWORD1', '        ']) {
      assertProblem(await register(server(), { password: weak }), 422, weak);
    }
    for (const strong of [
      'fifteen letters',
      `${'é'.repeat(32)}${'z 🐎'.repeat(8)}`,
      'x y'.repeat(42),
    ]) {
      const answer = await register(server(), { password: strong });
      assert.equal(answer.status, 201, answer.text);
      const again = await login(server(), answer.body.user.email, strong);
      assert.equal(again.status, 200);
      const cut = await login(server(), answer.body.user.email, [...strong].slice(0, -1).join(''));
      assert.equal(cut.status, 401, 'the last character counts');
    }
    const huge = await register(server(), { password: 'y'.repeat(1 << 20) });
    assertProblem(huge, [413, 422], 'a mebibyte');
  });

  test("004 what a package lists and what is one's own is refused too", async () => {
    for (const weak of ['qwerty1234', 'Welcome123', 'P@ssw0rd', 'R-2026-Org', 'administrator']) {
      const fields = { password: weak, name: 'Rorg Morg', organization: 'R Org' };
      assertProblem(await register(server(), fields), 422, weak);
    }
  });

  test('010 names that are none, and addresses taken in another spelling', async () => {
    const person = await server().person();
    const again = await register(server(), { email: person.email.toUpperCase() });
    assertProblem(again, 409, 'taken');
    for (const email of [
      '',
      'x',
      '@',
      'a@',
      '@b',
      'a b@c.test',
      'a@b@c.test',
      'a@b\u0000.test',
      `${'a'.repeat(300)}@b.test`,
      'a@b.test\r\nBcc: x@y.test',
    ]) {
      assertProblem(await register(server(), { email }), [400, 422], JSON.stringify(email));
    }
    for (const extra of [
      { role: 'owner' },
      { is_admin: true },
      { organization_id: person.organization.id },
      { id: person.user.id },
    ]) {
      const answer = await register(server(), extra);
      assertProblem(answer, 422, JSON.stringify(extra));
      assert.equal(answer.body.errors[0].pointer, `/${Object.keys(extra)[0]}`);
    }
  });

  test('012 well-known logins open nothing', async () => {
    for (const [email, password] of [
      ['admin@example.com', 'admin'],
      ['admin', 'admin'],
      ['admin@localhost', 'password'],
      ['root@localhost', 'root'],
      ['demo@example.com', 'demo'],
      ['admin@annotateai.local', 'annotateai'],
      ['test@test.com', 'test'],
    ]) {
      assertProblem(await login(server(), email, password), [401, 422], email);
    }
    for (const token of ['admin', 'null', 'undefined', 'test', 'changeme']) {
      assert.equal((await server().call('GET', '/auth/me', { token })).status, 401);
    }
  });
});

onEachEngine(
  '003 one password over many accounts is stopped before the fiftieth',
  {},
  async (engine) => {
    const server = await startOn(engine);
    const honest = await server.person();
    const spray = async (headers) => {
      for (let i = 0; i < 50; ++i) {
        const answer = await login(server, `victim${i}@example.test`, 'Summer 2026!', headers(i));
        if (answer.status === 429) return i;
        assert.equal(answer.status, 401);
      }
      return 50;
    };
    assert.ok((await spray(() => ({}))) < 50);
    const forged = await spray((i) => ({
      'x-forwarded-for': `203.0.113.${i}`,
      forwarded: `for=203.0.113.${i}`,
      'x-client-ip': `203.0.113.${i}`,
    }));
    assert.ok(forged < 10, `a header bought ${forged} attempts`);
    const me = await honest.api('GET', '/auth/me');
    assert.equal(me.status, 200, 'who is signed in stays so');
    await stopClean(server);
  },
);

onEachEngine('010 closed registration stays closed, on an empty server too', {}, async (engine) => {
  for (const policy of ['off', 'invite']) {
    const server = await startOn(engine, { env: { ANNOTATEAI_REGISTRATION: policy } });
    assertProblem(await register(server, {}), 403, policy);
    await stopClean(server);
  }
  const server = await startOn(engine, {
    env: {
      ANNOTATEAI_REGISTRATION: 'off',
      ANNOTATEAI_ADMIN_EMAIL: 'chief@example.test',
      ANNOTATEAI_ADMIN_PASSWORD: 'a good long one',
    },
  });
  const chief = await login(server, 'chief@example.test', 'a good long one');
  assert.equal(chief.status, 200, chief.text);
  assertProblem(await register(server, { email: 'mallory@example.test' }), 403);
  assertProblem(await login(server, 'mallory@example.test', 'a good long password'), 401);
  const members = await server.call('GET', `/organizations/${chief.body.organization.id}/members`, {
    token: chief.body.access_token,
  });
  assert.equal(members.body.items.length, 1);
  await stopClean(server);
});

test('012 secrets that are none stop the start, and the message names the setting', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'aa-secrets-'));
  const short = path.join(folder, 'short.key');
  const empty = path.join(folder, 'empty.key');
  writeFileSync(short, 'changeme');
  writeFileSync(empty, '');
  const admin = { ANNOTATEAI_ADMIN_EMAIL: 'chief@example.test' };
  for (const [setting, env] of [
    ['ADMIN_PASSWORD', { ...admin, ANNOTATEAI_ADMIN_PASSWORD: '' }],
    ['ADMIN_PASSWORD', { ...admin, ANNOTATEAI_ADMIN_PASSWORD: 'short' }],
    ['ADMIN_PASSWORD', { ...admin, ANNOTATEAI_ADMIN_PASSWORD: 'password1' }],
    ['MASTER_KEY_FILE', { ANNOTATEAI_MASTER_KEY_FILE: short }],
    ['MASTER_KEY_FILE', { ANNOTATEAI_MASTER_KEY_FILE: empty }],
    ['METRICS_TOKEN', { ANNOTATEAI_METRICS_TOKEN: 'x' }],
  ]) {
    await assert.rejects(
      start({ env }),
      (error) => {
        assert.ok(error.message.includes(setting), error.message);
        assert.ok(!error.message.includes('changeme') && !/password1/.test(error.message));
        return true;
      },
      `${setting} ${JSON.stringify(env)}`,
    );
  }
  rmSync(folder, { recursive: true });
});

onEachEngine('009 an unconfirmed account sees itself alone', {}, async (engine) => {
  const server = await startOn(engine, {
    env: { ANNOTATEAI_REQUIRE_VERIFIED_EMAIL: 'true', ANNOTATEAI_RATE_LIMIT: 'false' },
  });
  const person = await server.person();
  const again = (await login(server, person.email, password)).body;
  const { paths } = (await server.call('GET', '/api/openapi.json')).body;
  let tried = 0;
  for (const [pattern, methods] of Object.entries(paths)) {
    if (/\/auth\/|\/(organizations|leave)$/.test(pattern)) continue; // one's own
    if (pattern.startsWith('/scim/')) continue; // no login opens it
    for (const method of Object.keys(methods)) {
      if (method === 'options') continue; // tells of the protocol, the same to everybody
      const route = pattern.replace(/\{id\}/, person.organization.id).replace(/\{[^}]*\}/g, '1');
      const answer = await server.call(method.toUpperCase(), route, { token: again.access_token });
      if (methods[method].security?.length === 0) continue;
      assert.equal(answer.status, 403, `${method} ${route}: ${answer.status} ${answer.text}`);
      assert.ok(['email_unverified', 'permission_denied'].includes(answer.body.code), answer.text);
      ++tried;
    }
  }
  assert.ok(tried > 60, `${tried} routes`);
  const ticket = await person.api('POST', '/live/tickets', { json: { asset_id: person.user.id } });
  assertProblem(ticket, 403, 'live');
  await lettersTo(server, person.email, 'confirm your');
  assert.equal((await person.api('POST', '/auth/email/verification')).status, 202);
  const letters = await lettersTo(server, person.email, 'confirm your', 2);
  const tokens = letters.map(tokenIn);
  const confirm = (token) => server.call('POST', '/auth/email/confirm', { json: { token } });
  const answers = [(await confirm(tokens[0])).status, (await confirm(tokens[1])).status];
  assert.deepEqual(answers, [400, 200], 'the newer one alone');
  assert.equal((await person.api('GET', '/projects')).status, 200);
  await stopClean(server);
});

onEachEngine('a new device is told, unless that is switched off', {}, async (engine) => {
  const server = await startOn(engine, { env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  const person = await server.person();
  const from = (agent) => login(server, person.email, password, { 'user-agent': agent });
  await from('Firefox/131.0 (X11; Linux x86_64)');
  const [letter] = await lettersTo(server, person.email, 'new sign-in');
  assert.match(letter.text, /Firefox\/131\.0/);
  await from('Firefox/140.0 (X11; Linux x86_64)');
  await from('x\ty <script>alert(1)</script>');
  await person.api('PUT', '/auth/me/preferences', { json: { 'notifications.newDevice': false } });
  await from('Safari on a telephone');
  await lettersTo(server, person.email, 'new sign-in', 2);
  await server.call('POST', '/auth/password/forgot', { json: { email: person.email } });
  await lettersTo(server, person.email, 'set a new password');
  assert.equal((await lettersTo(server, person.email, 'new sign-in', 2)).length, 2);
  await stopClean(server);
});
