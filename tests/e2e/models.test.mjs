// The zoo in the browser: cards and filters, a model tried on a photo, its speed; and the project's
// images in the orders that models help to find.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { TestServer, haveData, testData } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';

const skip = !haveBrowser ? 'no Chromium' : haveData ? false : 'no photos';
const photo = (name) => path.join(testData, 'photos', name);
const dog = photo('dog.jpg');
const pictures = process.env.ANNOTATEAI_TEST_PICTURES;
let server;
let browser;
let person;

async function snap(page, name) {
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

async function signedIn(options) {
  const page = await openPage(browser, options);
  await signIn(page, server.url, person.email, 'a good long password');
  return page;
}

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  browser = await openBrowser();
  person = await server.person('zoe');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('cards are found by what they are for, and an unknown word says so', { skip }, async () => {
  const page = await signedIn();
  await page.goto(`${server.url}/models`);
  await page.getByTestId('model-card').nth(20).waitFor();
  await snap(page, 'models');
  await page.getByTestId('model-search').fill('text');
  await page.waitForFunction(() => document.querySelectorAll('.model-card').length < 8);
  const found = await page.getByTestId('model-card').evaluateAll(
    (cards) => cards.map((card) => card.dataset.model));
  assert.ok(found.includes('read-text'), found.join());
  await page.getByTestId('model-search').fill('no such thing');
  await page.getByText('No model is like that').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByTestId('model-card').nth(20).waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('a model is tried on a photo and tells what it found', { skip, timeout: 90_000 },
  async () => {
    const page = await signedIn();
    await page.goto(`${server.url}/models/outlined-objects`);
    await page.getByTestId('try-file').setInputFiles(dog);
    const answer = page.getByTestId('try-answer');
    await answer.getByText('dog', { exact: true }).waitFor({ timeout: 60_000 });
    await snap(page, 'model-try');
    // What was drawn differs from the photo alone: the outlines are there.
    const colours = await page.locator('.try-picture canvas').evaluate((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set();
      for (let i = 0; i < data.length; i += 4 * 97) seen.add(data.slice(i, i + 3).join());
      return seen.size;
    });
    assert.ok(colours > 50, String(colours));
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('the speed of a model is measured on this server', { skip, timeout: 120_000 }, async () => {
  const page = await signedIn({ expected: [/status of 404/] });
  await page.goto(`${server.url}/models/yolox-nano`);
  await page.getByText('Not measured on this machine yet.').waitFor();
  await page.getByTestId('measure-model').click();
  await page.locator('.table tbody tr').first().waitFor({ timeout: 100_000 });
  await snap(page, 'model-speed');
  assert.match(await page.locator('.table tbody tr').first().innerText(), /detector/);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('images are ordered by what to label next, by likeness, and duplicates are found',
  { skip, timeout: 180_000 }, async () => {
    const project = await server.project(person, { name: 'Likeness' });
    const page = await signedIn();
    await page.goto(`${server.url}/projects/${project.id}`);
    const files = ['dog.jpg', 'truck.jpg', 'groceries.jpg', 'coco_000000000724.jpg'].map(photo);
    await page.getByTestId('file-upload').setInputFiles(files);
    await page.getByTestId('upload-success').first().waitFor();
    const started = await person.api('POST', `/projects/${project.id}/preannotations`,
      { json: { detector: 'yolox-nano' } });
    await server.job(person, started.body.job_id, 60_000);
    await page.goto(`${server.url}/projects/${project.id}?view=next`);
    await page.getByTestId('index-images').click();
    await page.getByTestId('index-images').waitFor({ state: 'detached', timeout: 60_000 });
    const { body } = await person.api('GET', `/jobs?project_id=${project.id}`);
    for (const job of body.items) await server.job(person, job.id, 60_000);
    await page.locator('.found-reasons li').first().waitFor();
    await snap(page, 'label-next');
    await page.goto(`${server.url}/projects/${project.id}`);
    const card = page.getByTestId('asset-card').filter({ hasText: 'dog.jpg' });
    await card.hover();
    await card.getByTestId('find-similar').click();
    await page.getByTestId('found-asset').first().waitFor();
    assert.equal(await page.getByTestId('found-asset').count(), files.length - 1);
    await snap(page, 'similar');
    await page.goto(`${server.url}/projects/${project.id}?view=duplicates`);
    await page.getByText('No two images are that much alike').waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
