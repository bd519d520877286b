// Provisioning in the browser: a token is made and used by a directory, its group is given a role,
// its people are seen, the token is revoked.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer } from '../functional/harness.mjs';
import { makeGroup, provision, speaker } from '../security/scim_world.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';

const skip = haveBrowser ? false : 'no Chromium';
let server;
let browser;
let person;

before(async () => {
  if (skip) return;
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  person = await server.person('vera');
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a directory is connected, its group given a role, its token revoked', { skip }, async () => {
  const page = await openPage(browser);
  await signIn(page, server.url, person.email, 'a good long password');
  await page.goto(`${server.url}/admin/provisioning`);
  await page.getByText('The directory has sent nobody yet.').waitFor();
  assert.equal(await page.getByTestId('scim-base-url').inputValue(), `${server.url}/scim/v2`);
  await page.getByTestId('new-scim-token').click();
  await page.getByTestId('scim-token-name').fill('Entra ID');
  await page.getByTestId('create-scim-token').click();
  const secret = await page.getByTestId('token-secret').inputValue();
  assert.match(secret, /^scim_/);
  await page.getByTestId('token-done').click();
  await page.getByTestId('scim-token').getByText('Never used').waitFor();
  const scim = speaker(server, secret);
  const dora = await provision(scim, { displayName: 'Dora Muster' });
  await makeGroup(scim, 'Labelers', [dora.id]);
  await page.reload();
  await page.getByTestId('scim-token').getByText(/Last sync/).waitFor();
  assert.ok(!(await page.content()).includes(secret));
  const row = page.getByTestId('scim-group');
  await row.getByText('Labelers').waitFor();
  await page.getByTestId('scim-person').getByText('Dora Muster').waitFor();
  await row.getByTestId('scim-role').selectOption('annotator');
  await page.getByText('The role is given').waitFor();
  const { body } = await person.api('GET', `/organizations/${person.organization.id}/members`);
  assert.equal(body.items.find((one) => one.name === 'Dora Muster').role, 'annotator');
  await page.getByRole('button', { name: 'Revoke Entra ID' }).click();
  await page.getByText('The token is revoked').waitFor();
  assert.equal((await scim('GET', '/Users')).status, 401);
  assert.deepEqual(page.problems, []);
});

test('it speaks German and fits a narrow window', { skip }, async () => {
  const page = await openPage(browser, { viewport: { width: 768, height: 720 } });
  await page.addInitScript(() => localStorage.setItem('annotateai.language', 'de'));
  await signIn(page, server.url, person.email, 'a good long password');
  await page.goto(`${server.url}/admin/provisioning`);
  await page.getByRole('heading', { name: 'Gruppen und Rollen' }).waitFor();
  await page.getByTestId('scim-person').first().waitFor();
  const [scroll, client] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok(scroll <= client, `${scroll} wide in ${client}`);
  assert.deepEqual(page.problems, []);
});
