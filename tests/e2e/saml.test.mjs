// Signing in by a SAML provider of another site: its form brings no cookie of ours, so the answer
// goes round once more; and signing out, which ends at the provider.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer } from '../functional/harness.mjs';
import { makeKey, metadataOf } from '../security/saml_idp.mjs';
import { freePort, startPeer } from '../security/saml_peer.mjs';
import { haveBrowser, openBrowser, openPage } from './browser.mjs';

const skip = haveBrowser ? false : 'no Chromium';
let server;
let browser;
let peer;
let provider;
// The provider's page wants pictures and scripts of other hosts.
const ofThePeer = [/ERR_|jQuery|\$ is not defined|status of 4/];

before(async () => {
  if (skip) return;
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  browser = await openBrowser();
  const admin = await server.person('sam');
  const port = await freePort();
  const key = makeKey();
  const entity = `urn:test:${port}`;
  // Another site than the server's 127.0.0.1.
  const metadata = metadataOf({ entity, url: `http://localhost:${port}/saml`, key });
  const made = await admin.api('POST', '/sso/providers', {
    json: { kind: 'saml', name: 'Peer', enabled: true, config: { metadata } } });
  assert.equal(made.status, 201, made.text);
  provider = made.body;
  peer = await startPeer({ port, key, entity, addresses: provider.addresses });
});
after(async () => {
  await browser?.close();
  await peer?.stop();
  await server?.stop();
});

test('in by the provider’s page, out at both', { skip }, async () => {
  const page = await openPage(browser, { expected: ofThePeer });
  await page.goto(`${server.url}${provider.start_url}?return_to=/projects`);
  await page.waitForURL(/^http:\/\/localhost:\d+\/saml\/sso/);
  await page.locator('input[name=userName]').fill('ada@people.test');
  await page.locator('input[name=email]').fill('ada@people.test');
  const posts = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/acs')) posts.push(request);
  });
  await page.locator('form.form-profile').evaluate((form) => form.submit());
  await page.waitForURL(`${server.url}/projects`);
  assert.equal(posts.length, 2, 'once from the provider’s site, once from here');
  const [theirs, ours] = await Promise.all(posts.map((post) => post.allHeaders()));
  assert.ok(!theirs.cookie, 'a foreign form brings no cookie');
  assert.match(ours.cookie, /aa_/);
  const me = await page.evaluate(async () => (await fetch('/api/v1/auth/me')).json());
  assert.equal(me.user.email, 'ada@people.test');

  await page.getByRole('button', { name: /account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL(/^http:\/\/localhost:\d+\/saml\/slo|\/login/);
  const after = await page.context().request.get(`${server.url}/api/v1/auth/me`);
  assert.equal(after.status(), 401);
  assert.deepEqual(page.problems.filter((one) => !/uncaught/.test(one)), []);
  await page.context().close();
});

test('an answer that somebody else got signs nobody in', { skip }, async () => {
  const thief = await openPage(browser, { expected: ofThePeer });
  await thief.goto(`${server.url}${provider.start_url}`);
  await thief.waitForURL(/^http:\/\/localhost/);
  await thief.locator('input[name=userName]').fill('mallory@people.test');
  let stolen;
  await thief.route('**/acs', async (route) => {
    stolen = route.request().postData();
    await route.abort();
  });
  await thief.locator('form.form-profile').evaluate((form) => form.submit());
  while (!stolen) await thief.waitForTimeout(50);
  const victim = await openPage(browser, { expected: [/status of 4/] });
  await victim.goto(`${server.url}/login`);
  await victim.evaluate(([action, body]) => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = action;
    for (const [name, value] of new URLSearchParams(body)) {
      const input = document.createElement('input');
      Object.assign(input, { type: 'hidden', name, value });
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  }, [new URL(provider.addresses.acs_url).pathname, stolen]);
  await victim.waitForURL(/sso_error=saml_refused/);
  const me = await victim.context().request.get(`${server.url}/api/v1/auth/me`);
  assert.equal(me.status(), 401);
  await thief.context().close();
  await victim.context().close();
});
