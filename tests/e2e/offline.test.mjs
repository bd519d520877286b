// Nothing drawn is lost: without a network, without a server, and over a reload in between.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, haveData, photo } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { drawBox, openEditor, saved, shapes, until } from './editor.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
const unreachable = [/Failed to load resource: net::ERR_/, /WebSocket connection/];
let server;
let browser;
let person;
let project;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person('editor');
  project = await server.project(person);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open() {
  const upload = await server.upload(person, project.id, [['dog.jpg', photo('dog.jpg')]]);
  const [asset] = upload.body.items;
  const page = await openPage(browser, { expected: unreachable });
  await signIn(page, server.url, person.email, 'a good long password');
  await openEditor(page, server.url, project, asset);
  return { page, asset };
}

const stored = async (asset) =>
  (await person.api('GET', `/assets/${asset.id}/annotations`)).body.items;
const state = (page, kind) => page.locator(`[data-testid=save-state][data-state=${kind}]`);

test('what is drawn offline is kept, said, and saved when the network is back',
  { skip, timeout: 60_000 }, async () => {
    const { page, asset } = await open();
    await page.context().setOffline(true);
    await drawBox(page, [60, 60], [160, 140]);
    await drawBox(page, [220, 60], [320, 140]);
    await state(page, 'offline').waitFor();
    await page.waitForFunction(() => /2 changes kept on this device/.test(
      document.querySelector('[data-testid=save-state]').textContent));
    assert.equal((await stored(asset)).length, 0, 'the server has nothing yet');
    await page.getByTestId('undo').click();
    await page.getByTestId('redo').click();
    await page.context().setOffline(false);
    await saved(page);
    const kept = await stored(asset);
    assert.equal(kept.length, 2);
    assert.deepEqual((await shapes(page)).map((one) => one.id).sort(),
      kept.map((one) => one.id).sort());
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('what waits on this device survives a reload and a server that was killed',
  { skip, timeout: 90_000 }, async () => {
    const { page, asset } = await open();
    await drawBox(page, [60, 60], [160, 140]);
    await saved(page);
    const { port } = server;
    await server.stop('SIGKILL');
    await drawBox(page, [220, 60], [320, 140]);
    await state(page, 'offline').waitFor();
    // What is said to be kept is in the browser's own store: the tab may go.
    await page.waitForFunction(() => /1 change kept on this device/.test(
      document.querySelector('[data-testid=save-state]').textContent));
    await page.goto('about:blank');
    server = await TestServer.start({ data: server.data, port });
    server.ownsData = true;
    assert.equal((await stored(asset)).length, 1);
    await openEditor(page, server.url, project, asset);
    await saved(page);
    await until(async () => (await stored(asset)).length === 2, 'the second box');
    assert.equal((await shapes(page)).length, 2);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('an open page goes on by itself when the server was restarted', { skip, timeout: 60_000 },
  async () => {
    const { page, asset } = await open();
    const { port } = server;
    await server.stop('SIGKILL');
    await drawBox(page, [60, 60], [160, 140]);
    await state(page, 'offline').waitFor();
    server = await TestServer.start({ data: server.data, port });
    server.ownsData = true;
    await saved(page);
    assert.equal((await stored(asset)).length, 1);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('a session that has ended is said, and the work is saved after signing in again',
  { skip, timeout: 60_000 }, async () => {
    const { page, asset } = await open();
    await page.context().setOffline(true);
    await drawBox(page, [60, 60], [160, 140]);
    const left = await page.request.post(`${server.url}/api/v1/auth/logout`,
      { data: {}, headers: { 'X-CSRF': '1', Origin: server.url } });
    assert.ok(left.ok(), await left.text());
    await page.context().setOffline(false);
    await state(page, 'signed_out').waitFor();
    assert.equal((await stored(asset)).length, 0);
    const dialog = page.getByTestId('sign-in-again');
    await dialog.locator('input[type=password]').fill('a good long password');
    await page.getByTestId('sign-in-again-button').click();
    await until(async () => (await stored(asset)).length === 1, 'the box');
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
