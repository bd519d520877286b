// 001-012: signing up and signing in under attack.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { assertProblem, median, onEachEngine, start, startOn, stopClean, suite } from './world.mjs';

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
