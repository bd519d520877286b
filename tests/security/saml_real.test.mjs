// Sign-in and sign-out with a SAML identity provider that others wrote.
import assert from 'node:assert/strict';
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { binary, root } from '../functional/harness.mjs';
import { makeKey, metadataOf } from './saml_idp.mjs';
import { freePort, inputsOf, startPeer } from './saml_peer.mjs';
import { assertProblem, start, stopClean, suite } from './world.mjs';

const key = makeKey();

suite('SAML with saml-idp', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  for (const binding of ['redirect', 'post']) {
    test(`signing in, and out at both, asking by ${binding}`, async () => {
      const admin = await server().person();
      const port = await freePort();
      const entity = `urn:test:${port}`;
      const places = metadataOf({ entity, url: `http://127.0.0.1:${port}/saml`, key });
      const made = await admin.api('POST', '/sso/providers', {
        json: { kind: 'saml', name: 'Peer', enabled: true,
          config: { metadata: places, binding, groups_attribute: 'groups' },
          role_rules: [{ value: 'Cloud Users', role: 'annotator' }] } });
      assert.equal(made.status, 201, made.text);
      const peer = await startPeer({ port, key, entity, addresses: made.body.addresses });
      try {
        await signInAndOut(server(), made.body, peer, binding);
      } finally {
        await peer.stop();
      }
    });
  }
});

async function signInAndOut(server, provider, peer, binding) {
  const email = `ada.${binding}@people.test`;
  const jar = {};
  const browse = async (url, options = {}) => {
    const answer = await fetch(new URL(url, server.url), { redirect: 'manual', ...options,
      headers: { ...options.headers, accept: 'text/html',
        cookie: Object.entries(jar).map(([name, value]) => `${name}=${value}`).join('; ') } });
    for (const one of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one);
      jar[name] = value;
    }
    return { status: answer.status, to: answer.headers.get('location'), text: await answer.text() };
  };
  const gone = await browse(`${provider.start_url}?return_to=/projects`);
  assert.equal(gone.status, 303, gone.text);
  let asked;
  if (binding === 'post') {
    const page = await browse(gone.to);
    assert.match(page.text, /action="http:\/\/127\.0\.0\.1:\d+\/saml\/sso"/);
    asked = await fetch(`${peer.url}/saml/sso`, { method: 'POST', body: inputsOf(page.text) });
  } else {
    asked = await fetch(gone.to);
  }
  const form = inputsOf(await asked.text());
  form.set('userName', email);
  form.set('email', email);
  const answered = await fetch(`${peer.url}/signin`, { method: 'POST', body: form });
  const page = await answered.text();
  assert.equal(answered.status, 200, page.slice(0, 500));
  const answer = inputsOf(page);
  assert.ok(answer.get('SAMLResponse'), page.slice(0, 500));
  const landed = await browse(provider.addresses.acs_url, { method: 'POST', body: answer });
  assert.equal(landed.status, 303, landed.text);
  assert.equal(landed.to, '/projects');
  const me = async () => {
    const told = await browse('/api/v1/auth/me');
    return told.status === 200 ? JSON.parse(told.text) : undefined;
  };
  const who = await me();
  assert.equal(who.user.email, email);
  assert.equal(who.organization.role, 'annotator', 'by a group');
  // Again is a replay; as somebody else's, too.
  assert.notEqual((await browse(provider.addresses.acs_url, { method: 'POST', body: answer })).to,
    '/projects');

  const out = await browse('/api/v1/auth/logout', { method: 'POST', headers: { 'x-csrf': '1' } });
  assert.equal(out.status, 200, out.text);
  assert.equal(await me(), undefined);
  const { url } = JSON.parse(out.text);
  assert.ok(url.startsWith(`${peer.url}/saml/slo?SAMLRequest=`), url);
}

test('without the plugin beside it the program runs, and says what is missing', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'no-saml-'));
  mkdirSync(path.join(folder, 'bin'));
  const alone = path.join(folder, 'bin', 'annotateai');
  try {
    linkSync(binary, alone);
  } catch {
    copyFileSync(binary, alone);
  }
  const server = await start({ prefix: ['bash', '-c', `exec ${alone} "$@"`],
    env: { ANNOTATEAI_MODELS_DIR: path.join(root, 'models') } });
  const admin = await server.person();
  const metadata = metadataOf({ entity: 'urn:test:x', url: 'https://idp.test', key });
  const answer = await admin.api('POST', '/sso/providers', {
    json: { kind: 'saml', name: 'x', config: { metadata } } });
  assertProblem(answer, 503);
  assert.equal(answer.body.code, 'saml_not_installed');
  assert.match(answer.body.detail, /SAML support is not installed/);
  await stopClean(server);
  rmSync(folder, { recursive: true });
});
