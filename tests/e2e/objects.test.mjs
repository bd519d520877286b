// The list of objects and what belongs to it, by mouse and by keys; edits are looked up on the
// server afterwards.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, tinyPng, uuidv7 } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { at, clickImage, openEditor, saved, shapes, until } from './editor.mjs';

const skip = haveBrowser ? false : 'no Chromium';
const limits = { skip, timeout: 60_000 };
let server;
let browser;
let person;
let project;
let assets;
let page;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person('objects');
  project = await server.project(person, { labels: [
    { name: 'car', attributes: [{ name: 'color', kind: 'text' }] },
    { name: 'dog' },
    { name: 'night', kind: 'tag' }] });
  const files = ['a', 'b', 'c'].map((name, i) => [`${name}.png`, tinyPng(640 + i, 480)]);
  const upload = await server.upload(person, project.id, files);
  // In the order in which the editor goes through them.
  const listed = (await person.api('GET', `/projects/${project.id}/assets`)).body.items;
  assets = listed;
  assert.equal(upload.body.items.length, 3);
  browser = await openBrowser();
  page = await openPage(browser);
  await signIn(page, server.url, person.email, 'a good long password');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const label = (name) => project.labels.find((one) => one.name === name).id;
const stored = async (asset = assets[0]) =>
  (await person.api('GET', `/assets/${asset.id}/annotations`)).body.items;
const selection = () =>
  page.evaluate(() => [...window.__annotate.editor.selection.get()]);
const focused = (testId) => page.waitForFunction((id) =>
  document.activeElement?.dataset.testid === id, testId);
const rows = () => page.getByRole('treeitem');

async function put(asset, items) {
  // Ids tell the age, also of those that are made within a millisecond.
  const ids = items.map(() => uuidv7()).sort();
  const operations = items.map((item, i) => ({ op: 'put', id: uuidv7(),
    annotation: { id: ids[i], attributes: {}, source: 'manual', ...item } }));
  const { revision } = (await person.api('GET', `/assets/${asset.id}/annotations`)).body;
  const reply = await person.api('POST', `/assets/${asset.id}/operations`,
    { json: { base_revision: revision, operations } });
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return ids;
}

async function clear(asset) {
  const { revision, items } = (await person.api('GET', `/assets/${asset.id}/annotations`)).body;
  if (items.length === 0) return;
  const operations = items.map((item) => ({ op: 'del', id: uuidv7(), target: item.id }));
  const reply = await person.api('POST', `/assets/${asset.id}/operations`,
    { json: { base_revision: revision, operations } });
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
}

const box = (x, y, size = 60) => ({ type: 'box', x, y, width: size, height: size });

// Two cars and a dog on the first image, nothing on the others.
async function open() {
  for (const asset of assets) await clear(asset);
  const ids = await put(assets[0], [
    { label_id: label('car'), shape: box(100, 100), attributes: { color: 'red' } },
    { label_id: label('car'), shape: box(220, 100), source: 'model', score: 0.4 },
    { label_id: label('dog'), shape: box(340, 100) }]);
  await openEditor(page, server.url, project, assets[0]);
  await page.evaluate(() => window.__annotate.editor.filter.clear());
  await page.waitForFunction(() => window.__annotate.shapes().length === 3);
  return ids;
}

test('the tree goes by keys: arrows, ends, letters, Enter and Space', limits, async () => {
  const [first, second, third] = await open();
  const tree = page.getByTestId('object-tree');
  await tree.focus();
  const active = () => tree.evaluate((element) => {
    const row = document.getElementById(element.getAttribute('aria-activedescendant'));
    return row && [row.getAttribute('aria-label'), row.ariaPosInSet, row.ariaSetSize,
      row.ariaLevel].join('|');
  });
  assert.equal(await active(), 'dog 3 60 × 60|1|3|1');
  await page.keyboard.press('ArrowDown');
  assert.equal(await active(), 'car 2 60 × 60, proposed by a model|2|3|1');
  await page.keyboard.press('End');
  assert.equal(await active(), 'car 1 60 × 60|3|3|1');
  await page.keyboard.press('d');
  assert.equal(await active(), 'dog 3 60 × 60|1|3|1');
  await page.keyboard.press('End');
  const zoom = await page.evaluate(() => window.__annotate.editor.view.camera.get().zoom);
  await page.keyboard.press('Enter');
  assert.deepEqual(await selection(), [first]);
  await page.waitForFunction((before) =>
    window.__annotate.editor.view.camera.get().zoom !== before, zoom);
  await page.keyboard.press('Control+Space');
  assert.deepEqual(await selection(), []);
  await page.keyboard.press('Space');
  await page.locator('.object-row[data-hidden]').waitFor();
  assert.match(await active(), /^car 1 60 × 60, hidden/);
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowUp');
  assert.deepEqual(await selection(), [second]);

  await page.getByTestId('object-grouping').click();
  await page.getByTestId('grouping-label').click();
  assert.deepEqual(await rows().evaluateAll((all) => all.map((row) => row.ariaLevel)),
    ['1', '2', '2', '1', '2']);
  await tree.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await rows().count(), 3);
  assert.equal(await rows().first().getAttribute('aria-expanded'), 'false');
  await page.keyboard.press('ArrowRight');
  assert.equal(await rows().count(), 5);
  await page.getByTestId('object-grouping').click();
  await page.getByTestId('grouping-none').click();
  await page.getByTestId('canvas').press('Shift+Digit1');
  await clickImage(page, 370, 130);
  assert.deepEqual(await selection(), [third]);
  await page.getByRole('treeitem', { selected: true, name: /^dog 3 / }).waitFor();
});

test('a filter leaves out of list and canvas what does not match, and stays', limits, async () => {
  await open();
  await page.keyboard.press('/');
  await page.keyboard.type('car');
  await page.waitForFunction(() => document.querySelectorAll('[role=treeitem]').length === 2);
  await page.keyboard.press('Enter');
  await page.getByTestId('object-filter').click();
  await page.getByLabel('From a model').check();
  await page.keyboard.press('Escape');
  assert.equal(await page.getByTestId('object-count').textContent(), '1 of 3');
  assert.deepEqual(await page.getByTestId('filter-chip').allTextContents(),
    ['From a model', '“car”']);
  await clickImage(page, 370, 130);
  assert.deepEqual(await selection(), [], 'what is left out cannot be clicked');
  await page.evaluate(() => window.__annotate.idle());
  let spot = await at(page, 360, 120);
  const painted = () => page.evaluate(([x, y]) => {
    const canvas = document.querySelectorAll('.stage canvas')[1];
    const ratio = canvas.width / canvas.clientWidth;
    return canvas.getContext('2d').getImageData(x * ratio, y * ratio, 1, 1).data[3];
  }, [...spot]);
  assert.equal(await painted(), 0, 'nothing is drawn there');
  await page.keyboard.press('f');
  await page.waitForURL(new RegExp(assets[1].id));
  await page.getByTestId('filter-chip').first().waitFor();
  await page.keyboard.press('d');
  await page.waitForURL(new RegExp(assets[0].id));
  await page.getByTestId('filter-clear').click();
  assert.equal(await page.getByTestId('object-count').textContent(), '3');
  await page.waitForFunction(() => window.__annotate?.shapes().length === 3);
  // Where the chips were are rows now; an object under the pointer is drawn on another layer.
  await page.mouse.move(640, 600);
  spot = await at(page, 360, 120);
  await until(async () => await painted() > 0, 'it is drawn again');
});

test('group, relation, lock and pin, remembered after a reload', limits, async () => {
  const [first, second, third] = await open();
  await clickImage(page, 130, 130);
  await page.keyboard.down('Shift');
  await clickImage(page, 250, 130);
  await page.keyboard.up('Shift');
  await page.keyboard.press('g');
  await saved(page);
  const groups = async () => (await stored()).map((item) => item.group ?? null);
  const [a, b, c] = await groups();
  assert.ok(a !== null && a === b && c === null);
  await clickImage(page, 130, 130);
  await page.keyboard.press('Alt+g');
  assert.deepEqual((await selection()).sort(), [first, second].sort());
  await page.keyboard.press('Shift+g');
  await saved(page);
  assert.deepEqual(await groups(), [null, null, null]);

  await clickImage(page, 450, 300);
  await page.keyboard.press('Alt+r');
  await clickImage(page, 130, 130);
  await clickImage(page, 370, 130);
  await page.keyboard.press('Escape');
  await page.getByTestId('relation').getByRole('textbox').fill('chases');
  await page.keyboard.press('Enter');
  await saved(page);
  assert.deepEqual((await stored())[0].relations, [{ to: third, kind: 'chases' }]);
  await page.getByRole('button', { name: 'Delete the relation with dog 3' }).click();
  await saved(page);
  assert.deepEqual((await stored())[0].relations ?? null, null);

  await page.keyboard.press('v');
  await clickImage(page, 130, 130);
  await page.keyboard.press('Alt+l');
  await page.getByTestId('row-locked').waitFor();
  await page.keyboard.press('Delete');
  assert.equal((await shapes(page)).length, 3, 'locked');
  await clickImage(page, 250, 130);
  await page.keyboard.press('Shift+q');
  await page.getByTestId('row-pinned').waitFor();
  // The marks are kept a moment later.
  await page.waitForTimeout(600);
  await page.reload();
  await page.getByTestId('row-locked').waitFor();
  await page.getByTestId('row-pinned').waitFor();
  await clickImage(page, 130, 130);
  await page.keyboard.press('Shift+Delete');
  await until(async () => (await stored()).length === 2, 'deleted on purpose');
});

test('copies go beside, in place, to another image and on to the next ones', limits, async () => {
  await open();
  await clickImage(page, 130, 130);
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+v');
  await until(async () => (await stored()).length === 4, 'pasted');
  assert.ok((await stored()).some(({ shape }) => shape.x === 112 && shape.y === 112), 'beside');
  await page.keyboard.press('Control+v');
  await until(async () => (await stored()).length === 5, 'pasted again');
  assert.equal((await stored()).filter(({ shape }) => shape.x === 100).length, 2, 'in place');
  await page.keyboard.press('f');
  await page.waitForURL(new RegExp(assets[1].id));
  await page.waitForFunction(() => window.__annotate?.shapes().length === 0);
  await page.keyboard.press('Control+v');
  await until(async () => (await stored(assets[1])).length === 1, 'on the other image');
  const [copy] = await stored(assets[1]);
  assert.deepEqual([copy.shape.x, copy.label_id, copy.attributes.color],
    [100, label('car'), 'red']);

  await page.keyboard.press('d');
  await page.waitForURL(new RegExp(assets[0].id));
  await page.waitForFunction(() => window.__annotate?.shapes().length === 5);
  await clickImage(page, 370, 130);
  await page.keyboard.press('Control+b');
  await page.getByTestId('propagate-count').fill('2');
  await page.getByTestId('propagate-run').click();
  await page.getByTestId('propagate-dialog').waitFor({ state: 'detached' });
  for (const asset of assets.slice(1)) {
    assert.ok((await stored(asset)).some((item) => item.label_id === label('dog')));
  }
  await page.keyboard.press('f');
  await page.waitForURL(new RegExp(assets[1].id));
  await page.waitForFunction(() => window.__annotate?.shapes().length === 2);
  await page.keyboard.press('Alt+b');
  await until(async () => (await stored(assets[1])).length === 4, 'what was missing is repeated');
});

test('annotations come as text; a million points are refused with the reason', limits, async () => {
  await open();
  const paste = (text) => page.evaluate((data) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', data);
    document.body.dispatchEvent(new ClipboardEvent('paste',
      { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await paste(JSON.stringify({ items: [{ label_id: label('dog'), shape: box(10, 10) }] }));
  await until(async () => (await stored()).length === 4, 'pasted text');
  const points = Array.from({ length: 1_000_000 }, () => [1, 1]);
  await paste(JSON.stringify([{ shape: { type: 'points', points } }]));
  await page.getByText('1,000,000 points; at most 200,000 can be pasted').waitFor();
  assert.equal((await shapes(page)).length, 4);
  await page.getByRole('button', { name: 'Dismiss' }).first().click();
});

test('tags by chip and key; warnings lead to their object', limits, async () => {
  await open();
  await page.keyboard.press('Alt+Shift+Digit1');
  await until(async () => (await stored()).some((item) => item.shape.type === 'tag'), 'a tag');
  await page.getByTestId('tab-image').click();
  const night = page.getByTestId('tag').filter({ hasText: 'night' });
  assert.equal(await night.getAttribute('aria-pressed'), 'true');
  await night.click();
  await until(async () => (await stored()).every((item) => item.shape.type !== 'tag'), 'no tag');
  assert.equal(await page.getByTestId('warnings-badge').count(), 0);
  const [twin] = await put(assets[0], [{ label_id: label('dog'), shape: box(340, 100) }]);
  await page.getByTestId('warnings-badge').click();
  await page.getByTestId('warning').filter({ hasText: 'dog 4' }).click();
  assert.deepEqual(await selection(), [twin]);
  await page.keyboard.press('Delete');
  await page.getByTestId('warnings-badge').waitFor({ state: 'detached' });
  await saved(page);
});

test('a note is kept with the image; another one written meanwhile is not overwritten', limits,
  async () => {
    await open();
    page.problems.length = 0;
    await page.keyboard.press('Alt+n');
    const note = page.getByTestId('image-note');
    await note.fill('glare on the left');
    await note.blur();
    await page.locator('[data-testid=note-state][data-state=saved]').waitFor();
    const stands = async () => (await person.api('GET', `/assets/${assets[0].id}`)).body;
    const { note: kept, note_revision } = await stands();
    assert.equal(kept, 'glare on the left');
    await person.api('PATCH', `/assets/${assets[0].id}`,
      { json: { note: 'theirs' }, headers: { 'If-Match': `"${note_revision}"` } });
    await note.fill('mine');
    await note.blur();
    await page.getByText('Somebody wrote another note meanwhile').waitFor();
    assert.equal((await stands()).note, 'theirs');
    await page.getByRole('button', { name: 'Save mine' }).click();
    await until(async () => (await stands()).note === 'mine', 'mine, on purpose');
    // The browser itself reports the refused write.
    assert.ok(page.problems.every((problem) => /412/.test(problem)), page.problems.join());
    page.problems.length = 0;
  });

test('the palette runs commands and goes to images; the right button opens a menu', limits,
  async () => {
    const [first] = await open();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('select everything');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => window.__annotate.editor.selection.get().size === 3);
    await page.keyboard.press('Control+k');
    await page.keyboard.type(assets[1].filename);
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(assets[1].id));
    await page.goBack();
    await page.waitForFunction(() => window.__annotate?.shapes().length === 3);
    await clickImage(page, 130, 130, { button: 'right' });
    await page.getByTestId('object-menu').waitFor();
    assert.deepEqual(await selection(), [first]);
    await page.getByTestId('menu-edit.duplicate').click();
    await until(async () => (await stored()).length === 4, 'duplicated');
    await page.keyboard.press('Shift+F10');
    await focused('object-menu');
    await page.keyboard.press('ArrowDown');
    await focused('menu-label');
    await page.keyboard.press('ArrowRight');
    await page.getByTestId('menu-labels').locator('[role=menuitem]:focus').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByTestId('menu-labels').locator('[role=menuitem]:focus', { hasText: 'dog' })
      .waitFor();
    await page.keyboard.press('Enter');
    await until(async () => (await stored()).filter((item) => item.label_id === label('dog'))
      .length === 2, 'relabelled');
  });

test('a finger or a pen that rests opens the menu; neither breaks off a drawing', limits,
  async () => {
    const [first] = await open();
    const rest = async (pointerType, x, y, { still = true } = {}) => {
      const [clientX, clientY] = await at(page, x, y);
      const point = { pointerType, pointerId: 7, isPrimary: true, button: 0, clientX, clientY };
      const canvas = page.getByTestId('canvas');
      await canvas.dispatchEvent('pointerdown', { ...point, buttons: 1, pressure: 0.5 });
      await canvas.dispatchEvent('pointermove', { ...point, buttons: 1, button: -1,
        clientX: clientX + (still ? 3 : 40) });
      await page.waitForTimeout(700);
      await canvas.dispatchEvent('pointerup', point);
    };
    const menu = page.getByTestId('object-menu');
    for (const pointer of ['touch', 'pen']) {
      await rest(pointer, 130, 130);
      await menu.waitFor();
      assert.deepEqual(await selection(), [first]);
      await page.keyboard.press('Escape');
      await menu.waitFor({ state: 'detached' });
    }
    assert.deepEqual((await shapes(page)).map(({ shape }) => shape.x), [100, 220, 340]);
    await rest('pen', 130, 130, { still: false });
    assert.equal(await menu.count(), 0, 'a drag is no rest');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('p');
    await clickImage(page, 300, 300);
    await clickImage(page, 400, 300);
    await rest('pen', 400, 400);
    assert.equal(await menu.count(), 0, 'a half drawn polygon goes on');
    await page.keyboard.press('Enter');
    await until(async () => (await stored()).some(({ shape }) => shape.type === 'polygon'),
      'the polygon');
  });

test('a dialog whose code cannot be fetched says so, and the editor goes on', limits, async () => {
  const lost = await openPage(browser);
  await signIn(lost, server.url, person.email, 'a good long password');
  await lost.route(/Palette-[\w-]+\.js/, (route) => route.abort());
  await open();
  await openEditor(lost, server.url, project, assets[0]);
  await lost.waitForFunction(() => window.__annotate.shapes().length === 3);
  await lost.keyboard.press('Control+k');
  await lost.getByText('This part could not be fetched').waitFor();
  await lost.keyboard.press('r');
  await lost.waitForFunction(() => window.__annotate.editor.tool.get() === 'box');
  await lost.unroute(/Palette-[\w-]+\.js/);
  await lost.keyboard.press('Control+k');
  await lost.getByTestId('palette').waitFor();
  await lost.context().close();
});

test('a key is given to another command, and a preset is taken', limits, async () => {
  await open();
  await page.keyboard.press('Shift+?');
  await page.getByTestId('change-keys').click();
  await page.getByLabel('Find a command or key').fill('pin the');
  await page.getByRole('button', { name: /^Add a key for “Pin/ }).click();
  await page.keyboard.press('r');
  await page.getByTestId('key-take').click();
  assert.equal(await page.getByTestId('key-conflicts').count(), 0);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await clickImage(page, 130, 130);
  await page.keyboard.press('r');
  await page.getByTestId('row-pinned').waitFor();
  assert.equal(await page.evaluate(() => window.__annotate.editor.tool.get()), 'select');
  await page.keyboard.press('F2');
  await page.getByRole('button', { name: 'Back to the preset' }).click();
  await page.getByLabel('X-AnyLabeling').check();
  await page.keyboard.press('Escape');
  await page.keyboard.press('d');
  await page.waitForURL(new RegExp(assets[1].id));
  await page.waitForFunction(() => Boolean(window.__annotate));
  await page.keyboard.press('F2');
  await page.getByLabel('AnnotateAI', { exact: true }).check();
  await page.getByLabel('Letters, digits and signs alone run commands').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  assert.equal(await page.evaluate(() => window.__annotate.editor.tool.get()), 'select');
  assert.deepEqual(page.problems, []);
});
