// 078, and what all identity providers share: whose they are, who may set them up, whom they
// lead in, and that a policy that wants them alone is kept.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import {
  Browser,
  addProvider,
  callbackOf,
  leave,
  signIn,
  startLiar,
  whoIs,
} from './identity_provider.mjs';
import { enrol } from './second_factor.mjs';
import { assertProblem, filesUnder, sleep, suite } from './world.mjs';

const env = {
  ANNOTATEAI_RATE_LIMIT: 'false',
  ANNOTATEAI_OUTBOUND_ALLOW: '127.0.0.1',
};

suite('single sign-on', { env }, (server) => {
  test('a domain leads to one provider and tells nothing of accounts', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const domain = 'example.test';
    const discover = (email) => server().call('POST', '/auth/sso/discover', { json: { email } });
    assert.deepEqual((await discover('nobody@example.test')).body, { providers: [] });
    const early = await owner.api('POST', '/sso/providers', {
      json: {
        kind: 'oidc',
        name: 'D',
        config: { issuer: idp.issuer, client_id: 'x' },
        secret: 's',
        enabled: true,
        domains: [domain],
      },
    });
    assertProblem(early, 422, 'the address is not confirmed');
    const bad = {
      kind: 'oidc',
      name: 'D',
      config: { issuer: idp.issuer, client_id: 'x' },
      secret: 's',
    };
    for (const one of ['gmail.com', 'elsewhere.test', 'x', 'a..b', '']) {
      assertProblem(
        await owner.api('POST', '/sso/providers', { json: { ...bad, domains: [one] } }),
        422,
        one,
      );
    }
    await idp.stop();
  });

  test('providers are their organization’s, well formed, and whole only in who may', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const other = await server().person();
    const provider = await addProvider(owner, idp.issuer);
    const route = `/sso/providers/${provider.id}`;
    for (const [method, path, json] of [
      ['GET', route],
      ['PATCH', route, {}],
      ['DELETE', route],
      ['POST', `${route}/test`],
      ['POST', `/auth/sso/${provider.id}/link`, {}],
    ]) {
      assertProblem(await other.api(method, path, json ? { json } : {}), 404, `${method} ${path}`);
    }
    const good = {
      kind: 'oidc',
      name: 'a',
      secret: 's',
      config: { issuer: idp.issuer, client_id: 'x' },
    };
    for (const [change, pointer] of [
      [{ config: { issuer: 'ftp://a', client_id: 'x' } }, '/config/issuer'],
      [{ config: { issuer: 'http://idp.example', client_id: 'x' } }, '/config/issuer'],
      [{ config: { issuer: 'https://u:p@idp.example', client_id: 'x' } }, '/config/issuer'],
      [{ config: { issuer: idp.issuer } }, '/config/client_id'],
      [{ config: { ...good.config, secret: 'x' } }, '/config/secret'],
      [{ config: { ...good.config, scopes: ['email'] } }, '/config/scopes'],
      [{ config: { ...good.config, scopes: ['openid', 'a b'] } }, '/config/scopes/1'],
      [{ secret: '' }, '/secret'],
      [{ default_role: 'owner' }, '/default_role'],
      [{ role_rules: [{ value: 'x', role: 'nobody' }] }, '/role_rules/0/role'],
      [{ kind: 'ldap2' }, '/kind'],
    ]) {
      const answer = await owner.api('POST', '/sso/providers', { json: { ...good, ...change } });
      assertProblem(answer, 422, JSON.stringify(change));
      assert.equal(answer.body.errors[0].pointer, pointer, answer.text);
    }
    const stale = await owner.api('PATCH', route, {
      json: { name: 'b' },
      headers: { 'if-match': '"7"' },
    });
    assertProblem(stale, 412);
    const text = (await owner.api('GET', '/sso/providers')).text;
    assert.ok(!text.includes('a secret of the client'));
    for (const file of filesUnder(server().data)) {
      assert.ok(!readFileSync(file).includes('a secret of the client'), file);
    }
    assert.ok(!server().stderr.includes('a secret of the client'));
    await idp.stop();
  });

  test('an owner links himself, comes in by it, and gives it up', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const provider = await addProvider(owner, idp.issuer);
    const browser = new Browser();
    const begun = await browser.go(`${server().url}/api/v1/auth/sso/${provider.id}/link`, {
      method: 'POST',
      headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ return_to: '/settings' }),
    });
    assert.equal(begun.status, 200, begun.text);
    const back = await browser.follow(begun.body.url, callbackOf(server()));
    assertProblem(await new Browser().go(back), 400, 'another browser');
    const linked = await browser.go(back);
    assert.equal(linked.rawLocation, '/settings', linked.text);
    const other = new Browser();
    await signIn(server(), other, provider);
    const me = await whoIs(server(), other);
    assert.equal(me.user.id, owner.user.id);
    assert.equal(me.organization.role, 'owner');
    const links = (await owner.api('GET', '/auth/sso/links')).body.items;
    assert.equal(links[0].subject, 'the-subject');
    assert.equal((await owner.api('DELETE', `/auth/sso/links/${provider.id}`)).status, 204);
    assertProblem(await owner.api('DELETE', `/auth/sso/links/${provider.id}`), 404);
    idp.lie.claims = { email: owner.email };
    assertProblem(await signIn(server(), new Browser(), provider), 401, 'the link is gone');
    await idp.stop();
  });

  test('who must come by the provider comes by nothing else, but owners', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const member = await server().person();
    const policy = `/organizations/${owner.organization.id}/policy`;
    assertProblem(
      await owner.api('PATCH', policy, { json: { sso_only: true } }),
      409,
      'no provider',
    );
    const provider = await addProvider(owner, idp.issuer);
    const invited = await owner.api('POST', `/organizations/${owner.organization.id}/invitations`, {
      json: { email: member.email, role: 'annotator' },
    });
    assert.equal(invited.status, 201, invited.text);
    const accepted = await member.api('POST', '/auth/accept-invitation', {
      json: { token: invited.body.token ?? new URL(invited.body.link).hash.replace('#token=', '') },
    });
    assert.equal(accepted.status, 200, accepted.text);
    const login = (email, organization_id) =>
      server().call('POST', '/auth/login', {
        json: { email, password: 'a good long password', organization_id },
      });
    const here = owner.organization.id;
    const before = await login(member.email, here);
    assert.equal(before.body.organization.id, here);
    const api = (token) => server().call('GET', '/projects', { token });
    assert.equal((await api(before.body.access_token)).status, 200);
    const set = await owner.api('PATCH', policy, { json: { sso_only: true } });
    assert.equal(set.status, 200, set.text);
    const refused = await login(member.email, here);
    assertProblem(refused, 403, 'a password');
    assert.equal(refused.body.code, 'sso_required');
    assert.equal(refused.body.errors[0].detail, `/api/v1/auth/sso/${provider.id}/start`);
    assert.notEqual((await login(member.email)).body.organization.id, here, 'his own is open');
    assert.equal((await login(owner.email, here)).status, 200, 'owners come in');
    assertProblem(
      await server().call('POST', '/auth/refresh', {
        json: { refresh_token: before.body.refresh_token },
      }),
      401,
      'refresh',
    );
    await sleep(5200);
    assertProblem(await api(before.body.access_token), 401, 'a session from before');
    assertProblem(
      await member.api('POST', '/auth/switch', { json: { organization_id: here } }),
      403,
      'switching',
    );
    const guest = await owner.api('POST', `/organizations/${here}/invitations`, {
      json: { email: `g${Math.random().toString(36).slice(2)}@example.test`, role: 'viewer' },
    });
    const joined = await server().call('POST', '/auth/join', {
      json: {
        token: guest.body.token ?? new URL(guest.body.link).hash.replace('#token=', ''),
        name: 'G',
        password: 'a good long password',
      },
    });
    assertProblem(joined, 403, 'joining by a password');
    const browser = new Browser();
    assert.equal((await signIn(server(), browser, provider)).status, 303);
    assert.ok(await whoIs(server(), browser));
    await idp.stop();
  });

  test('078 a provider skips no second factor that the policy wants', async () => {
    const idp = await startLiar();
    const owner = await server().person();
    const provider = await addProvider(owner, idp.issuer);
    const trusted = await addProvider(owner, idp.issuer, { name: 'Trusted', trusts_mfa: true });
    assert.equal(
      (
        await owner.api('PATCH', `/organizations/${owner.organization.id}/policy`, {
          json: { mfa_roles: ['viewer'] },
        })
      ).status,
      200,
    );
    const browser = new Browser();
    await signIn(server(), browser, provider);
    const me = await whoIs(server(), browser);
    assert.equal(me?.restraint ?? 'mfa_enrolment', 'mfa_enrolment');
    assertProblem(await browser.go(`${server().url}/api/v1/projects`), 403, 'only enrolment');
    const host = `second${new URL(idp.issuer).port}.liar.example`;
    idp.lie.claims = { sub: 'second', email: `second@${host}` };
    idp.lie.userinfo = { sub: 'second' };
    const other = new Browser();
    await signIn(server(), other, trusted);
    assert.equal((await other.go(`${server().url}/api/v1/projects`)).status, 200);
    await enrol({
      api: (method, route, { json }) =>
        other.go(`${server().url}/api/v1${route}`, {
          method,
          headers: { 'content-type': 'application/json', 'x-csrf': '1' },
          body: JSON.stringify(route.endsWith('/totp') ? {} : json),
        }),
    });
    const asked = new Browser();
    const back = await leave(server(), asked, provider, '/projects?x=1');
    const landed = await asked.go(back, { headers: { accept: 'text/html' } });
    assert.equal(landed.status, 303, landed.text);
    assert.match(landed.rawLocation, /^\/login\?next=%2Fprojects%3Fx%3D1#pending=[\w-]+$/);
    assert.equal(await whoIs(server(), asked), undefined);
    await idp.stop();
  });
});
