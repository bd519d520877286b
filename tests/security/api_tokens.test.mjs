// 031: API tokens, personal and of the organization.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { uuidv7 } from '../functional/harness.mjs';
import { Live } from './live_wire.mjs';
import { assertProblem, filesUnder, furnished, sleep, sqlOf, start, suite } from './world.mjs';

const SCOPES = ['project_read', 'asset_read', 'annotation_read', 'annotation_write'];

async function make(person, { service, headers, ...wanted } = {}) {
  const path = service ? `/organizations/${person.organization.id}/service-tokens` : '/auth/tokens';
  return person.api('POST', path, {
    json: { name: 'robot', scopes: SCOPES, expires_in_days: 7, ...wanted },
    headers,
  });
}

const auditOf = async (person, action) =>
  (
    await person.api('GET', `/organizations/${person.organization.id}/audit?limit=200`)
  ).body.items.filter((entry) => entry.action === action);

suite('api tokens', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server, engine) => {
  const use = (token, method, route, options) =>
    server().call(method, route, { token, ...options });

  test('031 a token is shown once; of it only a hash is kept', async () => {
    const a = await server().person();
    const key = uuidv7();
    const made = await make(a, { headers: { 'idempotency-key': key } });
    assert.equal(made.status, 201, made.text);
    const { secret, token } = made.body;
    assert.match(secret, /^aat_[\w-]{43}$/);
    assert.equal(made.headers.get('cache-control'), 'no-store');
    const list = await a.api('GET', '/auth/tokens');
    assert.equal(list.body.items[0].id, token.id);
    assert.ok(!list.text.includes(secret) && !list.text.includes(secret.slice(12)));
    const audit = await a.api('GET', `/organizations/${a.organization.id}/audit`);
    assert.ok(!audit.text.includes(secret.slice(12)));
    assert.equal((await auditOf(a, 'token.create')).length, 1);
    assert.equal((await use(secret, 'GET', '/auth/me')).body.user.id, a.user.id);
    const again = await make(a, { headers: { 'idempotency-key': key } });
    assert.notEqual(again.body.secret, secret, 'an answer with a secret is not kept');
    if (engine === 'sqlite') {
      for (const file of filesUnder(server().data)) {
        const found = execFileSync('sh', ['-c', 'grep -c -a "$1" "$2" || true', '', secret, file]);
        assert.equal(found.toString().trim(), '0', file);
      }
    } else {
      const rows = sqlOf(server(), 'SELECT hash, scopes, hint FROM api_tokens').flat().join();
      const kept = sqlOf(server(), 'SELECT body FROM idempotency_keys').flat().join();
      assert.ok(!(rows + kept).includes(secret.slice(12)));
    }
  });

  test('031 scopes, and what no token may', async () => {
    const { person, project, asset } = await furnished(server());
    const { secret } = (await make(person)).body;
    assert.equal((await use(secret, 'GET', '/projects')).status, 200);
    assert.equal((await use(secret, 'GET', `/assets/${asset.id}/annotations`)).status, 200);
    const json = { name: 'x', type: 'detection' };
    assertProblem(await use(secret, 'POST', '/projects', { json }), 403, 'project_write');
    assertProblem(await use(secret, 'DELETE', `/projects/${project.id}`), 403, 'project_delete');
    const all = (await make(person, { scopes: ['project_write', 'member_write'] })).body.secret;
    assert.equal((await use(all, 'POST', '/projects', { json })).status, 201);
    for (const [method, route, body] of [
      ['GET', '/auth/tokens'],
      ['POST', '/auth/tokens', { name: 'y', scopes: ['project_read'] }],
      ['GET', '/auth/sessions'],
      ['PATCH', '/auth/me', { name: 'y' }],
      ['POST', '/auth/password', { current_password: 'a', password: 'b' }],
      ['POST', '/auth/logout', {}],
      ['POST', '/auth/switch', { organization_id: person.organization.id }],
      ['PUT', '/auth/me/preferences', {}],
      ['POST', '/organizations', { name: 'y' }],
      ['GET', `/organizations/${person.organization.id}/service-tokens`],
      [
        'POST',
        `/organizations/${person.organization.id}/service-tokens`,
        { name: 'y', scopes: ['project_read'] },
      ],
      ['POST', `/organizations/${person.organization.id}/keys/rotate`, { reencrypt: false }],
    ]) {
      assertProblem(await use(all, method, route, { json: body }), 403, `${method} ${route}`);
    }
    for (const scopes of [['account_self'], ['service_token_write'], ['organization_delete']]) {
      assertProblem(await make(person, { scopes }), 422, scopes[0]);
    }
    for (const wanted of [
      { scopes: [] },
      { scopes: ['nonsense'] },
      { expires_in_days: 0 },
      { expires_in_days: 366 },
      { expires_in_days: 1.5 },
      { name: '' },
      { admin: true },
    ]) {
      assertProblem(await make(person, wanted), 422, JSON.stringify(wanted));
    }
    assertProblem(
      await use(secret, 'POST', '/auth/refresh', { json: { refresh_token: secret } }),
      401,
    );
  });

  test('031 revoked, expired, altered and foreign tokens', async () => {
    const [a, b] = [await server().person(), await server().person()];
    const { secret, token } = (await make(a)).body;
    assert.equal((await use(secret, 'GET', '/projects')).status, 200);
    const foreign = await b.api('DELETE', `/auth/tokens/${token.id}`);
    const unknown = await b.api('DELETE', `/auth/tokens/${uuidv7()}`);
    assertProblem(foreign, 404);
    assert.equal(
      foreign.text.replace(/"instance":"[^"]*"/, ''),
      unknown.text.replace(/"instance":"[^"]*"/, ''),
    );
    for (const wrong of [
      secret.slice(0, -1),
      `${secret}A`,
      secret.toLowerCase(),
      'aat_',
      `${secret} `,
      `aat_${'A'.repeat(43)}`,
      secret.slice(4),
    ]) {
      if (wrong === secret) continue;
      const answer = await use(wrong, 'GET', '/projects');
      if (wrong.trim() !== secret) assertProblem(answer, 401, wrong);
    }
    assert.equal((await a.api('DELETE', `/auth/tokens/${token.id}`)).status, 204);
    assertProblem(await use(secret, 'GET', '/projects'), 401, 'revoked');
    assertProblem(await a.api('DELETE', `/auth/tokens/${token.id}`), 404, 'once is enough');
    assert.equal((await auditOf(a, 'token.revoke')).length, 1);
    const brief = (await make(a)).body;
    sqlOf(server(), `UPDATE api_tokens SET expires_at = 1 WHERE id = '${brief.token.id}'`);
    assertProblem(await use(brief.secret, 'GET', '/projects'), 401, 'expired');
  });

  test('031 an owner who may less has a token that may less, within a second', async () => {
    const a = await server().person();
    const { secret } = (await make(a, { scopes: ['project_read', 'project_write'] })).body;
    const json = { name: 'x', type: 'detection' };
    assert.equal((await use(secret, 'POST', '/projects', { json })).status, 201);
    sqlOf(server(), `UPDATE memberships SET role = 'viewer' WHERE user_id = '${a.user.id}'`);
    await sleep(1100);
    assertProblem(await use(secret, 'POST', '/projects', { json }), 403);
    sqlOf(server(), `UPDATE users SET disabled_at = 1 WHERE id = '${a.user.id}'`);
    await sleep(1100);
    assertProblem(await use(secret, 'GET', '/projects'), 401, 'disabled');
  });

  test('031 a service token acts under its own name, in its own organization only', async () => {
    const { person, asset } = await furnished(server());
    const other = await server().person();
    const { secret, token } = (await make(person, { service: true })).body;
    const me = (await use(secret, 'GET', '/auth/me')).body;
    assert.notEqual(me.user.id, person.user.id);
    assert.equal(me.user.name, 'robot');
    assert.equal(me.organization.id, person.organization.id);
    assert.equal((await use(secret, 'GET', `/assets/${asset.id}`)).status, 200);
    const own = (await make(other, { service: true })).body;
    assertProblem(await use(own.secret, 'GET', `/assets/${asset.id}`), 404);
    const path = `/organizations/${person.organization.id}/service-tokens`;
    assertProblem(await other.api('GET', path), 404);
    assertProblem(await other.api('DELETE', `${path}/${token.id}`), 404);
    assert.equal((await person.api('DELETE', `${path}/${token.id}`)).status, 204);
    assertProblem(await use(secret, 'GET', '/projects'), 401);
  });

  test('031 a live connection by a token ends with it', async () => {
    const { person, asset } = await furnished(server());
    const { secret, token } = (await make(person, { service: true })).body;
    const live = await Live.join(server(), { token: secret, asset_id: asset.id });
    assert.equal(live.welcome.can_write, true);
    const began = Date.now();
    const path = `/organizations/${person.organization.id}/service-tokens/${token.id}`;
    assert.equal((await person.api('DELETE', path)).status, 204);
    assert.equal(await live.closeCode(), 4401);
    assert.ok(Date.now() - began <= 5500, `${Date.now() - began} ms`);
  });

  test('031 making one wants a fresh sign-in', async () => {
    const a = await server().person();
    sqlOf(server(), `UPDATE sessions SET authenticated_at = 1 WHERE user_id = '${a.user.id}'`);
    await sleep(5100);
    const answer = await make(a);
    assertProblem(answer, 403);
    assert.equal(answer.body.code, 'reauth_required');
    assert.equal((await a.api('GET', '/auth/tokens')).status, 200);
  });

  if (engine === 'postgres') {
    test('031 a token that was revoked elsewhere is refused within a second', async () => {
      const a = await server().person();
      const second = await start({ data: server().data, env: server().options.env });
      try {
        const { secret, token } = (await make(a)).body;
        assert.equal((await second.call('GET', '/projects', { token: secret })).status, 200);
        assert.equal((await a.api('DELETE', `/auth/tokens/${token.id}`)).status, 204);
        await sleep(1050);
        assertProblem(await second.call('GET', '/projects', { token: secret }), 401);
      } finally {
        await second.stop();
      }
    });
  }
});
