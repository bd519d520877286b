// The main job in a real browser: pre-annotate, accept and reject, click a dog to its mask, draw,
// undo, redo. SCREENSHOTS=folder keeps pictures of the main screens for docs/images.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import path from 'node:path';

import { TestServer, haveData, photo } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
const shots = process.env.SCREENSHOTS;
let server;
let browser;
let person;
let project;
let asset;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person('editor');
  project = await server.project(person, { name: 'Street dogs' });
  const files = ['dog.jpg', 'truck.jpg', 'coco_000000000285.jpg', 'coco_000000000724.jpg'];
  const upload = await server.upload(person, project.id, files.map((name) => [name, photo(name)]));
  [asset] = upload.body.items;
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function shoot(page, name) {
  if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`) });
}

const annotations = async () =>
  (await person.api('GET', `/assets/${asset.id}/annotations`)).body.items;

async function until(check, what) {
  for (let i = 0; i < 300; ++i) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`never: ${what}`);
}

test('from suggestions to masks, undo and redo', { skip, timeout: 180_000 }, async () => {
  const started = await person.api('POST', `/projects/${project.id}/preannotations`,
    { json: { min_score: 0.3 } });
  await server.job(person, started.body.job_id);
  const page = await openPage(browser);
  await signIn(page, server.url, person.email, 'a good long password');
  await page.waitForLoadState('networkidle');
  await shoot(page, 'projects');
  await page.goto(`${server.url}/projects/${project.id}`);
  await page.getByTestId('annotate-button').first().waitFor();
  await page.waitForLoadState('networkidle');
  await shoot(page, 'project');
  await page.goto(`${server.url}/projects/${project.id}/annotate/${asset.id}?e2e`);
  await page.getByTestId('suggestion').first().waitFor();
  await page.waitForFunction(() => window.__annotate?.idle());
  const count = await page.getByTestId('suggestion').count();
  assert.ok(count >= 2, `${count} suggestions`);
  await shoot(page, 'annotate');

  await page.getByTestId('suggestion').first().click();
  await page.keyboard.press('Enter');
  await until(async () => (await annotations()).length === 1, 'a suggestion accepted');
  assert.equal((await annotations())[0].source, 'model');

  await page.getByTestId('segment-tool').click();
  const [x, y] = await page.evaluate(() => window.__annotate.camera.toScreen(390, 300));
  await page.mouse.click(x, y);
  await page.getByTestId('segment-accept').click({ timeout: 60_000 });
  await until(async () => (await annotations()).length === 2, 'a mask kept');
  await shoot(page, 'mask');

  await page.getByTestId('undo').click();
  await until(async () => (await annotations()).length === 1, 'undo');
  await page.getByTestId('redo').click();
  await until(async () => (await annotations()).length === 2, 'redo');
  await until(async () => /^saved/i.test((await page.getByTestId('save-state').textContent()).trim()),
    'saved');
  assert.deepEqual(page.problems, []);
});

test('a reload and another person see the same', { skip }, async () => {
  const page = await openPage(browser, { colorScheme: 'light' });
  await signIn(page, server.url, person.email, 'a good long password');
  await page.goto(`${server.url}/projects/${project.id}/annotate/${asset.id}?e2e`);
  await page.waitForFunction(() => window.__annotate?.shapes().length === 2);
  await shoot(page, 'annotate-light');
  for (const route of ['/models', '/jobs', '/settings', '/projects/new']) {
    await page.goto(server.url + route);
    await page.waitForLoadState('networkidle');
    await shoot(page, route.replace(/\//g, '-').slice(1));
  }
  assert.deepEqual(page.problems, []);
});
