// 034-038, 040, 041, 043, 044, 161: who signs in by an OpenID provider is whom it vouches for, in
// its own organization, and nobody else.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';

import {
  Browser,
  addProvider,
  callbackOf,
  leave,
  makeToken,
  rsaKey,
  signIn,
  startLiar,
  startProvider,
  whoIs,
} from './identity_provider.mjs';
import { startCanary } from './receiver.mjs';
import { assertProblem, auditOf, sleep, suite, until } from './world.mjs';

const env = {
  ANNOTATEAI_RATE_LIMIT: 'false',
  ANNOTATEAI_OUTBOUND_ALLOW: '127.0.0.1',
};
const HTML = { headers: { accept: 'text/html' } };
const actions = async (person) => (await auditOf(person)).map((e) => `${e.action} ${e.outcome}`);

suite('OpenID Connect', { env }, (server) => {
  test('a real provider: someone comes in, is known again, and has the group role', async () => {
    let subject = 'dora';
    const people = {
      dora: {
        email: 'dora@company.example',
        email_verified: true,
        name: 'Dora',
        groups: ['staff', 'leads'],
      },
      emil: {
        email: 'emil@company.example',
        email_verified: true,
        name: 'Emil',
        groups: ['staff'],
      },
    };
    const idp = await startProvider({
      callback: callbackOf(server()),
      people,
      who: () => subject,
    });
    const owner = await server().person();
    const provider = await addProvider(owner, idp.issuer, {
      default_role: 'annotator',
      role_rules: [{ value: 'leads', role: 'manager' }],
    });
    assert.equal(provider.addresses.redirect_uri, callbackOf(server()));
    assert.equal(provider.has_secret, true);
    const tested = await owner.api('POST', `/sso/providers/${provider.id}/test`);
    assert.equal(tested.status, 200, tested.text);
    assert.deepEqual(
      tested.body.steps.map((s) => [s.step, s.ok]),
      [
        ['discovery', true],
        ['keys', true],
        ['issuer_named', true],
      ],
    );
    const browser = new Browser();
    const landed = await signIn(server(), browser, provider, '/projects?x=1');
    assert.equal(landed.status, 303, landed.text);
    assert.equal(landed.rawLocation, '/projects?x=1');
    const cookie = landed.headers.getSetCookie().find((c) => c.startsWith('__Host-aa_session='));
    assert.match(cookie, /HttpOnly; SameSite=Lax; Secure/);
    const me = await whoIs(server(), browser);
    assert.equal(me.user.email, 'dora@company.example');
    assert.equal(me.organization.id, owner.organization.id);
    assert.equal(me.organization.role, 'manager');
    people.dora.groups = ['staff'];
    people.dora.email = 'dora.new@company.example';
    const again = new Browser();
    await signIn(server(), again, provider);
    const later = await whoIs(server(), again);
    assert.equal(later.user.id, me.user.id, 'by the subject, whatever the address');
    assert.equal(later.organization.role, 'annotator');
    subject = undefined;
    const refused = new Browser();
    const back = await leave(server(), refused, provider);
    assertProblem(await refused.go(back), 401, 'the person said no');
    const trail = await actions(owner);
    for (const one of [
      'provider.create done',
      'provider.test done',
      'user.provision done',
      'sso.sign_in done',
      'sso.sign_in denied',
      'session.start done',
    ]) {
      assert.ok(trail.includes(one), `${one} in ${trail}`);
    }
    await idp.stop();
  });

  test('034 a state is one browser’s, once, and for ten minutes', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const provider = await addProvider(owner, idp.issuer);
    const mine = new Browser();
    const back = await leave(server(), mine, provider);
    const without = new URL(back);
    without.searchParams.delete('state');
    assertProblem(await mine.go(without.href), 400, 'no state');
    const wrong = new URL(back);
    wrong.searchParams.set('state', 'A'.repeat(43));
    assertProblem(await mine.go(wrong.href), 400, 'an unknown state');
    const other = new Browser();
    assertProblem(await other.go(back), 400, 'no cookie');
    await leave(server(), other, provider);
    assertProblem(await other.go(back), 400, 'another browser');
    assert.equal((await mine.go(back)).status, 303, 'none of it used it up');
    const fresh = new URL(back);
    fresh.searchParams.set('code', 'another');
    assertProblem(await mine.go(fresh.href), 400, 'used');
    await idp.stop();
  });

  test('035 036 a nonce and a PKCE verifier are of this flow', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const provider = await addProvider(owner, idp.issuer);
    for (const nonce of [undefined, '', 'another', 0, null]) {
      idp.lie.claims = { nonce };
      assertProblem(await signIn(server(), new Browser(), provider), 401, `nonce ${nonce}`);
    }
    delete idp.lie.claims;
    assert.equal((await signIn(server(), new Browser(), provider)).status, 303);
    assert.equal(idp.asked.code_challenge_method, 'S256');
    assert.match(idp.asked.code_challenge, /^[\w-]{43}$/);
    assert.ok(idp.form.get('code_verifier').length >= 43);
    // A code of another flow is worth nothing: its challenge is another one.
    const victim = new Browser();
    const stolen = new URL(await leave(server(), victim, provider)).searchParams.get('code');
    const thief = new Browser();
    const own = new URL(await leave(server(), thief, provider));
    own.searchParams.set('code', stolen);
    assertProblem(await thief.go(own.href), 401, 'a stolen code');
    assert.equal(await whoIs(server(), thief), undefined);
    await idp.stop();
  });

  test('037 a code that comes twice ends the session it began', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const provider = await addProvider(owner, idp.issuer);
    const browser = new Browser();
    const landed = await signIn(server(), browser, provider);
    assert.ok(await whoIs(server(), browser));
    assertProblem(await browser.go(landed.back), 401, 'the same answer');
    await sleep(100);
    assert.equal(await whoIs(server(), browser), undefined, 'the session ended');
    assert.ok((await actions(owner)).includes('sso.code_reuse done'));
    // With a state of another flow.
    const first = new Browser();
    const code = new URL((await signIn(server(), first, provider)).back).searchParams.get('code');
    assert.ok(await whoIs(server(), first));
    const second = new Browser();
    const back = new URL(await leave(server(), second, provider));
    back.searchParams.set('code', code);
    assertProblem(await second.go(back.href), 401, 'the code with another state');
    assert.equal(await whoIs(server(), first), undefined);
    await idp.stop();
  });

  test('038 041 an ID token must be right in all that it says', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const provider = await addProvider(owner, idp.issuer);
    const now = Math.floor(Date.now() / 1000);
    const secret = 'a secret of the client';
    const foreign = rsaKey(idp.keys[0].kid);
    const weak = {
      ...generateKeyPairSync('rsa', { modulusLength: 1024 }),
      kid: 'weak',
      alg: 'RS256',
    };
    const lies = {
      'aud of another client': { claims: { aud: 'other' } },
      'aud absent': { claims: { aud: undefined } },
      'aud a number': { claims: { aud: 7 } },
      'aud of several without azp': { claims: { aud: ['annotateai', 'other'] } },
      'azp foreign': { claims: { azp: 'other' } },
      'azp foreign beside several': { claims: { aud: ['annotateai', 'other'], azp: 'other' } },
      'exp past': { claims: { exp: now - 61 } },
      'exp absent': { claims: { exp: undefined } },
      'exp a text': { claims: { exp: String(now + 300) } },
      'exp negative': { claims: { exp: -1 } },
      'iat to come': { claims: { iat: now + 3600 } },
      'iat absent': { claims: { iat: undefined } },
      'iat long ago': { claims: { iat: now - 7200 } },
      'nbf to come': { claims: { nbf: now + 3600 } },
      'issuer another': { claims: { iss: 'https://accounts.example' } },
      'issuer with a slash': { claims: { iss: `${idp.issuer}/` } },
      'issuer absent': { claims: { iss: undefined } },
      'sub absent': { claims: { sub: undefined } },
      'sub empty': { claims: { sub: '' } },
      'sub long': { claims: { sub: 'x'.repeat(256) } },
      'alg none': { token: (h, c) => makeToken({ ...h, alg: 'none' }, c) },
      'alg None': { token: (h, c) => makeToken({ ...h, alg: 'None' }, c) },
      'alg absent': { token: (h, c, k) => makeToken({ ...h, alg: undefined }, c, k) },
      'HS256 by the secret': { token: (h, c) => makeToken({ ...h, alg: 'HS256' }, c, secret) },
      'HS256 by the public key': {
        token: (h, c, k) =>
          makeToken({ ...h, alg: 'HS256' }, c, k.publicKey.export({ type: 'spki', format: 'pem' })),
      },
      unsigned: { token: (h, c) => makeToken(h, c) },
      'a foreign key by the same name': { token: (h, c) => makeToken(h, c, foreign) },
      'jwk in the header': {
        token: (h, c) =>
          makeToken({ ...h, jwk: foreign.publicKey.export({ format: 'jwk' }) }, c, foreign),
      },
      'jku in the header': {
        token: (h, c) => makeToken({ ...h, kid: 'x', jku: 'http://127.0.0.1:1/' }, c, foreign),
      },
      'a bit flipped': {
        token: (h, c, k) => {
          const text = makeToken(h, c, k);
          return text.slice(0, -8) + (text.at(-8) === 'A' ? 'B' : 'A') + text.slice(-7);
        },
      },
      crit: { header: { crit: ['exp'] } },
      'an access token': { header: { typ: 'at+jwt' } },
      'ES256 by an RSA key': { header: { alg: 'ES256' } },
      'PS256 that is RS256': { header: { alg: 'PS256' } },
      'four parts': { token: (h, c, k) => `${makeToken(h, c, k)}.x` },
      'no JSON': { token: () => 'e30.YQ.e30' },
      empty: { token: () => '' },
      'no token': { token: () => undefined },
    };
    for (const [what, lie] of Object.entries(lies)) {
      Object.assign(idp.lie, { header: {}, claims: {}, token: undefined }, lie);
      const browser = new Browser();
      assertProblem(await signIn(server(), browser, provider), 401, what);
      assert.equal(await whoIs(server(), browser), undefined, what);
    }
    Object.assign(idp.lie, { header: {}, claims: {}, token: undefined });
    idp.keys.push(weak);
    idp.lie.token = (h, c) => makeToken({ ...h, kid: 'weak' }, c, weak);
    assertProblem(await signIn(server(), new Browser(), provider), 401, 'a weak key');
    idp.lie.token = undefined;
    for (const [what, claims] of Object.entries({
      'exp a little past': { exp: Math.floor(Date.now() / 1000) - 30 },
      'several with azp': { aud: ['annotateai', 'x'], azp: 'annotateai' },
    })) {
      idp.lie.claims = claims;
      assert.equal((await signIn(server(), new Browser(), provider)).status, 303, what);
    }
    assert.ok((await auditOf(owner)).filter((e) => e.outcome === 'denied').length > 30);
    await idp.stop();
  });

  test('keys of other kinds work, and a new one is fetched', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const provider = await addProvider(owner, idp.issuer);
    const ec = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }), kid: 'ec', alg: 'ES256' };
    const ed = { ...generateKeyPairSync('ed25519'), kid: 'ed', alg: 'EdDSA' };
    for (const key of [ec, ed]) {
      const own = await startLiar();
      own.keys = [key];
      own.lie.header = { alg: key.alg, kid: key.kid };
      const host = `p${new URL(own.issuer).port}.liar.example`;
      own.lie.claims = { email: `${key.kid}@${host}`, sub: key.kid };
      own.lie.userinfo = { sub: key.kid };
      const one = await addProvider(owner, own.issuer, { name: key.alg });
      assert.equal((await signIn(server(), new Browser(), one)).status, 303, key.alg);
      await own.stop();
    }
    assert.equal((await signIn(server(), new Browser(), provider)).status, 303);
    const fetched = () => idp.hits.filter((h) => h === 'GET /jwks').length;
    assert.equal(fetched(), 1);
    idp.keys = [rsaKey('new')];
    for (let i = 0; i < 3; ++i) await signIn(server(), new Browser(), provider);
    assert.equal(fetched(), 1, 'not again within half a minute');
    await idp.stop();
  });

  test('040 the way back is a path of ours and nothing else', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const provider = await addProvider(owner, idp.issuer);
    for (const to of [
      '//evil.test',
      '/\\evil.test',
      'https:evil.test',
      'https://evil.test/',
      '%2f%2fevil.test',
      '/%2f%2fevil.test',
      '/..;/evil',
      '@evil.test',
      '/\tevil',
      '/a\r\nSet-Cookie: x=1',
      'javascript:alert(1)',
      `${server().url}.evil.test`,
      '%252f%252fevil.test',
      '/%252f%252fevil',
      '/a//b',
      '/../x',
      '/api/v1/auth/me',
      '/x'.repeat(400),
      '',
    ]) {
      const browser = new Browser();
      const query = `?return_to=${encodeURIComponent(to)}`;
      const begun = await browser.go(
        `${server().url}/api/v1/auth/sso/${provider.id}/start${query}`,
      );
      if (begun.status === 400) continue;
      assert.equal(begun.status, 303, begun.text);
      const landed = await browser.go(await browser.follow(begun.location, callbackOf(server())));
      assert.equal(landed.status, 303, to);
      assert.equal(landed.rawLocation, '/', to);
      assert.equal(landed.headers.get('set-cookie').includes('x=1'), false);
    }
    for (const to of ['/projects', '/projects/1/assets?page=2&q=a-b_c.d', '/settings#security']) {
      assert.equal((await signIn(server(), new Browser(), provider, to)).rawLocation, to);
    }
    await idp.stop();
  });

  test('043 a provider that is switched off or deleted meanwhile vouches for nobody', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const provider = await addProvider(owner, idp.issuer);
    const inside = new Browser();
    await signIn(server(), inside, provider);
    assert.ok(await whoIs(server(), inside));
    const one = new Browser();
    const back = await leave(server(), one, provider);
    const off = await owner.api('PATCH', `/sso/providers/${provider.id}`, {
      json: { enabled: false },
    });
    assert.equal(off.status, 200, off.text);
    await until('who came in by it is out', async () => !(await whoIs(server(), inside)), 6000);
    assertProblem(await one.go(back), 403, 'off');
    assertProblem(
      await one.go(`${server().url}/api/v1/auth/sso/${provider.id}/start`),
      403,
      'begun while off',
    );
    await owner.api('PATCH', `/sso/providers/${provider.id}`, { json: { enabled: true } });
    const two = new Browser();
    const later = await leave(server(), two, provider);
    assert.equal((await owner.api('DELETE', `/sso/providers/${provider.id}`)).status, 204);
    assertProblem(await two.go(later), 403, 'deleted');
    assert.equal(await whoIs(server(), two), undefined);
    await idp.stop();
  });

  test('044 the answer of one provider is nothing at the flow of another', async () => {
    const honest = await startLiar();
    const evil = await startLiar();
    const owner = await server().person();
    const a = await server().person();
    const provider = await addProvider(owner, honest.issuer);
    const trap = await addProvider(a, evil.issuer);
    const victim = new Browser();
    const asked = new URL(await leave(server(), victim, trap));
    const good = new URL(await leave(server(), victim, provider));
    const mixed = new URL(good);
    mixed.searchParams.set('state', asked.searchParams.get('state'));
    assertProblem(await victim.go(mixed.href), 400, 'iss of another');
    const unnamed = new URL(await leave(server(), victim, trap));
    unnamed.searchParams.delete('iss');
    assertProblem(await victim.go(unnamed.href), 400, 'iss is promised and absent');
    assert.equal(evil.hits.filter((h) => h === 'POST /token').length, 0, 'no code went there');
    // A provider that never names itself is taken with a secret alone.
    honest.lie.discovery = { authorization_response_iss_parameter_supported: undefined };
    const open = await startLiar({
      discovery: { authorization_response_iss_parameter_supported: false },
    });
    const bare = await addProvider(owner, open.issuer, {
      secret: undefined,
      config: { token_auth: 'none' },
    });
    assertProblem(
      await victim.go(`${server().url}/api/v1/auth/sso/${bare.id}/start`),
      409,
      'a public client',
    );
    for (const one of [honest, evil, open]) await one.stop();
  });

  test('an address is confirmed, and nobody is named whom the provider may not name', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const stranger = await server().person();
    const provider = await addProvider(owner, idp.issuer);
    for (const [what, claims] of Object.entries({
      'not confirmed': { email_verified: false },
      'not told whether': { email_verified: undefined },
      'no address': { email: undefined },
      'an account of another organization': { email: stranger.email },
      "the owner's": { email: owner.email },
    })) {
      idp.lie.claims = claims;
      assertProblem(await signIn(server(), new Browser(), provider), 401, what);
    }
    idp.lie.claims = { email: undefined };
    idp.lie.userinfo = { sub: 'someone else', email: 'x@liar.example', email_verified: true };
    assertProblem(await signIn(server(), new Browser(), provider), 401, 'userinfo of another');
    const email = `info${Date.now()}@liar.example`;
    idp.lie.userinfo = { sub: 'the-subject', email, email_verified: true };
    const browser = new Browser();
    assert.equal((await signIn(server(), browser, provider)).status, 303);
    assert.match((await whoIs(server(), browser)).user.email, /^info\d+@liar.example$/);
    const closed = await addProvider(owner, idp.issuer, { name: 'Closed', jit: false });
    idp.lie.claims = { email: `new@${server().port}.liar.example`, sub: 'new' };
    assertProblem(await signIn(server(), new Browser(), closed), 401, 'nobody joins');
    await idp.stop();
  });

  test('browsers are sent to the page for signing in, with a word and nothing more', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const provider = await addProvider(owner, idp.issuer);
    idp.lie.answer = { code: undefined, error: 'access_denied', error_description: '<script>' };
    const browser = new Browser();
    const back = await leave(server(), browser, provider);
    const refused = await browser.go(back, HTML);
    assert.equal(refused.status, 303);
    assert.equal(refused.rawLocation, '/login?sso_error=provider_refused');
    await idp.stop();
    const away = await browser.go(`${server().url}/api/v1/auth/sso/${provider.id}/start`, HTML);
    assert.match(away.rawLocation, /^http:\/\/127|^\/login\?sso_error=provider_unreachable$/);
  });

  test('161 what a provider names as its places is reached under the same rules', async () => {
    const canary = await startCanary();
    const inner = `https://127.0.0.2:${canary.port}/x`;
    for (const [what, discovery] of Object.entries({
      keys: { jwks_uri: inner },
      'keys, plain': { jwks_uri: `http://10.0.0.1:${canary.port}/` },
      'the exchange': { token_endpoint: inner },
      'a scheme': { token_endpoint: 'file:///etc/passwd' },
      'another issuer': { issuer: 'https://accounts.example' },
      'no place': { authorization_endpoint: undefined },
    })) {
      const idp = await startLiar({ discovery });
      const owner = await server().person();
      const provider = await addProvider(owner, idp.issuer);
      const browser = new Browser();
      const begun = await browser.go(`${server().url}/api/v1/auth/sso/${provider.id}/start`);
      if (begun.location) {
        const back = await browser.follow(begun.location, callbackOf(server()));
        assertProblem(await browser.go(back), 503, what);
      } else {
        assertProblem(begun, 503, what);
      }
      assert.equal(await whoIs(server(), browser), undefined);
      await idp.stop();
    }
    const owner = await server().person();
    const refused = await owner.api('POST', '/sso/providers', {
      json: {
        kind: 'oidc',
        name: 'x',
        secret: 's',
        config: { issuer: 'https://10.0.0.1', client_id: 'x' },
      },
    });
    assertProblem(refused, 422);
    assert.equal(refused.body.errors[0].pointer, '/config/issuer');
    assert.deepEqual(canary.hits, []);
    await canary.stop();
  });
});
