// Sign-in by an LDAP server: a real slapd, right and wrong passwords, filters that would be more,
// certificates, and places that are not reached.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { after, before, test } from 'node:test';

import { haveSlapd, startSlapd } from './slapd.mjs';
import { assertProblem, auditOf, filesUnder, suite } from './world.mjs';

const env = { ANNOTATEAI_RATE_LIMIT: 'false', ANNOTATEAI_OUTBOUND_ALLOW: '127.0.0.1,localhost' };
const skip = haveSlapd ? {} : { engines: [] };

suite('LDAP', { env, ...skip }, (server) => {
  let slapd;
  before(async () => {
    slapd = await startSlapd();
  });
  after(() => slapd.stop());

  const settings = (more = {}) => ({
    url: `ldaps://127.0.0.1:${slapd.tlsPort}`,
    authority: slapd.authority,
    bind_dn: 'cn=search,dc=test',
    base_dn: 'ou=people,dc=test',
    user_filter: '(&(objectClass=inetOrgPerson)(|(uid={user})(mail={user})))',
    ...more,
  });
  const provider = async (person, config = {}, more = {}) => {
    const made = await person.api('POST', '/sso/providers', {
      json: {
        kind: 'ldap',
        name: 'Directory',
        enabled: true,
        config: settings(config),
        secret: 'search secret',
        ...more,
      },
    });
    return made;
  };
  const fresh = async (config, more) => {
    const person = await server().person();
    const made = await provider(person, config, more);
    assert.equal(made.status, 201, made.text);
    const login = (username, password) =>
      server().call('POST', `/auth/sso/${made.body.id}/ldap`, { json: { username, password } });
    return { person, made: made.body, login };
  };

  test('the right password opens a session with the role of its groups', async () => {
    const rules = [
      { value: 'cn=leads,ou=groups,dc=test', role: 'manager' },
      { value: 'cn=labelers,ou=groups,dc=test', role: 'annotator' },
    ];
    const { person, login } = await fresh({}, { role_rules: rules });
    for (const [uid, role] of [
      ['ada', 'annotator'],
      ['bob', 'manager'],
      ['nina', 'viewer'],
    ]) {
      const answer = await login(uid, `secret of ${uid}`);
      assert.equal(answer.status, 200, answer.text);
      const token = answer.body.access_token;
      const me = await server().call('GET', '/auth/me', { token });
      assert.equal(me.body.user.email, `${uid}@ldap.test`);
      assert.equal(me.body.user.name, `Person ${uid}`);
      const { body } = await person.api('GET', `/organizations/${person.organization.id}/members`);
      assert.equal(body.items.find((one) => one.email === `${uid}@ldap.test`).role, role);
      assert.equal((await login(`${uid}@LDAP.test`, `secret of ${uid}`)).status, 200);
    }
    const trail = await auditOf(person);
    assert.ok(trail.some((e) => e.action === 'sso.sign_in' && e.outcome === 'done'));
    const { body } = await person.api('GET', `/organizations/${person.organization.id}/members`);
    assert.equal(body.items.length, 4, 'nobody twice');
  });

  test('what is wrong is not told, and nothing in a name is more than a name', async () => {
    const { person, login } = await fresh();
    const texts = new Set();
    for (const [username, password] of [
      ['nina', 'wrong'],
      ['nina', ''],
      ['nina', 'secret of nina\u0000'],
      ['nobody', 'secret of nina'],
      ['*', 'secret of nina'],
      ['*)(uid=*', 'secret of nina'],
      ['nina)(|(uid=*', 'secret of nina'],
      ['ni*a', 'secret of nina'],
      ['nina)(objectClass=*))(|(a=b', 'secret of nina'],
      ['uid=nina,ou=people,dc=test', 'secret of nina'],
      ['twins@ldap.test', 'secret of twin1'],
    ]) {
      const answer = await login(username, password);
      if (password.includes('\0')) {
        assert.ok([401, 422].includes(answer.status), answer.text);
        continue;
      }
      assertProblem(answer, 401, JSON.stringify([username, password]));
      assert.equal(answer.body.code, 'invalid_credentials');
      texts.add(answer.text);
    }
    assert.equal(texts.size, 1, [...texts].join('\n'));
    const denied = (await auditOf(person)).filter((e) => e.outcome === 'denied');
    const reasons = new Set(denied.map((e) => e.detail.reason));
    for (const reason of ['wrong_password', 'empty_password', 'unknown_user', 'ambiguous_user']) {
      assert.ok(reasons.has(reason), [...reasons].join(' '));
    }
    assert.ok(!JSON.stringify(denied).includes('nina'), 'no names in the chain');
    assertProblem(await login('x'.repeat(255), 'y'), 422);
    assertProblem(await login('', 'y'), 422);
  });

  test('the tenth attempt meets a lock, whatever its password', async () => {
    const { login } = await fresh();
    for (let i = 0; i < 9; ++i) assertProblem(await login('lena', 'wrong'), 401);
    const locked = await login('LENA', 'secret of lena');
    assertProblem(locked, 429);
    assert.ok(Number(locked.headers.get('retry-after')) > 0);
    assert.equal((await login('olga', 'secret of olga')).status, 200, 'nobody else');
  });

  test('StartTLS, and plain connections to this machine alone', async () => {
    const plain = `ldap://127.0.0.1:${slapd.port}`;
    const started = await fresh({ url: plain, start_tls: true });
    assert.equal((await started.login('pia', 'secret of pia')).status, 200);
    const open = await fresh({ url: plain, start_tls: false });
    assert.equal((await open.login('quin', 'secret of quin')).status, 200);
    assertProblem(await open.login('quin', 'wrong'), 401);
    const person = await server().person();
    for (const config of [
      { url: 'ldap://ldap.example.org' },
      { url: `ldaps://127.0.0.1:${slapd.tlsPort}`, start_tls: true },
      { url: 'http://127.0.0.1' },
      { url: 'ldaps://user@127.0.0.1' },
      { url: 'ldaps://127.0.0.1:99999' },
      { url: 'ldaps://127.0.0.1/dc=test??sub' },
      { url: 'ldapi:///run/slapd' },
      { user_filter: '(uid=ada)' },
      { user_filter: 'uid={user}' },
      { user_filter: '(uid={user})(objectClass=*)' },
      { authority: 'no certificate' },
      { email_attribute: 'mail)(uid=*' },
      { base_dn: '' },
      { unknown: 1 },
    ]) {
      assertProblem(await provider(person, config), 422, JSON.stringify(config));
    }
    assertProblem(await provider(person, {}, { secret: '' }), 422);
  });

  test('a certificate that is not vouched for, or of another name', async () => {
    const other = await startSlapd({ names: 'DNS:elsewhere.test' });
    try {
      for (const [url, authority] of [
        [`ldaps://127.0.0.1:${slapd.tlsPort}`, other.authority],
        [`ldaps://127.0.0.1:${slapd.tlsPort}`, ''],
        [`ldaps://localhost:${slapd.tlsPort}`, slapd.authority],
        [`ldaps://127.0.0.1:${other.tlsPort}`, other.authority],
        [`ldaps://127.0.0.1:${slapd.port}`, slapd.authority],
      ]) {
        const { login, made, person } = await fresh({ url, authority });
        const answer = await login('ada', 'secret of ada');
        assertProblem(answer, 503, url);
        assert.equal(answer.body.code, 'ldap_tls', answer.text);
        const report = await person.api('POST', `/sso/providers/${made.id}/test`);
        assert.equal(report.body.ok, false);
        assert.deepEqual(report.body.steps.map((step) => [step.step, step.ok]), [
          ['connect', true],
          ['tls', false],
        ]);
      }
      const started = await fresh({
        url: `ldap://127.0.0.1:${other.port}`,
        start_tls: true,
        authority: other.authority,
      });
      assert.equal((await started.login('ada', 'secret of ada')).body.code, 'ldap_tls');
    } finally {
      other.stop();
    }
  });

  test('a server that is away, silent, or refuses the one who searches', async () => {
    const silent = net.createServer(() => {});
    await new Promise((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    const at = (port) => `ldaps://127.0.0.1:${port}`;
    const gone = await fresh({ url: at(1) });
    assertProblem(await gone.login('ada', 'secret of ada'), 503);
    const mute = await fresh({ url: at(silent.address().port) });
    const began = Date.now();
    assertProblem(await mute.login('ada', 'secret of ada'), 503);
    assert.ok(Date.now() - began < 15_000, `${Date.now() - began} ms`);
    silent.close();
    const { login, person, made } = await fresh({}, { secret: 'wrong' });
    const answer = await login('ada', 'secret of ada');
    assertProblem(answer, 503);
    assert.equal(answer.body.code, 'ldap_bind');
    const report = await person.api('POST', `/sso/providers/${made.id}/test`);
    assert.deepEqual(report.body.steps.map((step) => [step.step, step.ok]), [
      ['connect', true],
      ['tls', true],
      ['bind', false],
    ]);
    for (let i = 0; i < 10; ++i) await login('ada', 'secret of ada');
    assert.equal((await login('ada', 'secret of ada')).status, 503, 'it is no wrong password');
  });

  test('switched off, deleted, of another kind; the secret stays inside', async () => {
    const { person, made, login } = await fresh();
    const report = await person.api('POST', `/sso/providers/${made.id}/test`);
    assert.equal(report.body.ok, true, report.text);
    assert.equal(made.has_secret, true);
    for (const route of ['/sso/providers', `/sso/providers/${made.id}`]) {
      assert.ok(!(await person.api('GET', route)).text.includes('search secret'));
    }
    for (const file of filesUnder(server().data)) {
      assert.ok(!readFileSync(file).includes('search secret'), file);
      assert.ok(!readFileSync(file).includes('secret of ada'), file);
    }
    assert.ok(!server().stderr.includes('secret of'));
    const route = `/sso/providers/${made.id}`;
    const off = await person.api('PATCH', route, { json: { enabled: false } });
    assert.equal(off.status, 200, off.text);
    assertProblem(await login('ada', 'secret of ada'), 403);
    const start = await server().call('GET', `/auth/sso/${made.id}/start`);
    assert.ok([403, 404].includes(start.status));
    await person.api('DELETE', `/sso/providers/${made.id}`);
    assertProblem(await login('ada', 'secret of ada'), 403);
  });

  test('an account that is known elsewhere is not taken over', async () => {
    const first = await fresh();
    assert.equal((await first.login('twin1', 'secret of twin1')).status, 200);
    const second = await fresh();
    const answer = await second.login('twin2', 'secret of twin2');
    assertProblem(answer, 401);
    assert.equal(answer.body.code, 'account_elsewhere');
  });
});

suite('LDAP, nothing allowed', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  test('places inside are not reached', async () => {
    const person = await server().person();
    let heard = 0;
    const canary = net.createServer(() => ++heard);
    await new Promise((resolve) => {
      canary.listen(0, '127.0.0.1', resolve);
    });
    const { port } = canary.address();
    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
      '127.1',
      '2130706433',
      '0x7f000001',
      '10.0.0.1',
      '172.16.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '169.254.169.254',
      '[fd00::1]',
      '[fe80::1]',
      'metadata.google.internal',
    ]) {
      for (const [scheme, start_tls] of [
        ['ldaps', false],
        ['ldap', true],
      ]) {
        const answer = await person.api('POST', '/sso/providers', {
          json: {
            kind: 'ldap',
            name: 'Inside',
            enabled: true,
            config: { url: `${scheme}://${host}:${port}`, start_tls, base_dn: 'dc=test' },
          },
        });
        assertProblem(answer, 422, host);
      }
    }
    assert.deepEqual((await person.api('GET', '/sso/providers')).body.items, []);
    assert.equal(heard, 0);
    canary.close();
  });
});
