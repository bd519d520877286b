// 014-033: tokens, sessions and cookies, forged, stolen and reused.
import assert from 'node:assert/strict';
import {
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { test } from 'node:test';

import { uuidv7 } from '../functional/harness.mjs';
import { assertProblem, sqlOf, suite } from './world.mjs';

const encode = (value) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const headerOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

function signedWith(key, header, claims) {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

// The server's own key, as whoever holds the master key and reads the database can open it: so that
// nothing but the claims is wrong.
function serverKey(server) {
  const [[kid, sealed]] = sqlOf(server, 'SELECT id, sealed FROM signing_keys');
  const master = readFileSync(path.join(server.data, 'master.key'), 'utf8').trim();
  const [version, nonce, text] = sealed.split('.');
  const bytes = Buffer.from(text, 'base64url');
  const open = createDecipheriv(
    'aes-256-gcm',
    Buffer.from(master, 'base64'),
    Buffer.from(nonce, 'base64url'),
  );
  const bound = `annotateai installation secret 1\nsigning key/${kid}\n${version}`;
  open.setAAD(Buffer.from(bound));
  open.setAuthTag(bytes.subarray(-16));
  const seed = Buffer.concat([open.update(bytes.subarray(0, -16)), open.final()]);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

suite('tokens', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  const me = (token) => server().call('GET', '/auth/me', { token });
  const refresh = (token) =>
    server().call('POST', '/auth/refresh', { json: { refresh_token: token } });
  const refused = async (token, what) => assertProblem(await me(token), 401, what ?? token);

  test('014 unsigned, cut, flipped and swapped signatures', async () => {
    const [a, b] = [await server().person(), await server().person()];
    const [header, payload, signature] = a.token.split('.');
    const HEADER = headerOf(a.token);
    for (const alg of ['none', 'None', 'nOnE', 'NONE', '', null, 'HS256', 'ES256', 'RS256']) {
      await refused(`${encode({ ...HEADER, alg })}.${payload}.`);
      await refused(`${encode({ ...HEADER, alg })}.${payload}.${signature}`);
    }
    for (const token of [
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${header}.${payload}..`,
      `${header}..${signature}`,
      `.${payload}.${signature}`,
      '..',
      `${a.token}.${signature}`,
      `${header}.${payload}.${b.token.split('.')[2]}`,
      `${a.token}=`,
      `${a.token}A`,
      `${header}.${encode({ ...claimsOf(a.token), org: b.organization.id })}.${signature}`,
    ]) {
      await refused(token);
    }
    const raw = Buffer.from(signature, 'base64url');
    for (let bit = 0; bit < 512; bit += 17) {
      const flipped = Buffer.from(raw);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      await refused(`${header}.${payload}.${flipped.toString('base64url')}`, `bit ${bit}`);
    }
    await refused(`${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`, 'r = s = 0');
    assert.equal((await me(a.token)).status, 200);
  });

  test('015, 017 keys that the token itself brings, or that anyone has', async () => {
    const a = await server().person();
    const claims = claimsOf(a.token);
    const HEADER = headerOf(a.token);
    let hits = 0;
    const canary = http.createServer((_, response) => {
      ++hits;
      response.end('{}');
    });
    await new Promise((resolve) => {
      canary.listen(0, '127.0.0.1', resolve);
    });
    const url = `http://127.0.0.1:${canary.address().port}/keys`;
    const own = generateKeyPairSync('ed25519');
    const jwk = own.publicKey.export({ format: 'jwk' });
    for (const extra of [
      {},
      { jwk },
      { jku: url },
      { x5u: url },
      { kid: url },
      { kid: '../../../dev/null' },
      { x5c: ['MIIB'] },
      { crit: ['exp'] },
    ]) {
      await refused(
        signedWith(own.privateKey, { ...HEADER, ...extra }, claims),
        JSON.stringify(extra),
      );
    }
    const text = `${encode({ ...HEADER, alg: 'HS256' })}.${encode(claims)}`;
    for (const key of [
      '',
      'secret',
      'annotateai',
      JSON.stringify(jwk),
      own.publicKey.export({ format: 'pem', type: 'spki' }),
    ]) {
      await refused(`${text}.${createHmac('sha256', key).update(text).digest('base64url')}`);
    }
    canary.close();
    assert.equal(hits, 0);
  });

  test('the published keys verify what the server signs', async () => {
    const a = await server().person();
    const jwks = await (await fetch(`${server().url}/.well-known/jwks.json`)).json();
    const [header, payload, signature] = a.token.split('.');
    const jwk = jwks.keys.find((one) => one.kid === headerOf(a.token).kid);
    assert.deepEqual(Object.keys(jwk).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const signed = Buffer.from(`${header}.${payload}`);
    assert.ok(verify(null, signed, key, Buffer.from(signature, 'base64url')));
  });

  test('018 rightly signed, wrongly meant', async () => {
    const a = await server().person();
    const key = serverKey(server());
    const claims = claimsOf(a.token);
    const HEADER = headerOf(a.token);
    const now = Math.floor(Date.now() / 1000);
    assert.equal(
      (await me(signedWith(key, HEADER, claims))).status,
      200,
      'the key is the right one',
    );
    for (const change of [
      { exp: now - 1 },
      { exp: undefined },
      { exp: 'string' },
      { exp: -1 },
      { exp: null },
      { exp: [now + 100] },
      { exp: 1.5 },
      { iat: now + 3600 },
      { iat: undefined },
      { nbf: now + 3600 },
      { iss: 'evil' },
      { iss: undefined },
      { aud: 'annotateai-refresh' },
      { aud: ['annotateai-api', 'x'] },
      { sub: uuidv7() },
      { sub: 'admin' },
      { sid: uuidv7() },
      { org: uuidv7() },
      { role: 'owner' },
      { __proto__: null, exp: now - 5 },
    ]) {
      const token = signedWith(key, HEADER, { ...claims, ...change });
      const answer = await me(token);
      // Whose it is, the session says: other claims may be refused or without effect, never taken.
      if (answer.status === 200)
        assert.equal(answer.body.user.id, a.user.id, JSON.stringify(change));
      if (answer.status === 200) assert.equal(answer.body.organization.id, a.organization.id);
      else assertProblem(answer, 401, JSON.stringify(change));
      const needed = ['exp', 'iat', 'iss', 'aud', 'sid'].some((name) => name in change);
      if (needed) assert.equal(answer.status, 401, JSON.stringify(change));
    }
    const huge = `{"exp":1e309,${JSON.stringify({ ...claims, exp: undefined }).slice(1)}`;
    const text = `${encode(HEADER)}.${encode(huge)}`;
    await refused(`${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`, '1e309');
    for (const typ of ['JWT', 'rt+jwt', '', undefined, 'AT+JWT ']) {
      await refused(signedWith(key, { ...HEADER, typ }, claims), `typ ${typ}`);
    }
    // Rightly signed under a header of another shape: what the header says is never asked.
    for (const header of [
      { typ: 'at+jwt', alg: 'EdDSA', kid: HEADER.kid },
      { ...HEADER, crit: ['exp'] },
      { ...HEADER, jku: 'https://evil.test' },
      { alg: 'EdDSA', typ: 'at+jwt' },
      { ...HEADER, kid: `${HEADER.kid}A` },
    ]) {
      await refused(signedWith(key, header, claims), JSON.stringify(header));
    }
    await refused(a.refresh_token);
    assertProblem(await refresh(a.token), 401, 'an access token as refresh token');
    for (const form of [
      `bearer ${a.token}`,
      `Basic ${encode('a:b')}`,
      `Bearer  ${a.token}`,
      `Bearer ${a.token} `,
      a.token,
      'Bearer',
      '',
    ]) {
      const answer = await server().call('GET', '/auth/me', { headers: { authorization: form } });
      assert.ok([200, 401].includes(answer.status), form);
      if (!/^bearer +\S+ *$/i.test(form)) assert.equal(answer.status, 401, form);
    }
    assert.equal((await server().call('GET', `/auth/me?access_token=${a.token}`)).status, 401);
  });

  test('020 no header, parameter or field changes whose data is seen', async () => {
    const [a, v] = [await server().person(), await server().person()];
    await server().project(v, { name: 'Victim' });
    const org = v.organization.id;
    for (const [route, headers] of [
      ['/projects', { 'x-org-id': org }],
      ['/projects', { 'x-organization-id': org }],
      ['/projects', { 'x-tenant': org }],
      [`/projects?org=${org}`, {}],
      [`/projects?organization_id=${org}`, {}],
    ]) {
      const answer = await a.api('GET', route, { headers });
      assert.ok(!answer.text.includes('Victim'), route);
    }
    for (const name of ['organization_id', 'org', 'created_by', 'tenant']) {
      const answer = await a.api('POST', '/projects', {
        json: { name: 'x', type: 'detection', [name]: org },
      });
      assertProblem(answer, 422, name);
    }
    assert.equal((await v.api('GET', '/projects')).body.items.length, 1);
  });

  test('021 a refresh token used twice ends the family, at once', async () => {
    const a = await server().person();
    const second = await refresh(a.refresh_token);
    assert.equal(second.status, 200);
    assertProblem(await refresh(a.refresh_token), 401);
    assertProblem(await refresh(second.body.refresh_token), 401);
    await refused(second.body.access_token, "R2's access token");
    await refused(a.token, "R1's access token");
    const login = await server().call('POST', '/auth/login', {
      json: { email: a.email, password: 'a good long password' },
    });
    const audit = await server().call('GET', `/organizations/${a.organization.id}/audit`, {
      token: login.body.access_token,
    });
    const reuse = audit.body.items.filter((entry) => entry.action === 'session.refresh_reuse');
    assert.equal(reuse.length, 1);
  });

  test('022 fifty refreshes at once have at most one living descendant', async () => {
    const a = await server().person();
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(a.refresh_token)));
    const good = answers.filter((answer) => answer.status === 200);
    assert.ok(
      answers.every((answer) => [200, 401].includes(answer.status)),
      answers.map((answer) => answer.status).join(),
    );
    assert.ok(good.length <= 1);
    let living = 0;
    for (const answer of good) living += (await refresh(answer.body.refresh_token)).status === 200;
    assert.ok(living <= 1);
  });

  test('023 logout is felt by access token, refresh token and cookie', async () => {
    const a = await server().person();
    const login = await server().call('POST', '/auth/login', {
      json: { email: a.email, password: 'a good long password' },
      headers: { 'x-csrf': '1' },
    });
    const cookie = login.headers.get('set-cookie').split(';')[0];
    assert.equal(
      (await server().call('POST', '/auth/logout', { token: login.body.access_token })).status,
      204,
    );
    await refused(login.body.access_token);
    assertProblem(await refresh(login.body.refresh_token), 401);
    assertProblem(await server().call('GET', '/auth/me', { headers: { cookie } }), 401);
    assert.equal((await me(a.token)).status, 200, 'the other session lives');
  });

  test('026 tokens stay out of URLs and caches; 033 two tabs, one logs out', async () => {
    const a = await server().person();
    const login = await server().call('POST', '/auth/login', {
      json: { email: a.email, password: 'a good long password' },
      headers: { 'x-csrf': '1' },
    });
    const set = login.headers.get('set-cookie');
    assert.match(set, /^__Host-aa_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure/);
    assert.doesNotMatch(set, /domain/i);
    for (const answer of [login, await refresh(login.body.refresh_token)]) {
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      assert.equal(answer.headers.get('location'), null);
    }
    const cookie = set.split(';')[0];
    const tab = () => server().call('GET', '/auth/me', { headers: { cookie } });
    assert.equal((await tab()).status, 200);
    const out = await server().call('POST', '/auth/logout', { headers: { cookie, 'x-csrf': '1' } });
    assert.equal(out.status, 204);
    assert.equal((await tab()).status, 401);
    const host = await server().call('POST', '/auth/login', {
      json: { email: a.email, password: 'a good long password' },
      headers: { 'x-csrf': '1' },
    });
    assert.notEqual(host.headers.get('set-cookie').split(';')[0], cookie, 'a new id at each login');
  });

  test('027 a cookie changes nothing for other sites', async () => {
    const a = await server().person();
    const login = await server().call('POST', '/auth/login', {
      json: { email: a.email, password: 'a good long password' },
      headers: { 'x-csrf': '1' },
    });
    const cookie = login.headers.get('set-cookie').split(';')[0];
    const text = JSON.stringify({ name: 'forged', type: 'detection' });
    const json = { 'content-type': 'application/json' };
    const base = server().url;
    const port = server().port;
    for (const headers of [
      { ...json },
      { ...json, origin: 'https://evil.test' },
      { ...json, origin: 'null', 'x-csrf': '1' },
      { ...json, origin: 'https://evil.test', 'x-csrf': '1' },
      { ...json, origin: `${base}.evil.test`, 'x-csrf': '1' },
      { ...json, origin: `http://evil127.0.0.1:${port}`, 'x-csrf': '1' },
      { ...json, origin: `https://127.0.0.1:${port}`, 'x-csrf': '1' },
      { ...json, origin: 'http://127.0.0.1:1', 'x-csrf': '1' },
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'multipart/form-data; boundary=x' },
    ]) {
      const answer = await server().call('POST', '/projects', {
        body: text,
        headers: { cookie, ...headers },
      });
      assertProblem(answer, [403, 415], JSON.stringify(headers));
      assert.equal(answer.headers.get('access-control-allow-origin'), null);
    }
    const plain = await server().call('POST', '/projects', {
      body: text,
      headers: { cookie, 'x-csrf': '1', 'content-type': 'text/plain' },
    });
    assertProblem(plain, 415);
    const list = await server().call('GET', '/projects', { headers: { cookie } });
    assert.equal(list.body.items.length, 0);
    // Both at once: the bearer token decides, and a bad one is not saved by a good cookie.
    const both = await server().call('GET', '/auth/me', { token: 'x', headers: { cookie } });
    assert.equal(both.status, 401);
  });

  test('029 no other origin is let in, by answer or preflight', async () => {
    const a = await server().person();
    const host = `127.0.0.1:${server().port}`;
    for (const origin of [
      'https://evil.test',
      'null',
      `http://${host}.evil.test`,
      `http://evil${host}`,
      `https://${host}`,
      'file://',
      `http://user@${host}`,
    ]) {
      for (const method of ['GET', 'OPTIONS']) {
        const answer = await server().call(method, '/auth/me', {
          token: a.token,
          headers: { origin, 'access-control-request-method': 'POST' },
        });
        assert.equal(answer.headers.get('access-control-allow-origin'), null, origin);
        assert.equal(answer.headers.get('access-control-allow-credentials'), null, origin);
      }
    }
  });
});
