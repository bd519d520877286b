// Skeletons, cuboids and attributes under a person's hands; labels that come with a template or
// from another tool.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { tinyPng } from '../functional/harness.mjs';
import { haveBrowser } from './browser.mjs';
import { clickImage, dragImage, at, openEditor, saved, shapes, takeTool, until }
  from './editor.mjs';
import { World } from './world.mjs';

const skip = haveBrowser ? false : 'no Chromium';
const skeleton = { points: ['nose', 'left_hand', 'right_hand'], edges: [[0, 1], [0, 2]],
  positions: [[0.5, 0], [1, 1], [0, 1]] };
const attributes = [
  { name: 'pose', kind: 'radio', options: ['up', 'down'] },
  { name: 'age', kind: 'number', min: 0, max: 120 },
  { name: 'wears', kind: 'checkbox', options: ['hat', 'coat'] },
  { name: 'seen', kind: 'checkbox' },
  { name: 'note', kind: 'text', required: true }];
const labels = [
  { name: 'person', kind: 'skeleton', skeleton, attributes },
  { name: 'crate', kind: 'cuboid', attributes }];
let world;
let server;
let person;
let project;
let asset;
let page;

before(async () => {
  if (skip) return;
  world = await World.open('structure',
    { project: { labels }, files: [['a.png', tinyPng(640, 480)]] });
  ({ server, person, project, page, assets: [asset] } = world);
});
after(() => world?.close());

const stored = async () =>
  (await person.api('GET', `/assets/${asset.id}/annotations`)).body.items;

async function exported() {
  const started = await person.api('POST', `/projects/${project.id}/exports`,
    { json: { format: 'coco' } });
  assert.equal((await server.job(person, started.body.job_id)).state, 'succeeded');
  return JSON.parse((await person.api('GET', `/exports/${started.body.job_id}/content`)).text);
}

async function fresh() {
  const items = await stored();
  if (items.length > 0) {
    await openEditor(page, server.url, project, asset);
    await page.getByTestId('canvas').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await saved(page);
  }
  await openEditor(page, server.url, project, asset);
}

const only = async () => (await shapes(page))[0];
const joint = (annotation, name) => annotation.shape.points.find((one) => one.name === name);
const phase = () => page.evaluate(() => window.__annotate.tool());

test('a skeleton is placed, edited by mouse and keys, undone, kept and exported',
  { skip, timeout: 90_000 }, async () => {
    await fresh();
    await takeTool(page, 'skeleton-tool');
    await dragImage(page, [100, 100], [300, 260]);
    await until(async () => (await shapes(page)).length === 1, 'the skeleton');
    assert.deepEqual((await only()).shape.points.map(({ name, x, y }) => [name, Math.round(x),
      Math.round(y)]), [['nose', 200, 100], ['left_hand', 300, 260], ['right_hand', 100, 260]]);
    assert.equal(await phase(), 'select.idle');

    await dragImage(page, [200, 100], [220, 140]);
    assert.ok(Math.abs(joint(await only(), 'nose').x - 220) < 1);
    const [u, v] = await at(page, 220, 140);
    await page.mouse.dblclick(u, v);
    assert.equal(joint(await only(), 'nose').visibility, 1);

    await page.getByTestId('canvas').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const before = joint(await only(), 'left_hand').x;
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    assert.equal(joint(await only(), 'left_hand').x, before + 11);
    await page.keyboard.press('o');
    assert.equal(joint(await only(), 'left_hand').visibility, 1);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+f');
    assert.equal(joint(await only(), 'left_hand').visibility, 2, 'the twin has changed places');
    await page.keyboard.press('Control+z');
    assert.equal(joint(await only(), 'left_hand').visibility, 1);
    await page.keyboard.press('Control+z');
    assert.equal(joint(await only(), 'left_hand').visibility, 2);
    await saved(page);

    const drawn = (await only()).shape;
    await openEditor(page, server.url, project, asset);
    assert.deepEqual((await only()).shape, drawn);
    const coco = await exported();
    const [row] = coco.annotations;
    assert.equal(row.num_keypoints, 3);
    assert.deepEqual(row.keypoints.filter((_, i) => i % 3 === 2), [1, 2, 2]);
    assert.deepEqual(coco.categories.find(({ name }) => name === 'person').skeleton,
      [[1, 2], [1, 3]]);
  });

test('a skeleton is drawn point by point, one of them skipped', { skip, timeout: 60_000 },
  async () => {
    await fresh();
    await page.keyboard.press('Shift+s');
    await clickImage(page, 200, 100);
    await page.keyboard.press('s');
    await clickImage(page, 120, 240, { alt: true });
    await until(async () => (await shapes(page)).length === 1, 'the skeleton');
    assert.deepEqual((await only()).shape.points.map(({ visibility }) => visibility), [2, 0, 1]);

    await page.keyboard.press('v');
    await page.getByText(/Joints: 2 of 3/).click();
    await page.getByLabel('Visibility of left_hand').selectOption('2');
    const shown = joint(await only(), 'left_hand');
    assert.deepEqual([shown.x, shown.y].map(Math.round), [200, 240], 'where the template has it');
    await page.getByLabel('X of left_hand').fill('280');
    await page.keyboard.press('Enter');
    assert.equal(joint(await only(), 'left_hand').x, 280);
    await saved(page);
  });

test('a joint that the label no longer has stays, and the skeleton can be edited',
  { skip, timeout: 60_000 }, async () => {
    await fresh();
    await page.keyboard.press('Shift+s');
    await page.keyboard.press('Enter');
    await until(async () => (await shapes(page)).length === 1, 'the skeleton');
    await saved(page);
    const current = await person.api('GET', `/projects/${project.id}`);
    const smaller = { points: ['nose', 'left_hand'], edges: [[0, 1]] };
    const changed = await person.api('PATCH', `/projects/${project.id}`, {
      headers: { 'if-match': current.headers.get('etag') },
      json: { labels: current.body.labels.map((label) =>
        (label.name === 'person' ? { ...label, skeleton: smaller } : label)) } });
    assert.equal(changed.status, 200, changed.text);
    await openEditor(page, server.url, project, asset);
    await page.getByTestId('canvas').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('ArrowRight');
    await saved(page);
    await page.getByRole('spinbutton', { name: 'age', exact: true }).fill('30');
    await page.keyboard.press('Enter');
    await saved(page);
    const [item] = await stored();
    assert.equal(item.shape.points.length, 3);
    assert.equal(item.attributes.age, 30);
    const again = await person.api('GET', `/projects/${project.id}`);
    await person.api('PATCH', `/projects/${project.id}`, {
      headers: { 'if-match': again.headers.get('etag') },
      json: { labels: again.body.labels.map((label) =>
        (label.name === 'person' ? { ...label, skeleton } : label)) } });
  });

test('a cuboid is drawn, edited by mouse and keys, undone, kept and exported',
  { skip, timeout: 90_000 }, async () => {
    await fresh();
    await page.keyboard.press('2');
    await takeTool(page, 'cuboid-tool');
    await dragImage(page, [100, 200], [220, 320]);
    assert.equal(await phase(), 'cuboid.depth');
    await page.mouse.move(...await at(page, 300, 150));
    await clickImage(page, 320, 160);
    await until(async () => (await shapes(page)).length === 1, 'the cuboid');
    const corner = async (index) => (await only()).shape.points[index].map(Math.round);
    assert.deepEqual([await corner(0), await corner(2), await corner(5)],
      [[100, 200], [220, 320], [320, 160]]);

    await page.keyboard.press('v');
    await dragImage(page, [220, 320], [240, 340]);
    assert.deepEqual([await corner(2), await corner(1), await corner(3)],
      [[240, 340], [240, 200], [100, 340]], 'upright and level edges stay so');
    await page.getByTestId('canvas').focus();
    await page.keyboard.press('Enter');
    const before = await corner(0);
    await page.keyboard.press('ArrowLeft');
    assert.deepEqual([await corner(0), await corner(3)], [[before[0] - 1, 200], [99, 340]]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+z');
    assert.deepEqual(await corner(0), before);
    await page.keyboard.press('ArrowDown');
    assert.deepEqual(await corner(0), [100, 201]);
    await saved(page);

    const drawn = (await only()).shape;
    await openEditor(page, server.url, project, asset);
    assert.deepEqual((await only()).shape, drawn);
    const [row] = (await exported()).annotations;
    assert.deepEqual(row.annotateai.shape.points, drawn.points);
    assert.ok(row.segmentation[0].length >= 8 && row.area > 0);
  });

test('attributes of several objects are set together', { skip, timeout: 60_000 }, async () => {
  await fresh();
  for (const key of ['Shift+s', 'Shift+c']) {
    await page.getByTestId('canvas').focus();
    await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
  }
  await until(async () => (await shapes(page)).length === 2, 'two objects');
  await page.keyboard.press('v');
  await page.getByTestId('canvas').focus();
  await page.keyboard.press('Control+a');
  const details = page.getByTestId('object-details');
  await details.getByText('required and not set').waitFor({ state: 'attached' });
  await details.getByLabel('up').check();
  await details.getByLabel('hat').check();
  await details.getByLabel('seen').check();
  await details.getByLabel('age').fill('130');
  await details.getByText('At most 120.').waitFor();
  await details.getByLabel('age').fill('41.5');
  await details.getByLabel('note').fill('both');
  await page.keyboard.press('Enter');
  await saved(page);
  const wanted = { pose: 'up', wears: ['hat'], seen: true, age: 41.5, note: 'both' };
  for (const item of await stored()) assert.deepEqual(item.attributes, wanted);

  await page.getByTestId('canvas').focus();
  await page.keyboard.press('Tab');
  await details.getByLabel('down').check();
  await page.getByTestId('canvas').focus();
  await page.keyboard.press('Control+a');
  await details.getByText('different').first().waitFor();
  await page.keyboard.press('Control+z');
  await details.getByText('different').first().waitFor({ state: 'detached' });
  await saved(page);
  const poses = (await stored()).map((item) => item.attributes.pose);
  assert.deepEqual(poses, ['up', 'up']);
  const coco = await exported();
  assert.deepEqual(coco.annotations.map((row) => row.attributes.wears), [['hat'], ['hat']]);
});

test('a project starts from a template, a skeleton is designed, labels are imported',
  { skip, timeout: 90_000 }, async () => {
    await page.goto(`${server.url}/projects/new`);
    await page.getByTestId('project-name').fill('Faces');
    await page.getByTestId('template-faces').check();
    assert.equal(await page.getByTestId('project-type').inputValue(), 'keypoints');

    await page.getByRole('button', { name: 'Edit skeleton: face' }).click();
    const box = await page.getByTestId('skeleton-canvas').boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height * 0.95);
    await page.getByLabel('Name of point 6').fill('chin');
    // The chin was placed last and so is chosen: Enter on another point joins it with that one.
    await page.getByRole('button', { name: '3 nose', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.getByTestId('skeleton-done').click();

    await page.getByTestId('import-labels').click();
    await page.getByRole('textbox', { name: 'Labels', exact: true }).fill(JSON.stringify([
      { name: 'mask', color: '#ff0000', type: 'mask', attributes: [
        { name: 'worn', mutable: true, input_type: 'checkbox', default_value: 'true' },
        { name: 'odd', input_type: 'slider' }] },
      { name: '' }]));
    await page.getByText('1 label found (CVAT).').waitFor();
    await page.getByText('2 things were left out').waitFor();
    await page.getByTestId('import-labels-add').click();
    await page.getByTestId('create-project').click();
    await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
    const id = /[0-9a-f-]{36}$/.exec(page.url())[0];
    const [face, mask] = (await person.api('GET', `/projects/${id}`)).body.labels;
    assert.equal(face.skeleton.points.at(-1), 'chin');
    assert.deepEqual(face.skeleton.edges.at(-1), [5, 2]);
    assert.equal(face.skeleton.positions.length, 6);
    assert.deepEqual([mask.kind, mask.color.toLowerCase()], ['mask', '#ff0000']);
    assert.deepEqual(mask.attributes,
      [{ name: 'worn', kind: 'checkbox', default_value: true, per_frame: true }]);
    assert.deepEqual(page.problems, []);
  });
