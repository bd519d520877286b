// The main job in a real browser: pre-annotate, accept and reject, click a dog to its mask, draw,
// undo, redo.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, haveData, photo } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { saved, until } from './editor.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
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

const annotations = async () =>
  (await person.api('GET', `/assets/${asset.id}/annotations`)).body.items;

test('from suggestions to masks, undo and redo', { skip, timeout: 180_000 }, async () => {
  const started = await person.api('POST', `/projects/${project.id}/preannotations`,
    { json: { min_score: 0.3 } });
  await server.job(person, started.body.job_id);
  const page = await openPage(browser);
  await signIn(page, server.url, person.email, 'a good long password');
  await page.waitForLoadState('networkidle');
  await page.goto(`${server.url}/projects/${project.id}`);
  await page.getByTestId('annotate-button').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.goto(`${server.url}/projects/${project.id}/annotate/${asset.id}?e2e`);
  await page.getByTestId('suggestion').first().waitFor();
  await page.waitForFunction(() => window.__annotate?.idle());
  const count = await page.getByTestId('suggestion').count();
  assert.ok(count >= 2, `${count} suggestions`);

  await page.getByTestId('suggestion').first().click();
  await page.keyboard.press('Enter');
  await until(async () => (await annotations()).length === 1, 'a suggestion accepted');
  assert.equal((await annotations())[0].source, 'model');

  await page.getByTestId('segment-tool').click();
  const [x, y] = await page.evaluate(() => window.__annotate.camera.toScreen(390, 300));
  await page.mouse.click(x, y);
  await page.getByTestId('segment-accept').click({ timeout: 60_000 });
  await until(async () => (await annotations()).length === 2, 'a mask kept');

  await page.getByTestId('undo').click();
  await until(async () => (await annotations()).length === 1, 'undo');
  await page.getByTestId('redo').click();
  await until(async () => (await annotations()).length === 2, 'redo');
  await saved(page);
  assert.deepEqual(page.problems, []);
});

test('a reload and another person see the same', { skip }, async () => {
  const page = await openPage(browser, { colorScheme: 'light' });
  await signIn(page, server.url, person.email, 'a good long password');
  await page.goto(`${server.url}/projects/${project.id}/annotate/${asset.id}?e2e`);
  await page.waitForFunction(() => window.__annotate?.shapes().length === 2);
  for (const route of ['/models', '/jobs', '/settings', '/projects/new', '/admin/audit']) {
    await page.goto(server.url + route);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
  }
  assert.deepEqual(page.problems, []);
});
