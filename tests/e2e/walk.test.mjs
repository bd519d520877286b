// Going from image to image in the gallery's order: what leaves the list or is deleted on the way
// must neither be skipped over nor lead nowhere.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, boxOperation, tinyPng } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { drawBox, saved, until } from './editor.mjs';

const skip = haveBrowser ? false : 'no Chromium';
const limits = { skip, timeout: 90_000 };
let server;
let browser;
let person;
let page;

before(async () => {
  if (skip) return;
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  person = await server.person('walker');
  browser = await openBrowser();
  page = await openPage(browser, { expected: [/status of 404/] });
  await signIn(page, server.url, person.email, 'a good long password');
  await page.evaluate(() => sessionStorage.setItem('aa.e2e', '1'));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function images(count) {
  const project = await server.project(person, { labels: [{ name: 'car' }] });
  const files = Array.from({ length: count }, (_, i) => [`i${i}.png`, tinyPng(200 + i, 160)]);
  const { body } = await server.upload(person, project.id, files);
  return { project, assets: body.items };
}

async function label(project, asset) {
  const operations = [boxOperation(project.labels[0].id)];
  const { status } = await person.api('POST', `/assets/${asset.id}/operations`,
    { json: { base_revision: 0, operations } });
  assert.ok(status < 300, `labelled: ${status}`);
}

const remove = (asset) => person.api('DELETE', `/assets/${asset.id}`);
const shown = () => /annotate\/([^/?]+)/.exec(page.url())?.[1];
const address = (project, asset, query) =>
  `${server.url}/projects/${project.id}/annotate/${asset.id}?e2e&${query}`;

async function opened(asset) {
  await until(() => shown() === asset.id, `at ${asset.filename}, not ${page.url()}`);
  await page.waitForFunction((width) =>
    window.__annotate?.editor.view.image.get().width === width, asset.width);
  await page.getByTestId('canvas').focus();
}

async function go(key, asset) {
  await page.getByTestId('canvas').focus();
  await page.keyboard.press(key);
  await opened(asset);
}

async function openAt(project, asset, query) {
  await page.goto(address(project, asset, query));
  await page.waitForFunction(() => Boolean(window.__annotate));
  await opened(asset);
}

test('a filtered gallery is gone through; what is labelled stays behind, what is deleted is passed',
  limits, async () => {
    const { project, assets } = await images(8);
    await label(project, assets[1]);
    await page.goto(`${server.url}/projects/${project.id}?state=unlabelled`);
    await page.locator('.gallery .asset-link', { hasText: 'i0.png' }).click();
    await opened(assets[0]);
    await go('f', assets[2]);
    await drawBox(page, [20, 20], [80, 80]);
    await saved(page);
    await page.keyboard.press('v');
    await go('f', assets[3]);
    await go('d', assets[2]);
    await go('f', assets[3]);
    // The list with which the walk began still holds it.
    await remove(assets[4]);
    await go('f', assets[5]);
    await go('d', assets[3]);
    await remove(assets[0]);
    await page.reload();
    await opened(assets[3]);
    // By now two before it have left the gallery: the place in the address is wrong.
    await go('f', assets[5]);
    await go('f', assets[6]);
    await go('d', assets[5]);
    await go('d', assets[3]);
    assert.deepEqual(page.problems, []);
  });

test('a wrong place in the address is put right, also for who is not in the gallery', limits,
  async () => {
    const { project, assets } = await images(7);
    await openAt(project, assets[1], 'at=5');
    await go('f', assets[2]);
    await openAt(project, assets[5], 'sort=newest&at=5');
    await go('f', assets[4]);
    await label(project, assets[2]);
    await openAt(project, assets[2], 'state=unlabelled&at=6');
    await go('f', assets[3]);
    await openAt(project, assets[2], 'state=unlabelled&at=6');
    await go('d', assets[1]);
    assert.deepEqual(page.problems, []);
  });

test('copies to the next images follow the walk, and the palette keeps to it', limits, async () => {
  const { project, assets } = await images(6);
  await label(project, assets[1]);
  await label(project, assets[3]);
  await openAt(project, assets[0], 'state=unlabelled&at=0');
  await drawBox(page, [20, 20], [80, 80]);
  await saved(page);
  await page.keyboard.press('v');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+b');
  await page.getByTestId('propagate-count').fill('2');
  await page.getByTestId('propagate-run').click();
  await page.getByTestId('propagate-dialog').waitFor({ state: 'detached' });
  const counts = await Promise.all(assets.map(async ({ id }) =>
    (await person.api('GET', `/assets/${id}/annotations`)).body.items.length));
  assert.deepEqual(counts, [1, 1, 1, 1, 1, 0], 'the two labelled ones were passed');
  await page.getByTestId('canvas').focus();
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette').waitFor();
  await page.keyboard.type('i4.png');
  await page.getByRole('option', { name: /i4\.png/ }).first().waitFor();
  await page.keyboard.press('Enter');
  await opened(assets[4]);
  assert.match(page.url(), /state=unlabelled/);
  await go('f', assets[5]);
  assert.deepEqual(page.problems, []);
});

test('a list to label next is kept to, and what was deleted of it is passed', limits, async () => {
  const { project, assets } = await images(6);
  await page.goto(`${server.url}/projects/${project.id}?view=next`);
  const links = page.getByTestId('found-asset').locator('.asset-link');
  await links.nth(5).waitFor();
  const order = (await links.allInnerTexts()).map((name) =>
    assets.find(({ filename }) => filename === name.trim()));
  await links.nth(1).click();
  await opened(order[1]);
  await page.locator('.bar-position', { hasText: '2 / 6' }).waitFor();
  await remove(order[2]);
  await go('f', order[3]);
  await go('d', order[1]);
  await remove(order[0]);
  await page.keyboard.press('d');
  await page.getByText(/first image/i).first().waitFor();
  assert.equal(shown(), order[1].id);
  await drawBox(page, [20, 20], [80, 80]);
  await saved(page);
  await page.keyboard.press('v');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+b');
  await page.getByTestId('propagate-count').fill('2');
  await page.getByTestId('propagate-run').click();
  await page.getByTestId('propagate-dialog').waitFor({ state: 'detached' });
  for (const { id } of [order[3], order[4]]) {
    assert.equal((await person.api('GET', `/assets/${id}/annotations`)).body.items.length, 1);
  }
  assert.deepEqual(page.problems, []);
});
