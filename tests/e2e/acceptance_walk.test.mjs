// The acceptance walk as docs and contract write it: one newcomer, straight through.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import path from 'node:path';

import { TestServer, haveData, testData } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage } from './browser.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
const email = 'admin@example.test';
const password = 'a good long password';
let server;
let browser;

before(async () => {
  if (skip) return;
  server = await TestServer.start({ env: {
    ANNOTATEAI_ADMIN_EMAIL: email, ANNOTATEAI_ADMIN_PASSWORD: password } });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function walk(page, type) {
  await page.goto(`${server.url}/login`);
  await page.getByTestId('email').fill(email);
  await page.getByTestId('password').fill(password);
  await page.getByTestId('login-button').click();
  await page.waitForURL(/\/projects/);
  await page.goto(`${server.url}/projects/new`);
  await page.getByTestId('project-name').fill(`Walk ${type}`);
  await page.getByTestId('project-type').selectOption(type);
  await page.getByTestId('create-project').click();
  await page.getByTestId('file-upload').setInputFiles(path.join(testData, 'photos/dog.jpg'));
  await page.getByTestId('upload-success').waitFor({ state: 'visible', timeout: 30000 });
  await page.getByTestId('annotate-button').first().click();
  await page.getByTestId('detection-tool').click();
  await page.mouse.click(100, 100);
  await page.mouse.move(150, 150);
  await page.mouse.move(200, 200);
  await page.mouse.click(200, 200);
  await page.getByTestId('ai-suggestions').waitFor({ state: 'visible' });
  await page.waitForFunction(() => /saved/i.test(
    document.querySelector('[data-testid=save-state]').textContent));
  await page.getByTestId('export-button').click();
  await page.getByTestId('export-format').selectOption('coco');
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 30000 }),
    page.getByTestId('download-export').click(),
  ]);
  assert.match(download.suggestedFilename(), /\.json/);
  const coco = JSON.parse(readFileSync(await download.path(), 'utf8'));
  assert.equal(coco.images.length, 1);
  assert.equal(coco.annotations.length, 1);
  assert.ok(coco.annotations[0].bbox.every(Number.isFinite));
  assert.deepEqual(page.problems, []);
}

test('sign in, make a project, upload, draw a box, export COCO', { skip }, async () => {
  await walk(await openPage(browser), 'detection');
});

test('the same in two browsers at a time, one of them for segmentation', { skip }, async () => {
  const [one, other] = [await openPage(browser), await openPage(browser)];
  await Promise.all([walk(one, 'segmentation'), walk(other, 'detection')]);
});
