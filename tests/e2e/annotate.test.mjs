// The annotate page under a person's hands: every edit is looked up on the server afterwards.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, haveData, photo } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { camera, clickImage, contains, dragImage, drawBox, at, openEditor, saved, shapes, until }
  from './editor.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
const labels = [
  { name: 'person', attributes: [
    { name: 'pose', kind: 'select', options: ['standing', 'sitting'] },
    { name: 'occluded', kind: 'checkbox' },
    { name: 'note', kind: 'text' },
    { name: 'age', kind: 'number', min: 0, max: 120 }] },
  { name: 'dog' }, { name: 'bowl' }];
let server;
let browser;
let person;
let project;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person('editor');
  project = await server.project(person, { labels });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// A fresh copy of the photo for each test, opened in a fresh browser context.
async function open(options) {
  const upload = await server.upload(person, project.id, [['dog.jpg', photo('dog.jpg')]]);
  const [asset] = upload.body.items;
  const page = await openPage(browser, options);
  await signIn(page, server.url, person.email, 'a good long password');
  await openEditor(page, server.url, project, asset);
  return { page, asset };
}

const stored = async (asset) =>
  (await person.api('GET', `/assets/${asset.id}/annotations`)).body.items;

async function suggest(asset) {
  const started = await person.api('POST', `/projects/${project.id}/preannotations`,
    { json: { min_score: 0.3 } });
  const job = await server.job(person, started.body.job_id);
  assert.equal(job.state, 'succeeded', JSON.stringify(job.error));
  return suggestions(asset);
}

const suggestions = async (asset) =>
  (await person.api('GET', `/assets/${asset.id}/suggestions`)).body.items;

async function promptAnswered(page, click) {
  const answered = page.waitForResponse(/inference\/segment/, { timeout: 60_000 });
  await click();
  return JSON.parse((await answered).request().postData());
}

for (const [how, click] of [['Alt', { alt: true }], ['the right button', { button: 'right' }]]) {
  test(`a click with ${how} takes a part away from the mask`, { skip, timeout: 120_000 },
    async () => {
      const { page, asset } = await open();
      await page.getByTestId('segment-tool').click();
      await promptAnswered(page, () => clickImage(page, 200, 420));
      await page.getByTestId('segment-accept').click();
      await until(async () => (await stored(asset)).length === 1, 'the first mask');
      await promptAnswered(page, () => clickImage(page, 200, 420));
      const prompt = await promptAnswered(page, () => clickImage(page, 330, 300, click));
      assert.deepEqual(prompt.points.map((point) => point.label), [1, 0]);
      await page.keyboard.press('Enter');
      await until(async () => (await stored(asset)).length === 2, 'the second mask');
      const [whole, part] = (await stored(asset)).map((item) => item.shape);
      for (const shape of [whole, part]) assert.ok(contains(shape, 200, 420), 'holds the body');
      assert.ok(contains(whole, 330, 300), 'the dog has a head');
      assert.ok(!contains(part, 330, 300), 'which was taken away');
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
}

test('on a tablet the mask is accepted by its button', { skip, timeout: 120_000 }, async () => {
  const { page, asset } = await open({ viewport: { width: 768, height: 1024 } });
  await page.getByTestId('segment-tool').click();
  await promptAnswered(page, () => clickImage(page, 200, 420));
  await page.getByTestId('segment-accept').click();
  await until(async () => (await stored(asset)).length === 1, 'the mask');
  await page.getByTestId('detect-button').click({ trial: true });
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('suggestions: reject one, accept one, accept all above a score', { skip, timeout: 120_000 },
  async () => {
    const { page, asset } = await open();
    const pending = (await suggest(asset)).sort((a, b) => b.score - a.score);
    assert.ok(pending.length >= 3, `${pending.length} suggestions`);
    await page.reload();
    await page.getByTestId('suggestion').nth(2).waitFor();
    assert.match(await page.getByTestId('suggestion').first().textContent(),
      new RegExp(`${pending[0].class}.*${Math.round(pending[0].score * 100)}`));

    await page.getByTestId('suggestion').first().getByRole('button', { name: /^Reject/ }).click();
    await until(async () => (await suggestions(asset)).some(
      (one) => one.id === pending[0].id && one.state === 'rejected'), 'rejected');
    await page.getByTestId('suggestion').first().click();
    await page.keyboard.press('Enter');
    await until(async () => (await suggestions(asset)).some(
      (one) => one.id === pending[1].id && one.state === 'accepted'), 'accepted');

    const bar = Math.floor(pending[2].score * 20) * 5;
    await page.getByTestId('ai-confidence').fill(String(bar));
    const above = (await suggestions(asset)).filter(
      (one) => one.state === 'pending' && one.score >= bar / 100).length;
    assert.ok(above >= 1);
    await page.getByTestId('accept-all').click();
    await until(async () => (await stored(asset)).length === 1 + above, 'all above the score');
    const kept = await stored(asset);
    assert.ok(kept.every((item) => item.source === 'model' && item.score > 0));
    assert.ok((await suggestions(asset)).filter((one) => one.state === 'pending')
      .every((one) => one.score < bar / 100), 'those below wait on');
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('a box is moved, resized, labelled by a number key, deleted and brought back',
  { skip, timeout: 60_000 }, async () => {
    const { page, asset } = await open();
    await page.keyboard.press('2');
    await drawBox(page, [100, 100], [200, 180]);
    await saved(page);
    const [drawn] = await stored(asset);
    const label = (name) => project.labels.find((one) => one.name === name).id;
    assert.equal(drawn.label_id, label('dog'));
    assert.ok(Math.abs(drawn.shape.x - 100) < 1 && Math.abs(drawn.shape.width - 100) < 1);

    await page.keyboard.press('v');
    await clickImage(page, 150, 140);
    await dragImage(page, [150, 140], [250, 200]);
    await saved(page);
    const [moved] = await stored(asset);
    assert.ok(Math.abs(moved.shape.x - drawn.shape.x - 100) < 1.5, JSON.stringify(moved.shape));
    assert.ok(Math.abs(moved.shape.width - drawn.shape.width) < 0.1);

    const corner = [moved.shape.x + moved.shape.width, moved.shape.y + moved.shape.height];
    await dragImage(page, corner, [corner[0] + 40, corner[1] + 30]);
    await saved(page);
    const [resized] = await stored(asset);
    assert.ok(Math.abs(resized.shape.width - moved.shape.width - 40) < 1.5);
    assert.ok(Math.abs(resized.shape.x - moved.shape.x) < 0.1);

    await page.keyboard.press('3');
    await saved(page);
    assert.equal((await stored(asset))[0].label_id, label('bowl'));
    await page.keyboard.press('Delete');
    await until(async () => (await stored(asset)).length === 0, 'deleted');
    for (const [keys, check] of [
      ['Control+z', (items) => items[0]?.label_id === label('bowl')],
      ['Control+z', (items) => items[0]?.label_id === label('dog')],
      ['Control+z', (items) => Math.abs(items[0]?.shape.width - moved.shape.width) < 0.1],
      ['Control+z', (items) => Math.abs(items[0]?.shape.x - drawn.shape.x) < 0.1],
      ['Control+z', (items) => items.length === 0],
      ['Control+Shift+z', (items) => Math.abs(items[0]?.shape.x - drawn.shape.x) < 0.1],
    ]) {
      await page.keyboard.press(keys);
      await until(async () => check(await stored(asset)), keys);
    }
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('the vertices of a polygon keep their keys while one comes, one moves and one goes',
  { skip, timeout: 60_000 }, async () => {
    const { page, asset } = await open();
    await page.getByTestId('polygon-tool').click();
    for (const point of [[100, 100], [300, 100], [300, 300], [100, 300]]) {
      await clickImage(page, ...point);
    }
    await page.keyboard.press('Enter');
    await saved(page);
    const partOf = async () => (await stored(asset))[0].shape.parts[0];
    const before = await partOf();
    assert.equal(new Set(before.keys).size, 4);
    await page.keyboard.press('v');
    await clickImage(page, 200, 200);
    await clickImage(page, 200, 100);
    await until(async () => (await partOf()).points.length === 5, 'a vertex on the edge');
    const five = await partOf();
    assert.deepEqual(five.keys.filter((key) => before.keys.includes(key)), before.keys);
    await dragImage(page, [300, 300], [350, 340]);
    await saved(page);
    const dragged = await partOf();
    assert.deepEqual(dragged.keys, five.keys);
    const corner = dragged.points[dragged.keys.indexOf(before.keys[2])];
    assert.ok(Math.hypot(corner[0] - 350, corner[1] - 340) < 2, `${corner}`);
    await clickImage(page, 100, 300, { alt: true });
    await until(async () => (await partOf()).points.length === 4, 'a vertex fewer');
    assert.deepEqual((await partOf()).keys, five.keys.filter((key) => key !== before.keys[3]));
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('attributes are edited, undone, and there after a reload', { skip, timeout: 60_000 },
  async () => {
    const { page, asset } = await open();
    await drawBox(page, [500, 20], [760, 430]);
    await saved(page);
    await page.getByTestId('select-tool').click();
    await page.locator('.object-main').click();
    const details = page.getByTestId('object-details');
    await details.getByLabel('pose').selectOption('sitting');
    await details.getByLabel('occluded').check();
    await details.getByLabel('note').fill('barefoot');
    await details.getByLabel('age').fill('33');
    await details.getByLabel('age').press('Enter');
    const wanted = { pose: 'sitting', occluded: true, note: 'barefoot', age: 33 };
    await until(async () => JSON.stringify(sorted((await stored(asset))[0].attributes)) ===
      JSON.stringify(sorted(wanted)), 'four attributes');
    await page.getByTestId('undo').click();
    await until(async () => !('age' in (await stored(asset))[0].attributes), 'one undone');
    await page.getByTestId('redo').click();
    await saved(page);
    await page.reload();
    await page.waitForFunction(() => window.__annotate?.shapes().length === 1);
    await page.locator('.object-main').click();
    assert.equal(await details.getByLabel('pose').inputValue(), 'sitting');
    assert.ok(await details.getByLabel('occluded').isChecked());
    assert.equal(await details.getByLabel('note').inputValue(), 'barefoot');
    assert.equal(await details.getByLabel('age').inputValue(), '33');
    assert.deepEqual(await shapes(page), await stored(asset));
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

const sorted = (object) => Object.entries(object).sort(([a], [b]) => a.localeCompare(b));

test('the wheel zooms at the pointer, space and the middle button pan, Shift 1 fits',
  { skip, timeout: 60_000 }, async () => {
    const { page } = await open();
    const start = await camera(page);
    const spot = await at(page, 400, 267);
    await page.mouse.move(...spot);
    await page.mouse.wheel(0, -300);
    await page.waitForFunction((zoom) => window.__annotate.editor.view.camera.get().zoom > zoom,
      start.zoom);
    const under = await at(page, 400, 267);
    assert.ok(Math.hypot(under[0] - spot[0], under[1] - spot[1]) < 1, 'the pixel stays put');

    await page.keyboard.down('Space');
    await page.mouse.down();
    await page.mouse.move(spot[0] - 60, spot[1] - 30);
    await page.mouse.up();
    await page.keyboard.up('Space');
    const panned = await at(page, 400, 267);
    assert.ok(Math.abs(panned[0] - spot[0] + 60) < 1 && Math.abs(panned[1] - spot[1] + 30) < 1);
    await page.mouse.down({ button: 'middle' });
    await page.mouse.move(...spot);
    await page.mouse.up({ button: 'middle' });
    const back = await at(page, 400, 267);
    assert.ok(Math.hypot(back[0] - spot[0], back[1] - spot[1]) < 1);
    assert.equal((await shapes(page)).length, 0, 'nothing was drawn by that');

    await page.keyboard.press('Shift+Digit1');
    const [left, top] = await at(page, 0, 0);
    const [right, bottom] = await at(page, 800, 534);
    assert.ok(left >= 56 && top >= 56 && right <= 972 && bottom <= 680,
      `fits between the panels: ${[left, top, right, bottom]}`);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
