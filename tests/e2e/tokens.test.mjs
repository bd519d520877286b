// API tokens and keys in the browser: made, used, revoked; a data key that is rotated.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';

const skip = haveBrowser ? false : 'no Chromium';
const password = 'a good long password';
let server;
let browser;
let person;
let page;

before(async () => {
  if (skip) return;
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  person = await server.person('mira');
  await server.project(person);
  browser = await openBrowser();
  page = await openPage(browser, { colorScheme: 'dark' });
  await signIn(page, server.url, person.email, password);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// Makes a token on the page that is open, and gives it.
async function makeToken(name, scopes) {
  await page.getByTestId('new-token').click();
  await page.getByTestId('token-name').fill(name);
  assert.ok(await page.getByTestId('create-token').isDisabled(), 'it may nothing yet');
  for (const scope of scopes) await page.getByTestId(`scope-${scope}`).check();
  await page.getByTestId('create-token').click();
  const secret = await page.getByTestId('token-secret').inputValue();
  await page.getByTestId('token-done').click();
  await page.getByTestId('token-row').filter({ hasText: name }).waitFor();
  return secret;
}

const statusOf = async (token) => (await server.call('GET', '/projects', { token })).status;

async function revoke(name) {
  await page.getByRole('button', { name: `Revoke ${name}` }).click();
  await page.getByTestId('token-row').filter({ hasText: name }).waitFor({ state: 'detached' });
}

test('a personal token is made in the settings, works, and is revoked', { skip }, async () => {
  await page.goto(`${server.url}/settings`);
  const secret = await makeToken('Nightly export', ['project_read']);
  assert.match(secret, /^aat_/);
  assert.equal(await statusOf(secret), 200);
  await page.reload();
  const row = page.getByTestId('token-row').filter({ hasText: 'Nightly export' });
  await row.getByText('1 permission').waitFor();
  assert.ok(!(await page.content()).includes(secret), 'it is shown once');
  await revoke('Nightly export');
  assert.equal(await statusOf(secret), 401);
  assert.deepEqual(page.problems, []);
});

test('a service token is made in the administration', { skip }, async () => {
  await page.goto(`${server.url}/admin/tokens`);
  const secret = await makeToken('Importer', ['project_read', 'asset_write']);
  const me = await server.call('GET', '/auth/me', { token: secret });
  assert.equal(me.body.user.name, 'Importer');
  await revoke('Importer');
  assert.equal(await statusOf(secret), 401);
  assert.deepEqual(page.problems, []);
});

test('the data key is rotated in the administration', { skip }, async () => {
  await page.goto(`${server.url}/admin/keys`);
  await page.getByTestId('token-key').first().waitFor();
  await page.getByTestId('rotate-data-key').click();
  await page.getByTestId('data-key-version').filter({ hasText: 'Version 2' }).waitFor();
  assert.deepEqual(page.problems, []);
});
