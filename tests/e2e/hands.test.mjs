// What else hands do with shapes: masks moved, points added, guides by keyboard, holes and snapping
// by mouse, conversions looked at before they are made.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { tinyPng } from '../functional/harness.mjs';
import { haveBrowser } from './browser.mjs';
import { clickImage, openEditor, saved, shapes, takeTool, until } from './editor.mjs';
import { World } from './world.mjs';

const skip = haveBrowser ? false : 'no Chromium';
const limits = { skip, timeout: 60_000 };
let world;
let person;
let asset;
let page;

before(async () => {
  if (skip) return;
  world = await World.open('hands',
    { project: { labels: [{ name: 'car' }] }, files: [['a.png', tinyPng(640, 480)]] });
  ({ person, page, assets: [asset] } = world);
  await openEditor(page, world.server.url, world.project, asset);
});
after(() => world?.close());

const stored = async () =>
  (await person.api('GET', `/assets/${asset.id}/annotations`)).body.items;
const bounds = (index = 0) => page.evaluate((at) =>
  [...window.__annotate.editor.store.ordered()[at].outline.bounds], index);

async function clear() {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('v');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await until(async () => (await shapes(page)).length === 0, 'an empty image');
}

async function polygon(...points) {
  await takeTool(page, 'polygon-tool');
  for (const point of points) await clickImage(page, ...point);
  await page.keyboard.press('Enter');
}

const kSquare = [[100, 100], [300, 100], [300, 300], [100, 300]];

test('a mask goes by arrow keys, and becomes a polygon that was looked at before', limits,
  async () => {
    await polygon(...kSquare);
    await page.keyboard.press('Alt+Shift+KeyM');
    await until(async () => (await stored())[0]?.shape.type === 'mask', 'a mask');
    await page.keyboard.press('v');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    assert.deepEqual(await bounds(), [101, 110, 301, 310]);
    await saved(page);
    await clickImage(page, 200, 200, { button: 'right' });
    await page.getByTestId('menu-convert.choose').click();
    await page.getByTestId('convert-panel').waitFor();
    const shown = () => page.evaluate(() =>
      [...window.__annotate.editor.overlay.get().replaced.values()].map(({ type }) => type));
    await until(async () => (await shown()).join() === 'polygon', 'a preview');
    assert.equal((await shapes(page))[0].shape.type, 'mask', 'nothing is changed so far');
    await page.getByTestId('convert-tolerance').fill('3');
    assert.equal(await page.getByTestId('convert-vertices').textContent(), '4 vertices');
    await page.getByTestId('convert-panel').getByText('Box').click();
    await until(async () => (await shown()).join() === 'box', 'another preview');
    await page.getByTestId('convert-panel').getByText('Polygon').click();
    await page.keyboard.press('Enter');
    await page.getByTestId('convert-panel').waitFor({ state: 'detached' });
    await until(async () => (await stored())[0]?.shape.type === 'polygon', 'converted');
    assert.deepEqual(await shown(), []);
    await clear();
  });

test('a polygon is made simpler: looked at before, one step, undone', limits, async () => {
  const ring = Array.from({ length: 24 }, (_, i) => {
    const turn = (i * Math.PI) / 12;
    return [Math.round(300 + 150 * Math.cos(turn)), Math.round(220 + 150 * Math.sin(turn))];
  });
  await polygon(...ring);
  await saved(page);
  const vertices = () => page.getByTestId('convert-vertices').innerText();
  const drawn = async () => (await stored())[0].shape.parts[0].points.length;
  await until(async () => (await stored()).length === 1, 'drawn');
  assert.equal(await drawn(), 24);
  await page.keyboard.press('v');
  await page.keyboard.press('Alt+v');
  await page.getByTestId('convert-panel').getByText('Simpler polygon').click();
  await page.getByTestId('convert-tolerance').fill('0');
  assert.equal(await vertices(), '24 vertices');
  await page.getByTestId('convert-tolerance').fill('15');
  await until(async () => Number.parseInt(await vertices(), 10) < 12, 'fewer are told');
  const shown = await page.evaluate(() => [...window.__annotate.editor.overlay.get().replaced
    .values()][0].parts[0].points.length);
  assert.equal(`${shown} vertices`, await vertices(), 'the preview has as many');
  assert.equal((await shapes(page))[0].shape.parts[0].points.length, 24, 'nothing is changed');
  await page.keyboard.press('Enter');
  await until(async () => await drawn() === shown, 'simpler');
  await page.getByTestId('canvas').focus();
  await page.keyboard.press('Control+z');
  await until(async () => await drawn() === 24, 'undone');
  await clear();
});

test('snapping and holes are switched by mouse', limits, async () => {
  await polygon(...kSquare);
  await page.getByTestId('vector.holes').check();
  for (const at of [[150, 150], [250, 150], [200, 250]]) await clickImage(page, ...at);
  await page.keyboard.press('Enter');
  await until(async () => (await stored())[0]?.shape.parts[0].holes?.length === 1, 'a hole');
  await page.getByTestId('vector.holes').uncheck();
  await page.getByTestId('vector.snapping').uncheck();
  await page.getByTestId('canvas').focus();
  await polygon([304, 150], [400, 150], [400, 250]);
  const [, second] = await shapes(page);
  assert.ok(second.shape.parts[0].points.some(([x]) => Math.abs(x - 304) < 1), 'not snapped');
  await page.getByTestId('vector.snapping').check();
  await page.getByTestId('canvas').focus();
  await clear();
});

test('points are added to a set and taken from it', limits, async () => {
  await takeTool(page, 'points-tool');
  await clickImage(page, 100, 100);
  await page.keyboard.press('Enter');
  await page.keyboard.press('v');
  await clickImage(page, 200, 150, { alt: true });
  await until(async () => (await stored())[0]?.shape.points.length === 2, 'a second point');
  await page.keyboard.press('Insert');
  await page.keyboard.press('Shift+ArrowDown');
  await until(async () => (await stored())[0]?.shape.points.length === 3, 'a third point');
  await clickImage(page, 100, 100, { alt: true });
  await until(async () => (await stored())[0]?.shape.points.length === 2, 'one is gone');
  await page.getByTestId('vertex-list').locator('summary').click();
  await page.getByRole('button', { name: 'Add a point' }).click();
  await until(async () => (await stored())[0]?.shape.points.length === 3, 'by the list');
  await page.getByTestId('canvas').focus();
  await clear();
});

test('guides come, move and go by keyboard, and a box snaps to one', limits, async () => {
  await page.evaluate(() => window.__annotate.editor.look.update((look) =>
    ({ ...look, rulers: true })));
  const ruler = page.getByTestId('ruler-x');
  await ruler.focus();
  const guides = () => page.evaluate(() => window.__annotate.editor.view.guides.get());
  await page.keyboard.press('Enter');
  const [{ axis, at: place }] = await guides();
  assert.equal(axis, 'x');
  assert.match(await ruler.getAttribute('aria-valuetext'), /^Guide 1 of 1 at \d+$/);
  await page.keyboard.press('Shift+ArrowLeft');
  assert.deepEqual(await guides(), [{ axis: 'x', at: place - 10 }]);
  await page.getByTestId('detection-tool').click();
  await clickImage(page, place - 8, 100);
  await clickImage(page, place + 90, 200);
  await until(async () => (await stored())[0]?.shape.x === place - 10, 'it lies on the guide');
  await ruler.focus();
  await page.keyboard.press('PageDown');
  await page.keyboard.press('Delete');
  assert.deepEqual(await guides(), []);
  assert.deepEqual(page.problems, []);
});
