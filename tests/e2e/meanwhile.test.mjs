// What happens around the editor while somebody draws: the image is deleted, the labels change.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { TestServer, haveData, photo } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { drawBox, openEditor, saved, shapes, until } from './editor.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
let server;
let browser;
let person;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person('editor');
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open() {
  const project = await server.project(person);
  const upload = await server.upload(person, project.id, [['dog.jpg', photo('dog.jpg')]]);
  const [asset] = upload.body.items;
  const page = await openPage(browser, { expected: [/status of 40[49]/, /WebSocket connection/] });
  await signIn(page, server.url, person.email, 'a good long password');
  await openEditor(page, server.url, project, asset);
  return { page, asset, project };
}

const stored = async (asset) =>
  (await person.api('GET', `/assets/${asset.id}/annotations`)).body.items;

test('of an image that was deleted, what was drawn can be taken home', { skip, timeout: 60_000 },
  async () => {
    const { page, asset } = await open();
    await drawBox(page, [60, 60], [160, 140]);
    await saved(page);
    assert.equal((await person.api('DELETE', `/assets/${asset.id}`)).status, 204);
    await drawBox(page, [220, 60], [320, 140]);
    await page.locator('[data-testid=save-state][data-state=gone]').waitFor();
    const download = page.waitForEvent('download');
    await page.getByTestId('save-state').click();
    const { operations } = JSON.parse(await readFile(await (await download).path(), 'utf8'));
    assert.equal(operations.length, 1);
    assert.equal(operations[0].annotation.shape.type, 'box');
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('an object of a label that was deleted meanwhile is kept under another one',
  { skip, timeout: 60_000 }, async () => {
    const { page, asset, project } = await open();
    const now = (await person.api('GET', `/projects/${project.id}`)).body;
    await page.keyboard.press('2');
    const patched = await person.api('PATCH', `/projects/${project.id}`,
      { json: { labels: now.labels.filter((label) => label.name !== 'person') } });
    assert.equal(patched.status, 200);
    await drawBox(page, [220, 60], [320, 140]);
    await page.getByText('What you drew is kept as “dog”.').waitFor();
    await saved(page);
    const [kept] = await stored(asset);
    assert.equal(kept.label_id, now.labels.find((label) => label.name === 'dog').id);
    assert.deepEqual((await shapes(page)).map((one) => one.id), [kept.id]);
    await page.getByTestId('undo').click();
    await until(async () => (await stored(asset)).length === 0, 'undone');
    await page.getByTestId('redo').click();
    await until(async () => (await stored(asset)).length === 1, 'there again');
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
