// 023-025, 032: sessions that end, and what ends with them. Time passes by moving the rows back.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';

import { Live } from './live_wire.mjs';
import { assertProblem, furnished, sleep, sqlOf, suite } from './world.mjs';

const PASSWORD = 'a good long password';
const MINUTE = 60_000_000;

suite('sessions', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  const me = (token) => server().call('GET', '/auth/me', { token });
  const refresh = (token) =>
    server().call('POST', '/auth/refresh', { json: { refresh_token: token } });
  const login = (email, headers = {}) =>
    server().call('POST', '/auth/login', { json: { email, password: PASSWORD }, headers });

  // Refreshing fails at once, and the access token within five seconds.
  async function assertEnded(tokens, what) {
    assertProblem(await refresh(tokens.refresh_token), 401, `${what}: refresh`);
    await sleep(5050);
    assertProblem(await me(tokens.access_token), 401, `${what}: access token`);
  }

  test('023 a new password ends the other sessions', async () => {
    const a = await server().person();
    const other = (await login(a.email)).body;
    const changed = await a.api('POST', '/auth/password', {
      json: { current_password: PASSWORD, password: 'another good long password' },
    });
    assert.equal(changed.status, 204, changed.text);
    assertProblem(await me(other.access_token), 401);
    assertProblem(await refresh(other.refresh_token), 401);
    assert.equal((await me(a.token)).status, 200);
  });

  test('023 disabled, left, demoted', async () => {
    const [a, b, c] = [await server().person(), await server().person(), await server().person()];
    await server().project(c);
    for (const one of [a, b, c]) assert.equal((await me(one.token)).status, 200);
    sqlOf(server(), `UPDATE users SET disabled_at = 1 WHERE id = '${a.user.id}'`);
    sqlOf(server(), `DELETE FROM memberships WHERE user_id = '${b.user.id}'`);
    sqlOf(server(), `UPDATE memberships SET role = 'viewer' WHERE user_id = '${c.user.id}'`);
    assertProblem(await refresh(a.refresh_token), 401, 'disabled: refresh');
    assertProblem(await refresh(b.refresh_token), 401, 'left: refresh');
    await sleep(5050);
    assertProblem(await me(a.token), 401, 'disabled');
    assertProblem(await me(b.token), 401, 'left');
    const json = { name: 'x', type: 'detection' };
    assertProblem(await c.api('POST', '/projects', { json }), 403, 'demoted');
    assert.equal((await c.api('GET', '/projects')).status, 200);
  });

  test('023 who comes from elsewhere than the address ranges say is refused at every request',
    async () => {
      const a = await server().person();
      const from = (localAddress) => new Promise((resolve, reject) => {
        const url = new URL('/api/v1/auth/me', server().url);
        const headers = { authorization: `Bearer ${a.token}` };
        http.get(url, { localAddress, headers, agent: false }, (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode));
        }).on('error', reject);
      });
      assert.equal(await from('127.0.0.2'), 200);
      const set = await a.api('PATCH', `/organizations/${a.organization.id}/policy`, {
        json: { ip_ranges: ['127.0.0.1/32'] },
      });
      assert.equal(set.status, 200, set.text);
      await sleep(5050);
      assert.equal(await from('127.0.0.2'), 403);
      assert.equal(await from('127.0.0.1'), 200);
    });

  test('023 an open live connection ends with its session', async () => {
    const { person, asset } = await furnished(server());
    const other = (await login(person.email)).body;
    const live = await Live.join(server(), { token: other.access_token, asset_id: asset.id });
    const began = Date.now();
    await server().call('POST', '/auth/logout', { token: other.access_token });
    assert.equal(await live.closeCode(), 4401);
    assert.ok(Date.now() - began <= 5500, `${Date.now() - began} ms`);
  });

  test('024 a session that was there before the login is not the one after it', async () => {
    const a = await server().person();
    const planted = '__Host-aa_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    const first = await login(a.email, { 'x-csrf': '1', cookie: planted });
    const cookie = first.headers.get('set-cookie').split(';')[0];
    assert.notEqual(cookie, planted);
    const again = await login(a.email, { 'x-csrf': '1', cookie });
    assert.notEqual(again.headers.get('set-cookie').split(';')[0], cookie);
    const plantedMe = await server().call('GET', '/auth/me', { headers: { cookie: planted } });
    assertProblem(plantedMe, 401);
  });

  test('025 an idle session ends, and only use keeps it', async () => {
    const { person, asset } = await furnished(server());
    const tokens = (await login(person.email)).body;
    const live = await Live.join(server(), { token: tokens.access_token, asset_id: asset.id });
    const idle = 720 * MINUTE;
    const id = JSON.parse(Buffer.from(tokens.access_token.split('.')[1], 'base64url')).sid;
    sqlOf(
      server(),
      `UPDATE sessions SET last_used_at = last_used_at - ${idle + MINUTE} WHERE id = '${id}'`,
    );
    // Pings go on all the while; they are no use of the session.
    assert.equal(await live.closeCode(8000), 4401);
    await assertEnded(tokens, 'idle');
    assert.equal((await me(person.token)).status, 200, 'another session of the same person');
  });

  test('025 refreshing does not move the absolute end', async () => {
    const a = await server().person();
    const claims = JSON.parse(Buffer.from(a.token.split('.')[1], 'base64url'));
    const end = () =>
      sqlOf(server(), `SELECT expires_at FROM sessions WHERE id = '${claims.sid}'`)[0][0];
    const before = end();
    const second = (await refresh(a.refresh_token)).body;
    assert.equal(end(), before);
    sqlOf(
      server(),
      `UPDATE sessions SET expires_at = ${Date.now() * 1000} WHERE id = '${claims.sid}'`,
    );
    await assertEnded(second, 'absolute');
  });

  test('032 ending another session is felt by its next call', async () => {
    const a = await server().person();
    const other = await login(a.email, { 'x-csrf': '1' });
    const cookie = other.headers.get('set-cookie').split(';')[0];
    assert.equal((await server().call('GET', '/auth/me', { headers: { cookie } })).status, 200);
    const list = (await a.api('GET', '/auth/sessions')).body.items;
    assert.equal(list.length, 2);
    const theirs = list.find((one) => !one.current);
    assert.equal((await a.api('DELETE', `/auth/sessions/${theirs.id}`)).status, 204);
    assertProblem(await server().call('GET', '/auth/me', { headers: { cookie } }), 401);
    assertProblem(await me(other.body.access_token), 401);
    assertProblem(await refresh(other.body.refresh_token), 401);
    assert.equal((await a.api('GET', '/auth/sessions')).body.items.length, 1);
    const stranger = await server().person();
    const own = (await a.api('GET', '/auth/sessions')).body.items[0];
    assertProblem(await stranger.api('DELETE', `/auth/sessions/${own.id}`), 404);
  });
});
