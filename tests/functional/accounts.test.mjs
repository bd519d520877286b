// Accounts, tokens, cookies, tenants. Numbers are those of the attack catalogue in docs/security.md.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, boxOperation, tinyPng, uuidv7 } from './harness.mjs';

let server;
let a;
let v;
before(async () => {
  // The limit on logins is tested by itself, below.
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  a = await server.person();
  v = await server.person();
});
after(async () => { await server.stop(); });

const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });

test('004 weak passwords are refused, long ones with emoji are taken', async () => {
  const register = (password) => server.call('POST', '/auth/register', { json: {
    email: `w${Math.random()}@example.test`, password, name: 'W', organization: 'Wonder Inc' } });
  for (const weak of ['password1', 'Wonder Inc', 'seven77', 'aaaaaaaaaa']) {
    const answer = await register(weak);
    assert.equal(answer.status, 422, weak);
    assert.equal(answer.body.code, 'weak_password');
    assert.equal(answer.body.errors[0].pointer, '/password');
  }
  assert.equal((await register('correct horse 🐎 battery')).status, 201);
  assert.equal((await register('x1'.repeat(512))).status, 201);
  assert.equal((await register('y'.repeat(1 << 20))).status, 413);
});

test('001 a wrong password and an unknown address look the same', async () => {
  const wrong = await server.call('POST', '/auth/login',
    { json: { email: a.email, password: 'not the password' } });
  const unknown = await server.call('POST', '/auth/login',
    { json: { email: 'nobody@example.test', password: 'not the password' } });
  assert.equal(wrong.status, 401);
  assert.equal(wrong.body.code, 'invalid_credentials');
  assert.equal(wrong.text, unknown.text);
});

test('002 ten wrong passwords lock the account, even for the right one', async () => {
  const victim = await server.person();
  let last;
  for (let i = 0; i < 10; ++i) {
    last = await server.call('POST', '/auth/login',
      { json: { email: victim.email, password: `wrong ${i}` } });
  }
  assert.equal(last.status, 429);
  assert.ok(Number(last.headers.get('retry-after')) > 0);
  const right = await server.call('POST', '/auth/login',
    { json: { email: victim.email, password: 'a good long password' } });
  assert.equal(right.status, 429);
});

test('014-018 forged and foreign tokens are refused', async () => {
  const [header, payload, signature] = a.access_token.split('.');
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  const bad = [
    `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
    `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${payload}.${signature}`,
    `${header}.${payload}.`, `${header}.${payload}`,
    `${header}.${encode({ ...claims, org: v.organization.id })}.${signature}`,
    `${header}.${payload}.${signature.slice(0, -2)}AA`,
    a.refresh_token, '', 'x', 'a.b.c', `${a.access_token}x`,
  ];
  for (const token of bad) {
    const answer = await fetch(`${server.url}/api/v1/auth/me`, bearer(token));
    assert.equal(answer.status, 401, token);
  }
  assert.equal((await fetch(`${server.url}/api/v1/auth/me`, bearer(a.access_token))).status, 200);
});

test('021 a refresh token used twice ends the whole session', async () => {
  const person = await server.person();
  const refresh = (token) => server.call('POST', '/auth/refresh', { json: { refresh_token: token } });
  const second = await refresh(person.refresh_token);
  assert.equal(second.status, 200, second.text);
  assert.equal((await refresh(person.refresh_token)).status, 401);
  assert.equal((await refresh(second.body.refresh_token)).status, 401);
  const { status } = await server.call('GET', '/auth/me', { token: second.body.access_token });
  assert.equal(status, 401);
});

test('022 fifty refreshes at once leave at most one descendant', async () => {
  const person = await server.person();
  const answers = await Promise.all(Array.from({ length: 30 }, () => server.call('POST',
    '/auth/refresh', { json: { refresh_token: person.refresh_token } })));
  const good = answers.filter((answer) => answer.status === 200);
  assert.ok(good.length <= 1, `${good.length} descendants`);
});

test('023 logout is felt at once', async () => {
  const person = await server.person();
  assert.equal((await person.api('POST', '/auth/logout')).status, 204);
  assert.equal((await person.api('GET', '/auth/me')).status, 401);
  const again = await server.call('POST', '/auth/refresh',
    { json: { refresh_token: person.refresh_token } });
  assert.equal(again.status, 401);
});

test('026, 027 the cookie is guarded, and changes by cookie need the CSRF header', async () => {
  const login = await server.call('POST', '/auth/login', {
    json: { email: a.email, password: 'a good long password' }, headers: { 'x-csrf': '1' } });
  const cookie = login.headers.get('set-cookie');
  for (const part of ['__Host-aa_session=', 'Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/']) {
    assert.ok(cookie.includes(part), cookie);
  }
  assert.equal(login.headers.get('cache-control'), 'no-store');
  const value = cookie.split(';')[0];
  const make = (headers) => server.call('POST', '/projects',
    { json: { name: 'C', type: 'detection' }, headers: { cookie: value, ...headers } });
  assert.equal((await server.call('GET', '/auth/me', { headers: { cookie: value } })).status, 200);
  assert.equal((await make({})).status, 403);
  assert.equal((await make({ 'x-csrf': '1', origin: 'https://evil.test' })).status, 403);
  assert.equal((await make({ 'x-csrf': '1', origin: 'null' })).status, 403);
  assert.equal((await make({ 'x-csrf': '1', origin: server.url })).status, 201);
  const plain = await server.call('POST', '/auth/login',
    { json: { email: a.email, password: 'a good long password' } });
  assert.equal(plain.headers.get('set-cookie'), null);
});

test('029 no origin is trusted by default', async () => {
  for (const origin of ['https://evil.test', 'null', `${server.url}.evil.test`]) {
    const answer = await server.call('GET', '/auth/me', { token: a.token, headers: { origin } });
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
  }
});

test('083 without a login every route is 401, but for the public ones', async () => {
  const { body: document } = await server.call('GET', '/api/openapi.json');
  let checked = 0;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (operation.security.length === 0) continue;
      const url = path.replace(/\{[^}]+\}/g, uuidv7());
      const answer = await server.call(method.toUpperCase(), url);
      assert.equal(answer.status, 401, `${method} ${path}`);
      ++checked;
    }
  }
  assert.ok(checked > 30, `${checked} routes`);
  assert.equal((await server.call('GET', '/nothing')).status, 401);
});

test('092 what belongs to another organization is as absent as what never was', async () => {
  const project = await server.project(v);
  const upload = await server.upload(v, project.id, [['a.png', tinyPng()]]);
  const asset = upload.body.items[0];
  const operation = boxOperation(project.labels[0].id);
  const drawn = await v.api('POST', `/assets/${asset.id}/operations`,
    { json: { base_revision: 0, operations: [operation] } });
  assert.equal(drawn.status, 200, drawn.text);
  const started = await v.api('POST', `/projects/${project.id}/exports`,
    { json: { format: 'coco' } });
  await server.job(v, started.body.job_id);
  const annotation = operation.annotation.id;
  const json = { name: 'x' };
  const cases = [
    ['GET', '/projects/{}', project.id], ['PATCH', '/projects/{}', project.id, json],
    ['DELETE', '/projects/{}', project.id], ['GET', '/projects/{}/assets', project.id],
    ['POST', '/projects/{}/preannotations', project.id, {}],
    ['POST', '/projects/{}/exports', project.id, { format: 'coco' }],
    ['GET', '/assets/{}', asset.id], ['DELETE', '/assets/{}', asset.id],
    ['GET', '/assets/{}/content', asset.id], ['GET', '/assets/{}/thumbnail', asset.id],
    ['GET', '/assets/{}/versions', asset.id], ['GET', '/assets/{}/annotations', asset.id],
    ['GET', '/assets/{}/suggestions', asset.id],
    ['POST', '/assets/{}/operations', asset.id,
      { base_revision: 0, operations: [boxOperation(project.labels[0].id)] }],
    ['GET', '/annotations/{}', annotation], ['PATCH', '/annotations/{}', annotation, {}],
    ['DELETE', '/annotations/{}', annotation], ['GET', '/annotations/{}/history', annotation],
    ['GET', '/jobs/{}', started.body.job_id], ['POST', '/jobs/{}/cancel', started.body.job_id],
    ['GET', '/jobs/{}/events', started.body.job_id],
    ['GET', '/exports/{}/content', started.body.job_id],
    ['GET', '/organizations/{}/members', v.organization.id],
    ['GET', '/organizations/{}/audit', v.organization.id],
  ];
  for (const [method, route, id, body] of cases) {
    const foreign = await a.api(method, route.replace('{}', id), { json: body });
    const unknown = await a.api(method, route.replace('{}', uuidv7()), { json: body });
    assert.equal(foreign.status, 404, `${method} ${route}: ${foreign.text}`);
    assert.equal(foreign.text, unknown.text, `${method} ${route}`);
  }
  const still = await v.api('GET', `/assets/${asset.id}/annotations`);
  assert.equal(still.body.items.length, 1);
  assert.deepEqual((await a.api('GET', '/projects')).body.items.map((p) => p.name).includes('Street'),
    false);
});

test('194 the audit trail tells what was done and verifies', async () => {
  const { body } = await v.api('GET', `/organizations/${v.organization.id}/audit?limit=200`);
  const actions = body.items.map((entry) => entry.action);
  for (const action of ['user.register', 'session.start', 'project.create', 'asset.create',
    'export.start', 'annotation.anchor']) {
    assert.ok(actions.includes(action), action);
  }
  const sequences = body.items.map((entry) => entry.sequence);
  assert.deepEqual(sequences, Array.from({ length: sequences.length },
    (_, i) => sequences.length - i));
});

test('010 five hundred signups a minute from one address are limited', async () => {
  const limited = await TestServer.start();
  let refused = 0;
  for (let i = 0; i < 60; ++i) {
    const answer = await limited.call('POST', '/auth/register', { json: { email: 'x', password: 'y',
      name: 'n', organization: 'o' } });
    if (answer.status === 429) {
      ++refused;
      assert.ok(Number(answer.headers.get('retry-after')) >= 1);
    }
  }
  assert.ok(refused >= 10, `${refused} refused`);
  await limited.stop();
});
