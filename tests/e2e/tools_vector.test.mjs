// Every tool that draws vectors: drawn with, edited by mouse and by keyboard, undone, reloaded and
// exported.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { tinyPng } from '../functional/harness.mjs';
import { haveBrowser } from './browser.mjs';
import { at, clickImage, contains, dragImage, openEditor, saved, shapes, takeTool, until }
  from './editor.mjs';
import { World } from './world.mjs';

const skip = haveBrowser ? false : 'no Chromium';
let world;
let server;
let person;
let project;
let page;
let asset;

before(async () => {
  if (skip) return;
  world = await World.open('vectors',
    { project: { type: 'segmentation', labels: [{ name: 'thing' }] } });
  ({ server, person, project, page } = world);
});
after(() => world?.close());

const only = async () => (await shapes(page))[0]?.shape;
const rounded = (points) => points.map((point) => point.map(Math.round));
const press = (...keys) => keys.reduce((done, key) => done.then(() => page.keyboard.press(key)),
  Promise.resolve());

// A fresh image each time, so that no test sees what another one drew.
async function open(name) {
  const upload = await server.upload(person, project.id, [[`${name}.png`, tinyPng(640, 480)]]);
  [asset] = upload.body.items;
  if (!asset) throw new Error(JSON.stringify(upload.body));
  await openEditor(page, server.url, project, asset);
}

async function drawn(count = 1) {
  await until(async () => (await shapes(page)).length === count, `${count} objects`);
}

// The types of the shapes of this image as COCO has them; what it cannot hold is in our extension.
async function exported() {
  const started = await person.api('POST', `/projects/${project.id}/exports`,
    { json: { format: 'coco' } });
  assert.equal((await server.job(person, started.body.job_id)).state, 'succeeded');
  const { text } = await person.api('GET', `/exports/${started.body.job_id}/content`);
  const coco = JSON.parse(text);
  const { id } = coco.images.find(({ file_name }) => file_name.endsWith(asset.filename));
  return coco.annotations.filter(({ image_id }) => image_id === id).map((row) =>
    row.annotateai?.shape?.type ?? (row.segmentation?.length > 0 ? 'polygon' : 'box'));
}

// Undo and redo, a reload and the export have the shape as it is now.
async function keeps() {
  const now = await shapes(page);
  await press('Control+z');
  assert.notDeepEqual(
    (await shapes(page)).map(({ shape }) => shape),
    now.map(({ shape }) => shape),
  );
  await press('Control+Shift+z');
  assert.deepEqual((await shapes(page)).map(({ shape }) => shape), now.map(({ shape }) => shape));
  await saved(page);
  await openEditor(page, server.url, project, asset);
  assert.deepEqual((await shapes(page)).map(({ shape }) => shape), now.map(({ shape }) => shape));
  assert.deepEqual(await exported(), now.map(({ shape }) => shape.type));
  assert.deepEqual(page.problems, []);
}

async function named(label, value) {
  const field = page.getByLabel(label, { exact: true });
  await field.fill(String(value));
  await field.press('Enter');
}

test('a rotated box is drawn by a side and its width, turned by its knob and by keys',
  { skip, timeout: 60_000 }, async () => {
    await open('rotated');
    await takeTool(page, 'rotated-box-tool');
    await clickImage(page, 100, 200);
    await clickImage(page, 260, 200);
    await clickImage(page, 200, 280);
    await drawn();
    const box = await only();
    assert.deepEqual([box.x, box.y, box.width, box.height].map(Math.round), [100, 200, 160, 80]);
    await press('v');
    const reach = await page.evaluate(() => window.__annotate.editor.view.reach(26));
    await dragImage(page, [180, 200 - reach], [320, 240]);
    assert.ok(Math.abs((await only()).rotation - 90) < 1, JSON.stringify(await only()));
    await page.getByTestId('canvas').focus();
    await press('Alt+Shift+ArrowUp', 'Alt+Shift+ArrowLeft');
    assert.ok(Math.abs((await only()).rotation - 74) < 1);
    await named('Angle', 30);
    assert.equal((await only()).rotation, 30);
    await keeps();
  });

test('four extreme points make a box', { skip, timeout: 60_000 }, async () => {
  await open('extreme');
  await takeTool(page, 'extreme-box-tool');
  for (const point of [[200, 100], [320, 180], [180, 260], [120, 150]]) {
    await clickImage(page, ...point);
  }
  await drawn();
  const box = await only();
  assert.deepEqual([box.x, box.y, box.width, box.height].map(Math.round), [120, 100, 200, 160]);
  await press('v');
  await dragImage(page, [320, 260], [340, 280]);
  await page.getByTestId('canvas').focus();
  await press('ArrowRight', 'Shift+ArrowDown');
  const moved = await only();
  assert.deepEqual([moved.x, moved.y, moved.width].map(Math.round), [121, 110, 220]);
  await named('W', 100);
  assert.equal((await only()).width, 100);
  await keeps();
});

test('a polygon snaps to its neighbour, follows its contour and gets a hole',
  { skip, timeout: 60_000 }, async () => {
    await open('polygon');
    await takeTool(page, 'polygon-tool');
    for (const point of [[100, 100], [200, 100], [200, 300], [100, 300]]) {
      await clickImage(page, ...point);
    }
    await press('Enter');
    await drawn();
    await clickImage(page, 203, 103);
    await press('t');
    await page.mouse.move(...await at(page, 203, 200));
    await clickImage(page, 202, 298);
    await clickImage(page, 320, 300);
    await clickImage(page, 320, 100);
    await press('Enter');
    await drawn(2);
    const [, second] = await shapes(page);
    assert.deepEqual(rounded(second.shape.parts[0].points),
      [[200, 100], [200, 300], [320, 300], [320, 100]], 'the common border is the same');

    for (const [i, point] of [[230, 150], [290, 150], [290, 250], [230, 250]].entries()) {
      await clickImage(page, ...point, { alt: i === 0 });
    }
    await press('Enter');
    await until(async () => (await shapes(page))[1].shape.parts[0].holes?.length === 1, 'a hole');
    const holed = (await shapes(page))[1].shape;
    assert.ok(contains(holed, 215, 200) && !contains(holed, 260, 200));

    await press('v');
    await dragImage(page, [320, 100], [340, 90]);
    await page.getByTestId('canvas').focus();
    await press('z', 'Shift+z', 'ArrowRight', 'Escape');
    const hole = (await shapes(page))[1].shape.parts[0].holes[0];
    assert.deepEqual(rounded(hole)[3], [231, 250]);
    await page.getByTestId('vertex-list').locator('summary').click();
    await named('X of vertex 1', 205);
    assert.deepEqual(rounded((await shapes(page))[1].shape.parts[0].points)[0], [205, 100]);
    await keeps();
  });

test('a polygon is sliced in two and joined again', { skip, timeout: 60_000 }, async () => {
  await open('slice');
  await takeTool(page, 'polygon-tool');
  for (const point of [[100, 100], [300, 100], [300, 200], [100, 200]]) {
    await clickImage(page, ...point);
  }
  await press('Enter');
  await drawn();
  await takeTool(page, 'slice-tool');
  await clickImage(page, 180, 60);
  await clickImage(page, 180, 240);
  await press('Enter');
  await drawn(2);
  const pieces = (await shapes(page)).map(({ shape }) => rounded(shape.parts[0].points));
  for (const piece of pieces) {
    for (const y of [100, 200]) assert.ok(piece.some(([u, v]) => u === 180 && v === y));
  }
  await press('Control+z');
  await drawn(1);
  await press('Control+Shift+z');
  await drawn(2);
  await press('v', 'Control+a', 'j');
  await drawn(1);
  assert.ok(contains(await only(), 120, 150) && contains(await only(), 280, 150));

  await takeTool(page, 'slice-tool');
  await page.getByTestId('canvas').focus();
  await press('Enter');
  await drawn(2);
  await press('v', 'Escape');
  await takeTool(page, 'join-tool');
  await clickImage(page, 120, 150);
  await clickImage(page, 280, 150);
  await press('Enter');
  await drawn(1);
  await keeps();
});

test('a polyline is drawn, drawn freehand and edited', { skip, timeout: 60_000 }, async () => {
  await open('polyline');
  await takeTool(page, 'polyline-tool');
  for (const point of [[100, 100], [200, 150], [300, 100]]) await clickImage(page, ...point);
  await press('Enter');
  await drawn();
  assert.deepEqual(rounded((await only()).points), [[100, 100], [200, 150], [300, 100]]);
  await press('v');
  await dragImage(page, [200, 150], [200, 200]);
  await page.getByTestId('canvas').focus();
  await press('z', 'Shift+ArrowDown');
  assert.deepEqual(rounded((await only()).points), [[100, 110], [200, 200], [300, 100]]);
  await press('z', 'Delete', 'Escape');
  assert.deepEqual(rounded((await only()).points), [[100, 110], [300, 100]]);
  await named('X', 120);
  assert.deepEqual(rounded((await only()).points), [[120, 110], [320, 100]]);
  await keeps();
});

test('points are set, moved and taken away', { skip, timeout: 60_000 }, async () => {
  await open('points');
  await takeTool(page, 'points-tool');
  for (const point of [[100, 100], [200, 150], [300, 100]]) await clickImage(page, ...point);
  await press('Enter');
  await drawn();
  await press('v');
  await dragImage(page, [200, 150], [210, 200]);
  await clickImage(page, 300, 100, { alt: true });
  assert.deepEqual(rounded((await only()).points), [[100, 100], [210, 200]]);
  await page.getByTestId('canvas').focus();
  await press('z', 'ArrowLeft', 'Escape');
  await page.getByTestId('vertex-list').locator('summary').click();
  await named('Y of vertex 2', 180);
  assert.deepEqual(rounded((await only()).points), [[99, 100], [210, 180]]);
  await keeps();
});

test('an ellipse is drawn, stretched and turned', { skip, timeout: 60_000 }, async () => {
  await open('ellipse');
  await takeTool(page, 'ellipse-tool');
  await dragImage(page, [100, 100], [300, 200]);
  await drawn();
  const { cx, cy, rx, ry } = await only();
  assert.deepEqual([cx, cy, rx, ry].map(Math.round), [200, 150, 100, 50]);
  await press('v');
  await dragImage(page, [300, 150], [340, 150]);
  assert.deepEqual([(await only()).cx, (await only()).rx].map(Math.round), [220, 120]);
  await page.getByTestId('canvas').focus();
  await press('Alt+Shift+ArrowDown');
  assert.equal((await only()).rotation, 15);
  await named('Radius Y', 40);
  assert.equal((await only()).ry, 40);
  await keeps();
});

test('Enter places each shape, N goes on, Shift+N draws the selected one again',
  { skip, timeout: 60_000 }, async () => {
    await open('keys');
    await page.getByTestId('canvas').focus();
    const tools = ['Shift+r', 'x', 'p', 'l', 'Shift+p', 'Shift+o'];
    for (const [i, key] of tools.entries()) {
      await press(key, 'Enter');
      await drawn(i + 1);
    }
    assert.deepEqual((await shapes(page)).map(({ shape }) => shape.type),
      ['box', 'box', 'polygon', 'polyline', 'points', 'ellipse']);
    await press('v', 'n');
    assert.equal(await page.evaluate(() => window.__annotate.tool()), 'ellipse.idle');
    await press('v', 'Shift+n');
    const [id] = await page.evaluate(() => [...window.__annotate.editor.selection.get()]);
    await dragImage(page, [40, 40], [80, 80]);
    await until(async () => (await shapes(page)).find((one) => one.id === id).shape.rx === 20,
      'drawn again');
    assert.equal((await shapes(page)).length, tools.length);
    assert.equal(await page.evaluate(() => window.__annotate.tool()), 'select.idle');
  });

test('every tool fits a low screen and is reached by keys', { skip, timeout: 60_000 }, async () => {
  for (const size of [{ width: 1280, height: 720 }, { width: 1024, height: 768 }]) {
    await page.setViewportSize(size);
    const rail = await page.locator('.rail').boundingBox();
    const status = await page.locator('.status').boundingBox();
    assert.ok(rail.y + rail.height <= status.y, `${rail.y + rail.height} over ${status.y}`);
  }
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.getByTestId('rail-group-shape').focus();
  await press('Enter', 'ArrowDown');
  const items = page.getByRole('menuitemradio');
  assert.equal(await items.count(), 3);
  await press('Escape');
  await items.first().waitFor({ state: 'detached' });
  assert.deepEqual(page.problems, []);
});
