// Two windows at one image: what one does, the other has; through lines that break, work that waits
// on the device, and reloads. Each window has a browser of its own and a line that can be cut.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, haveData, photo } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { drawBox, openEditor, saved, shapes, until } from './editor.mjs';
import { Line } from './line.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
const brokenLine = [/net::ERR_/, /WebSocket/];
let server;
let browser;
let person;
let project;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person('together');
  project = await server.project(person);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function upload() {
  const { body } = await server.upload(person, project.id, [['dog.jpg', photo('dog.jpg')]]);
  return body.items[0];
}

async function window(asset) {
  const line = await Line.open(server.port);
  const page = await openPage(browser, { expected: brokenLine });
  await signIn(page, line.url, person.email, 'a good long password');
  await openEditor(page, line.url, project, asset);
  await live(page);
  return { page, line };
}

async function leave(...windows) {
  for (const { page, line } of windows) {
    assert.deepEqual(page.problems, []);
    await page.context().close();
    await line.close();
  }
}

const live = (page) => page.waitForFunction(() =>
  window.__annotate.editor.company.connection.get() === 'live');
const state = (page, kind) => page.locator(`[data-testid=save-state][data-state=${kind}]`);
const stored = async (asset) =>
  (await person.api('GET', `/assets/${asset.id}/annotations`)).body.items;
const plain = (items) => items
  .map(({ id, label_id, shape, attributes }) => ({ id, label_id, shape, attributes }))
  .sort((a, b) => (a.id < b.id ? -1 : 1));
const commit = (page, operations) => page.evaluate(
  (list) => window.__annotate.editor.commit('Test', list), operations);

// All windows and the server have the same, so many objects.
async function same(asset, count, ...pages) {
  await until(async () => {
    const there = plain(await stored(asset));
    if (there.length !== count) return false;
    for (const page of pages) {
      const here = plain(await shapes(page));
      if (JSON.stringify(here) !== JSON.stringify(there)) return false;
    }
    return true;
  }, `${count} objects everywhere`);
}

test('what one window does, the other has at once, both ways', { skip, timeout: 90_000 },
  async () => {
    const asset = await upload();
    const [a, b] = [await window(asset), await window(asset)];
    await drawBox(a.page, [60, 60], [160, 140]);
    await same(asset, 1, a.page, b.page);
    await drawBox(b.page, [220, 60], [320, 140]);
    await same(asset, 2, a.page, b.page);
    const [first] = await shapes(b.page);
    const value = { ...first.shape, x: first.shape.x + 30 };
    await Promise.all([
      commit(b.page, [{ op: 'set', target: first.id, field: 'shape', value, prev: first.shape }]),
      commit(a.page, [{ op: 'set', target: first.id, field: 'label_id',
        value: project.labels[1].id, prev: first.label_id }]),
    ]);
    await until(async () => {
      const found = (await stored(asset)).find(({ id }) => id === first.id);
      return found.shape.x === value.x && found.label_id === project.labels[1].id;
    }, 'both changes of one box');
    await same(asset, 2, a.page, b.page);
    await leave(a, b);
  });

test('both edit without a network, and both have everything afterwards',
  { skip, timeout: 120_000 }, async () => {
    const asset = await upload();
    const [a, b] = [await window(asset), await window(asset)];
    await drawBox(a.page, [60, 60], [160, 140]);
    await same(asset, 1, a.page, b.page);
    await a.page.context().setOffline(true);
    await b.page.context().setOffline(true);
    await drawBox(a.page, [220, 60], [320, 140]);
    await drawBox(b.page, [220, 200], [320, 280]);
    await state(a.page, 'offline').waitFor();
    await state(b.page, 'offline').waitFor();
    assert.equal((await stored(asset)).length, 1);
    await a.page.context().setOffline(false);
    await b.page.context().setOffline(false);
    await saved(a.page);
    await saved(b.page);
    await same(asset, 3, a.page, b.page);
    await leave(a, b);
  });

test('a line that only seems to stand is found out, and nothing is stored twice',
  { skip, timeout: 120_000 }, async () => {
    const asset = await upload();
    const [a, b] = [await window(asset), await window(asset)];
    a.line.hold();
    await drawBox(a.page, [60, 60], [160, 140]);
    await state(a.page, 'offline').waitFor();
    await drawBox(b.page, [220, 60], [320, 140]);
    a.line.release();
    await saved(a.page);
    await same(asset, 2, a.page, b.page);
    const { body } = await person.api('GET', `/assets/${asset.id}/annotations`);
    assert.equal(body.revision, 2);
    await leave(a, b);
  });

test('lines that are cut while both edit cost nothing', { skip, timeout: 120_000 }, async () => {
  const asset = await upload();
  const [a, b] = [await window(asset), await window(asset)];
  for (let i = 0; i < 6; i++) {
    await drawBox(i % 2 ? a.page : b.page, [40 + 50 * i, 60], [80 + 50 * i, 140]);
    (i % 3 ? a.line : b.line).cut();
  }
  await saved(a.page);
  await saved(b.page);
  await same(asset, 6, a.page, b.page);
  await leave(a, b);
});

test('says that it is behind when only others could have changed something',
  { skip, timeout: 120_000 }, async () => {
    const asset = await upload();
    const a = await window(asset);
    a.line.cut({ down: true });
    await state(a.page, 'behind').waitFor();
    a.line.down = false;
    await saved(a.page);
    await leave(a);
  });

test('work left on the device is laid on what others did since, and sent',
  { skip, timeout: 120_000 }, async () => {
    const asset = await upload();
    const [a, b] = [await window(asset), await window(asset)];
    await drawBox(a.page, [60, 60], [160, 140]);
    await same(asset, 1, a.page, b.page);
    const [box] = await shapes(a.page);
    a.line.cut({ down: true });
    const value = { ...box.shape, x: box.shape.x + 40 };
    await commit(a.page, [{ op: 'set', target: box.id, field: 'shape', value, prev: box.shape }]);
    await a.page.waitForFunction(() => /1 change kept on this device/.test(
      document.querySelector('[data-testid=save-state]').textContent));
    await a.page.goto('about:blank');
    await commit(b.page, [{ op: 'set', target: box.id, field: 'label_id',
      value: project.labels[2].id, prev: box.label_id }]);
    await saved(b.page);
    a.line.down = false;
    await openEditor(a.page, a.line.url, project, asset);
    await saved(a.page);
    await same(asset, 1, a.page, b.page);
    const [end] = await stored(asset);
    assert.equal(end.shape.x, value.x);
    assert.equal(end.label_id, project.labels[2].id);
    await leave(a, b);
  });

test('what a closed tab left is sent by another one', { skip, timeout: 120_000 }, async () => {
  const asset = await upload();
  const { page, line } = await window(asset);
  line.cut({ down: true });
  await drawBox(page, [60, 60], [160, 140]);
  await page.waitForFunction(() => /1 change kept on this device/.test(
    document.querySelector('[data-testid=save-state]').textContent));
  const context = page.context();
  const other = await context.newPage();
  await page.close();
  line.down = false;
  await openEditor(other, line.url, project, asset);
  await same(asset, 1, other);
  await saved(other);
  assert.deepEqual(page.problems, []);
  await context.close();
  await line.close();
});

test('undo and redo go on after a reload', { skip, timeout: 120_000 }, async () => {
  const asset = await upload();
  const { page, line } = await window(asset);
  await drawBox(page, [60, 60], [160, 140]);
  await drawBox(page, [220, 60], [320, 140]);
  await saved(page);
  await openEditor(page, line.url, project, asset);
  const ready = (id) => page.waitForFunction((name) =>
    !document.querySelector(`[data-testid=${name}]`).disabled, id);
  await ready('undo');
  await page.getByTestId('undo').click();
  await saved(page);
  await same(asset, 1, page);
  await openEditor(page, line.url, project, asset);
  await ready('redo');
  await page.getByTestId('redo').click();
  await saved(page);
  await same(asset, 2, page);
  await page.getByTestId('undo').click();
  await page.getByTestId('undo').click();
  await saved(page);
  await same(asset, 0, page);
  await leave({ page, line });
});
