// The administration's audit trail and webhooks in the browser: searched, exported, verified;
// added, rung, looked into, sent again, deleted.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { TestServer, uuidv7 } from '../functional/harness.mjs';
import { isSigned, startReceiver } from '../security/receiver.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { until } from './editor.mjs';

const skip = haveBrowser ? false : 'no Chromium';
let server;
let browser;
let person;
let page;

before(async () => {
  if (skip) return;
  server = await TestServer.start({
    env: { ANNOTATEAI_RATE_LIMIT: 'false', ANNOTATEAI_OUTBOUND_ALLOW: '127.0.0.1' },
  });
  person = await server.person('vera');
  await server.project(person);
  await person.api('GET', `/projects/${uuidv7()}`);
  browser = await openBrowser();
  page = await openPage(browser, { expected: [/status of 4(01|09|22)/] });
  await signIn(page, server.url, person.email, 'a good long password');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const rows = () => page.getByTestId('audit-row');

test('the trail is searched, looked into, exported and verified', { skip }, async () => {
  await page.goto(`${server.url}/admin/audit`);
  await rows().first().waitFor();
  const all = await rows().count();
  assert.ok(all >= 4, `${all} rows`);
  await page.getByLabel('Action').fill('project.');
  await page.getByTestId('audit-search').click();
  await until(async () => (await rows().count()) === 1, 'one project was made');
  await rows().getByRole('button').click();
  const dialog = page.getByTestId('audit-entry');
  await dialog.getByText('127.0.0.1').waitFor();
  await dialog.getByText('project.create', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Reset' }).click();
  await until(async () => (await rows().count()) === all, 'all are back');
  await page.getByLabel('Outcome').selectOption('denied');
  await page.getByTestId('audit-search').click();
  await until(async () => (await rows().count()) === 1, 'one was denied');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('audit-export-jsonl').click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8').trimEnd().split('\n');
  assert.equal(lines.length, 1);
  assert.equal(JSON.parse(lines[0]).entry.outcome, 'denied');
  await page.getByLabel('Action').fill('nothing.');
  await page.getByTestId('audit-search').click();
  await page.getByText('Nothing was found').waitFor();
  await page.getByTestId('audit-verify').click();
  await page.getByText(/The chain holds: \d+ entries/).waitFor();
});

test('a webhook is added, rung, looked into, sent again and deleted', { skip }, async () => {
  const receiver = await startReceiver();
  await page.goto(`${server.url}/admin/webhooks`);
  await page.getByText('No webhooks yet').waitFor();
  await page.getByTestId('add-webhook').click();
  await page.getByLabel('Name').fill('Ours');
  await page.getByLabel('URL').fill('http://127.0.0.2/');
  await page.getByTestId('save-webhook').click();
  await page.getByRole('alert').getByText(/not reached from here/).waitFor();
  await page.getByLabel('URL').fill(receiver.url);
  await page.getByLabel('Events').fill('project.*');
  await page.getByTestId('save-webhook').click();
  const secret = await page.getByTestId('webhook-secret').locator('code').textContent();
  assert.match(secret, /^whsec_/);
  await page.getByTestId('secret-done').click();
  await page.reload();
  await page.getByTestId('webhook-row').waitFor();
  assert.ok(!(await page.content()).includes(secret));
  await page.getByTestId('webhook-ping').click();
  const [ping] = await receiver.count(1);
  assert.ok(isSigned(secret, ping));
  await page.getByTestId('webhook-deliveries').click();
  const delivery = page.getByTestId('delivery');
  await delivery.getByText('Delivered').waitFor();
  await delivery.getByRole('button', { name: 'ping' }).click();
  await delivery.getByTestId('attempt').getByText('200').waitFor();
  await delivery.getByTestId('redeliver').click();
  await receiver.count(2);
  assert.equal(receiver.requests[1].body, ping.body);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByText('Switched off').waitFor();
  await page.getByTestId('webhook-delete').click();
  await page.getByTestId('confirm-delete-webhook').click();
  await page.getByText('No webhooks yet').waitFor();
  assert.deepEqual(page.problems, []);
  await receiver.stop();
});

test('both speak German and fit a narrow window in both themes', { skip }, async () => {
  for (const [colorScheme, width] of [['dark', 1280], ['light', 768]]) {
    const other = await openPage(browser, { colorScheme, viewport: { width, height: 720 } });
    await other.addInitScript(() => localStorage.setItem('annotateai.language', 'de'));
    await signIn(other, server.url, person.email, 'a good long password');
    for (const route of ['/admin/audit', '/admin/webhooks']) {
      await other.goto(`${server.url}${route}`);
      await other.getByRole('heading').first().waitFor();
      await other.waitForLoadState('networkidle');
      const [scroll, client] = await other.evaluate(() => [
        document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(scroll <= client, `${route} is ${scroll} wide in ${client}`);
      if (process.env.ANNOTATEAI_TEST_PICTURES) {
        const name = `${route.slice(7)}-${colorScheme}.png`;
        await other.screenshot({ path: `${process.env.ANNOTATEAI_TEST_PICTURES}/${name}` });
      }
    }
    assert.deepEqual(other.problems, []);
    await other.context().close();
  }
});
