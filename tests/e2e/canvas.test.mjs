// How the picture and the shapes are shown: turned, mirrored, far and near, coloured, in tiles.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { uuidv7 } from '../functional/harness.mjs';
import { haveBrowser } from './browser.mjs';
import { at, clickImage, dragImage, openEditor, shapes, until } from './editor.mjs';
import { gradientPng } from './pictures.mjs';
import { World } from './world.mjs';

const skip = haveBrowser ? false : 'no Chromium';
const options = { skip, timeout: 120_000 };
let world;
let server;
let person;
let project;
let page;

before(async () => {
  if (skip) return;
  world = await World.open('ada');
  ({ server, person, project, page } = world);
});
after(() => world?.close());

const box = (label, x, y, width, height, more = {}) => ({ id: uuidv7(), op: 'put', annotation: {
  id: uuidv7(), label_id: project.labels[label].id, attributes: {},
  shape: { type: 'box', x, y, width, height }, ...more } });

async function asset(name, file, operations = []) {
  const answer = await server.upload(person, project.id, [[name, file]]);
  assert.equal(answer.status, 201, answer.text);
  const [item] = answer.body.items;
  for (let from = 0; from < operations.length; from += 1000) {
    const reply = await person.api('POST', `/assets/${item.id}/operations`,
      { json: { base_revision: from, operations: operations.slice(from, from + 1000) } });
    assert.equal(reply.status, 200, reply.text);
  }
  return item;
}

const idle = () => page.evaluate(() => window.__annotate.idle());

async function press(keys) {
  await page.keyboard.press(keys);
  await idle();
}

async function look(patch) {
  await page.evaluate((value) =>
    window.__annotate.editor.look.update((now) => ({ ...now, ...value })), patch);
  await idle();
}

// Red, green, blue of a layer (0 picture, 1 shapes, 2 overlay) at a place of the image.
async function probe(layer, x, y) {
  const [u, v] = await at(page, x, y);
  return page.evaluate(([index, px, py]) => {
    const canvas = document.querySelectorAll('.stage > canvas')[index];
    const scale = canvas.width / canvas.clientWidth;
    const context = canvas.getContext('2d');
    return [...context.getImageData(Math.floor(px * scale), Math.floor(py * scale), 1, 1).data];
  }, [layer, u, v]);
}

const near = (color, expected, by = 12) =>
  color.every((value, i) => i > 2 || Math.abs(value - expected[i]) <= by);

// What gradientPng draws.
const gradient = (x, y, width, height) => [Math.floor(255 * x / width),
  Math.floor(255 * y / height), 64];

async function chosen() {
  const ids = await page.evaluate(() => [...window.__annotate.editor.selection.get()]);
  return ids[0] ?? null;
}

test('turned and mirrored, the picture, the shapes and the pointer agree', options, async () => {
  const operations = [box(0, 40, 60, 120, 80), box(1, 420, 250, 100, 90)];
  const item = await asset('turn.png', gradientPng(600, 400), operations);
  await openEditor(page, server.url, project, item);
  const [first, second] = operations.map(({ annotation }) => annotation.id);
  await look({ fill: 1 });
  for (const step of ['', 'view.turnRight', 'view.flipX', 'view.turnRight', 'view.flipY']) {
    if (step) await page.evaluate((id) => window.__annotate.run(id), step);
    await idle();
    await page.mouse.move(640, 700);
    assert.ok(near(await probe(0, 300.5, 200.5), gradient(300, 200, 600, 400)), step);
    assert.ok(near(await probe(0, 50.5, 370.5), gradient(50, 370, 600, 400)), step);
    assert.equal((await probe(1, 300, 200))[3], 0, step);
    assert.ok((await probe(1, 100, 100))[3] > 200, step);
    assert.ok((await probe(1, 470, 300))[3] > 200, step);
    await clickImage(page, 100, 100);
    assert.equal(await chosen(), first, step);
    await clickImage(page, 470, 300);
    assert.equal(await chosen(), second, step);
    await clickImage(page, 300, 200);
    assert.equal(await chosen(), null, step);
  }
  // A drag moves by image pixels, whatever way is up.
  await dragImage(page, [100, 100], [130, 90]);
  await idle();
  const moved = (await shapes(page)).find(({ id }) => id === first).shape;
  assert.deepEqual([moved.x, moved.y], [70, 50]);
  await page.evaluate(() => window.__annotate.run('view.upright'));
  assert.deepEqual(page.problems, []);
});

test('colours follow what is asked for, names and fills too', options, async () => {
  const operations = [box(0, 40, 40, 100, 100, { source: 'model', score: 0.9 }),
    box(0, 240, 40, 100, 100, { source: 'model', score: 0.1 })];
  const item = await asset('color.png', gradientPng(400, 200), operations);
  await openEditor(page, server.url, project, item);
  await look({ fill: 1, chips: 'none', colorBy: 'label' });
  await page.mouse.move(640, 700);
  const pair = async () => [await probe(1, 90, 90), await probe(1, 290, 90)];
  let [a, b] = await pair();
  assert.deepEqual(a, b);
  await look({ colorBy: 'score' });
  [a, b] = await pair();
  assert.ok(a[1] > a[0], `certain is green: ${a}`);
  assert.ok(b[0] > b[1], `doubtful is red: ${b}`);
  await look({ colorBy: 'object' });
  [a, b] = await pair();
  assert.notDeepEqual(a, b);
  await look({ outlineOnly: true });
  assert.equal((await probe(1, 90, 90))[3], 0);
  await page.reload();
  await page.waitForFunction(() => Boolean(window.__annotate));
  await idle();
  assert.equal((await probe(1, 90, 90))[3], 0, 'kept over a reload');
  await look({ outlineOnly: false, fill: 0.2, chips: 'label', colorBy: 'label' });
});

test('at 64x every pixel is a square in a grid and is named in the status', options, async () => {
  const item = await asset('grid.png', gradientPng(64, 64));
  await openEditor(page, server.url, project, item);
  await page.evaluate(() => {
    const { view } = window.__annotate.editor;
    view.zoomAt(view.toScreen([32, 32]), 1000);
  });
  await idle();
  const zoom = await page.evaluate(() => window.__annotate.editor.view.camera.get().zoom);
  assert.equal(zoom, 64);
  assert.deepEqual(await probe(0, 32.1, 32.5), await probe(0, 32.9, 32.5), 'one colour a pixel');
  assert.ok((await probe(1, 32.001, 32.5))[3] > 60, 'a line between pixels');
  assert.equal((await probe(1, 32.5, 32.5))[3], 0, 'none within');
  await page.mouse.move(...await at(page, 32.5, 30.5));
  await page.waitForFunction(() => window.__annotate.editor.view.pixel.get());
  const pixel = await page.evaluate(() => window.__annotate.editor.view.pixel.get());
  assert.deepEqual([pixel.x, pixel.y], [32, 30]);
  assert.ok(near([pixel.r, pixel.g, pixel.b], gradient(32, 30, 64, 64), 2));
});

test('one Escape closes the view panel, whatever has the focus in it', options, async () => {
  const item = await asset('escape.png', gradientPng(300, 200));
  await openEditor(page, server.url, project, item);
  const panel = page.getByRole('dialog', { name: 'View' });
  for (const at of [null, 'Mirror the view left to right', 'Invert']) {
    await page.getByTestId('view-panel').focus();
    await page.keyboard.press('Enter');
    await panel.getByLabel('Invert').waitFor();
    if (at) await panel.getByLabel(at).focus();
    // On a button its name is shown, which is a layer of its own.
    if (at?.startsWith('Mirror')) await page.getByRole('tooltip', { name: at }).waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached', timeout: 2000 });
  }
});

test('the view panel changes the tone, and the next image starts plain', options, async () => {
  const item = await asset('tone.png', gradientPng(300, 200));
  await openEditor(page, server.url, project, item);
  await page.getByTestId('view-panel').click();
  const panel = page.getByRole('dialog', { name: 'View' });
  await panel.getByLabel('Invert').check();
  const filter = () => page.evaluate(() => document.querySelector('.stage-image').style.filter);
  await page.waitForFunction(() =>
    /url\("?#tone/.test(document.querySelector('.stage-image').style.filter));
  const [x, y] = await at(page, 150.5, 100.5);
  const shot = await page.screenshot({ clip: { x: Math.floor(x), y: Math.floor(y), width: 1,
    height: 1 } });
  const { PNG } = await import('../../web/node_modules/pngjs/lib/png.js');
  const { data } = PNG.sync.read(shot);
  const seen = [...data.subarray(0, 3)];
  const plain = gradient(150, 100, 300, 200);
  assert.ok(near(seen, plain.map((value) => 255 - value)), `${seen} is the inverse of ${plain}`);
  await panel.getByRole('button', { name: 'Reset' }).click();
  await until(async () => await filter() === '', 'the plain tone');
  await panel.getByLabel('Equalise').check();
  await page.keyboard.press('Escape');
  await page.reload();
  await page.waitForFunction(() => Boolean(window.__annotate));
  await idle();
  assert.equal(await filter(), '');
});

test('a crowd is drawn in tiles, and a change spoils few of them', options, async () => {
  const operations = Array.from({ length: 2000 }, (_, i) =>
    box(i % 3, 10 + 40 * (i % 50), 10 + 30 * Math.floor(i / 50), 24, 18));
  const item = await asset('crowd.png', gradientPng(2048, 1300), operations);
  await openEditor(page, server.url, project, item);
  await look({ fill: 1 });
  const stats = () => page.evaluate(() => window.__annotate.stats());
  assert.ok((await stats()).tiles > 0);
  const middle = [10 + 40 * 25 + 12, 10 + 30 * 20 + 9];
  assert.ok((await probe(1, ...middle))[3] > 200);
  await clickImage(page, ...middle);
  const id = await chosen();
  assert.ok(id);
  const { tiles } = await stats();
  await press('Delete');
  await page.mouse.move(640, 700);
  await idle();
  assert.ok((await stats()).tiles - tiles <= 6, 'only what the object touched');
  assert.equal((await probe(1, ...middle))[3], 0);
  await press('Control+z');
  assert.ok((await probe(1, ...middle))[3] > 200);
  await page.evaluate(() => window.__annotate.editor.view.zoomCentre(4));
  await idle();
  assert.ok((await probe(1, ...middle))[3] > 200, 'near');
  await look({ fill: 0.2 });
});

test('the minimap shows what is seen and moves it', options, async () => {
  const item = await asset('map.png', gradientPng(1600, 900));
  await openEditor(page, server.url, project, item);
  await look({ minimap: true });
  await page.evaluate(() => window.__annotate.editor.view.zoomCentre(6));
  const map = await page.getByTestId('minimap').boundingBox();
  await page.mouse.click(map.x + map.width * 0.75, map.y + map.height * 0.25);
  const [u, v] = await page.evaluate(() => window.__annotate.editor.view.shown());
  assert.ok(Math.abs(u - 1200) < 12 && Math.abs(v - 225) < 12, `${u} ${v}`);
  await look({ minimap: false });
});

test('a guide is pulled out of a ruler and put back', options, async () => {
  const item = await asset('ruler.png', gradientPng(800, 500));
  await openEditor(page, server.url, project, item);
  await look({ rulers: true });
  const guides = () => page.evaluate(() => window.__annotate.editor.view.guides.get());
  const ruler = await page.getByTestId('ruler-x').boundingBox();
  const [x, y] = await at(page, 400, 250);
  await page.mouse.move(x, ruler.y + 8);
  await page.mouse.down();
  await page.mouse.move(x, y, { steps: 3 });
  await page.mouse.up();
  assert.deepEqual(await guides(), [{ axis: 'y', at: 250 }]);
  await idle();
  assert.ok((await probe(2, 400, 250))[3] > 200);
  const side = await page.getByTestId('ruler-y').boundingBox();
  await page.mouse.move(side.x + 8, y);
  await page.mouse.down();
  await page.mouse.move(side.x + 8, y + 2);
  await page.mouse.up();
  assert.deepEqual(await guides(), []);
  await look({ rulers: false });
});

test('a pen feels pressure and then fingers only move the view', options, async () => {
  const item = await asset('pen.png', gradientPng(800, 500));
  await openEditor(page, server.url, project, item);
  const heard = await page.evaluate(async () => {
    const { editor, toolbox } = window.__annotate;
    const list = [];
    const dispatch = toolbox.dispatch.bind(toolbox);
    toolbox.dispatch = (input) => {
      list.push(input);
      return dispatch(input);
    };
    const canvas = document.querySelector('[data-testid=canvas]');
    const fire = (type, x, y, more) => canvas.dispatchEvent(new PointerEvent(type, {
      clientX: x, clientY: y, bubbles: true, pointerId: 7, button: 0, buttons: 1, ...more }));
    const pen = { pointerType: 'pen', pressure: 0.25 };
    fire('pointerdown', 400, 300, pen);
    fire('pointermove', 410, 300, pen);
    fire('pointerup', 410, 300, { ...pen, pressure: 0 });
    const before = editor.view.camera.get();
    const finger = { pointerType: 'touch', pointerId: 9, pressure: 1 };
    fire('pointerdown', 400, 300, finger);
    fire('pointermove', 430, 300, finger);
    fire('pointermove', 450, 320, finger);
    fire('pointerup', 450, 320, finger);
    const after = editor.view.camera.get();
    return { list, shift: [after.x - before.x, after.y - before.y] };
  });
  const felt = heard.list.filter(({ pointer }) => pointer === 'pen');
  assert.deepEqual(felt.map(({ type, pressure }) => [type, pressure]),
    [['down', 0.25], ['move', 0.25], ['up', undefined]]);
  assert.equal(felt[1].path.length, 1);
  assert.ok(heard.list.every(({ pointer }) => pointer !== 'touch'));
  assert.ok(heard.shift[0] > 15);
});

test('a picture of 256 megapixels opens in tiles and is sharp at 1:1', options, async () => {
  const side = 16_384;
  const item = await asset('huge.png', gradientPng(side, side));
  const response = await person.api('GET', `/assets/${item.id}/tiles/0/31/31`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'image/jpeg');
  const etag = response.headers.get('etag');
  const again = await person.api('GET', `/assets/${item.id}/tiles/0/31/31`,
    { headers: { 'if-none-match': etag } });
  assert.equal(again.status, 304);
  for (const place of ['9/0/0', '0/32/0', '0/0/99', '0/x/0', '0/-1/0']) {
    assert.equal((await person.api('GET', `/assets/${item.id}/tiles/${place}`)).status, 404, place);
  }
  const stranger = await server.person('eve');
  assert.equal((await stranger.api('GET', `/assets/${item.id}/tiles/0/0/0`)).status, 404);
  console.log(`# server after the tiles: ${server.rssMiB().toFixed(0)} MiB`);

  await openEditor(page, server.url, project, item);
  assert.ok(near(await probe(0, 8000, 4000), gradient(8000, 4000, side, side)));
  await page.evaluate(() => window.__annotate.editor.view.actualSize());
  await page.evaluate(() => window.__annotate.editor.view.centreOn([12_000, 9_000]));
  await idle();
  for (const [x, y] of [[12_000, 9_000], [11_800, 9_100], [12_200, 8_900]]) {
    const seen = await probe(0, x + 0.5, y + 0.5);
    assert.ok(near(seen, gradient(x, y, side, side), 4), `${seen} at ${x}, ${y}`);
  }
  const pixels = await page.evaluate(async () => {
    const data = await window.__annotate.editor.pixels({ x: 510, y: 1020, width: 4, height: 8 });
    return { width: data.width, height: data.height, first: [...data.data.slice(0, 3)] };
  });
  assert.deepEqual([pixels.width, pixels.height], [4, 8]);
  assert.ok(near(pixels.first, gradient(510, 1020, side, side), 4));
  const session = await page.context().newCDPSession(page);
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  assert.ok(usedSize < 200 * 2 ** 20);
});
