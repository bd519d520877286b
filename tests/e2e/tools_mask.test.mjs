// Every tool that paints masks: drawn with, edited by mouse and by keyboard, undone, reloaded and
// exported.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import path from 'node:path';

import { root } from '../functional/harness.mjs';
import { haveBrowser } from './browser.mjs';
import { at, clickImage, dragImage, openEditor, saved, shapes, until } from './editor.mjs';
import { World } from './world.mjs';

const { PNG } = createRequire(path.join(root, 'web/package.json'))('pngjs');
const skip = haveBrowser ? false : 'no Chromium';
const square = [100, 100, 300, 300];
let world;
let server;
let person;
let project;
let page;

// A red square, its right half darker, on grey.
function picture() {
  const png = new PNG({ width: 640, height: 480 });
  for (let y = 0; y < png.height; ++y) {
    for (let x = 0; x < png.width; ++x) {
      const inside = x >= square[0] && y >= square[1] && x < square[2] && y < square[3];
      const color = !inside ? [120, 120, 120] : x < 200 ? [200, 40, 40] : [170, 40, 40];
      png.data.set([...color, 255], 4 * (y * png.width + x));
    }
  }
  return PNG.sync.write(png);
}

before(async () => {
  if (skip) return;
  world = await World.open('masks',
    { project: { type: 'segmentation', labels: [{ name: 'thing' }] } });
  ({ server, person, project, page } = world);
});
after(() => world?.close());

const area = () => page.evaluate(() => {
  const { editor, shapes } = window.__annotate;
  return shapes().reduce((sum, { shape }) => sum + editor.kernel.rleArea(shape.rle), 0);
});
const bounds = () => page.evaluate(() => {
  const { editor, shapes } = window.__annotate;
  return editor.kernel.shapeBounds(shapes()[0].shape);
});
const toolPath = () => page.evaluate(() => window.__annotate.tool());

async function open(name) {
  const upload = await server.upload(person, project.id, [[`${name}.png`, picture()]]);
  const [asset] = upload.body.items;
  await openEditor(page, server.url, project, asset);
  return asset;
}

async function becomes(predicate, what) {
  await until(async () => predicate(await area()), what);
  await saved(page);
  return area();
}

async function exported(name) {
  const started = await person.api('POST', `/projects/${project.id}/exports`,
    { json: { format: 'coco' } });
  const job = await server.job(person, started.body.job_id);
  assert.equal(job.state, 'succeeded', JSON.stringify(job.error));
  const file = await person.api('GET', `/exports/${started.body.job_id}/content`);
  const coco = JSON.parse(file.text);
  const image = coco.images.find(({ file_name: file }) => file === `${name}.png`);
  return coco.annotations.filter(({ image_id: id }) => id === image.id);
}

// `draw`, `edit` and `type` each change the mask; then everything is undone, done again, loaded
// anew and exported.
async function walk(name, { key, draw, edit, type = () => page.keyboard.press('Shift+}') }) {
  const asset = await open(name);
  await page.keyboard.press(key);
  await draw();
  const drawn = await becomes((now) => now > 0, `${name} draws`);
  await edit();
  const edited = await becomes((now) => now !== drawn && now > 0, `${name} edits`);
  await type();
  const typed = await becomes((now) => now !== edited, `${name} hears keys`);
  for (const before of [edited, drawn]) {
    await page.keyboard.press('Control+z');
    await becomes((now) => now === before, `${name} undoes`);
  }
  for (const next of [edited, typed]) {
    await page.keyboard.press('Control+y');
    await becomes((now) => now === next, `${name} does it again`);
  }
  await openEditor(page, server.url, project, asset);
  assert.equal(await area(), typed, `${name} is stored`);
  const [object, ...others] = await exported(name);
  assert.equal(object.area, typed);
  assert.equal(others.length, 0);
  assert.deepEqual(page.problems, []);
}

async function chooseForm(name) {
  await page.getByRole('radio', { name }).check({ force: true });
}

test('the brush paints, erases with Alt, grows by keys', { skip, timeout: 60_000 }, async () => {
  await walk('brush', {
    key: 'b',
    draw: () => dragImage(page, [150, 150], [400, 200]),
    edit: async () => {
      await page.keyboard.down('Alt');
      await dragImage(page, [260, 120], [260, 260]);
      await page.keyboard.up('Alt');
    },
  });
});

test('the brush has sizes by keys and wheel, and lines with Shift', { skip, timeout: 60_000 },
  async () => {
    await open('sizes');
    await page.keyboard.press('b');
    const shown = page.getByText(/^\d+ px$/);
    assert.equal(await shown.textContent(), '40 px');
    await page.keyboard.press(']');
    assert.equal(await shown.textContent(), '45 px');
    await page.keyboard.press('[');
    await page.mouse.move(...await at(page, 300, 200));
    await page.keyboard.down('Alt');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Alt');
    await until(async () => await shown.textContent() === '44 px', 'the wheel sizes the brush');
    await chooseForm('Square');
    await clickImage(page, 120, 200);
    await becomes((now) => now === 44 * 44, 'a dab');
    await page.keyboard.down('Shift');
    await clickImage(page, 320, 200);
    await page.keyboard.up('Shift');
    await until(async () => {
      const [x0, , x1] = await bounds();
      return Math.abs(x1 - x0 - 244) <= 1;
    }, 'a line');
    await page.keyboard.press('Enter');
    await clickImage(page, 500, 120);
    await until(async () => (await shapes(page)).length === 2, 'a new mask after Enter');
    await chooseForm('Round');
  });

test('the eraser takes the mask under it', { skip, timeout: 60_000 }, async () => {
  await walk('eraser', {
    key: 'b',
    draw: () => dragImage(page, [150, 150], [400, 200]),
    edit: async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('e');
      await dragImage(page, [150, 150], [180, 160]);
    },
    type: () => page.keyboard.press('Shift+{'),
  });
});

test('polygons are added and taken away', { skip, timeout: 60_000 }, async () => {
  const ring = async (points) => {
    for (const point of points) await clickImage(page, ...point);
    await page.keyboard.press('Enter');
  };
  await walk('polygons', {
    key: 'b',
    draw: async () => {
      await chooseForm('Polygon');
      await ring([[100, 100], [300, 100], [300, 300], [100, 300]]);
    },
    edit: async () => {
      await page.keyboard.press('e');
      await ring([[200, 200], [400, 200], [400, 340], [200, 340]]);
    },
  });
  await page.keyboard.press('b');
  await chooseForm('Round');
});

test('fill closes holes and takes islands', { skip, timeout: 60_000 }, async () => {
  const loop = async (x, y) => {
    await page.mouse.move(...await at(page, x, y));
    await page.mouse.down();
    for (const [u, v] of [[x + 120, y], [x + 120, y + 120], [x, y + 120], [x, y]]) {
      await page.mouse.move(...await at(page, u, v), { steps: 3 });
    }
    await page.mouse.up();
  };
  await walk('fill', {
    key: 'b',
    draw: async () => {
      await loop(120, 120);
      await until(async () => (await shapes(page)).length === 1, 'a ring');
      await saved(page);
    },
    edit: async () => {
      await page.keyboard.press('k');
      await clickImage(page, 180, 180);
    },
  });
});

test('the wand takes a colour, more with a drag, the next one too', { skip, timeout: 60_000 },
  async () => {
    await walk('wand', {
      key: 'w',
      draw: () => clickImage(page, 150, 200),
      edit: async () => {
        assert.deepEqual(await bounds(), [100, 100, 200, 300]);
        await clickImage(page, 250, 200);
      },
    });
    await open('wand drag');
    await page.keyboard.press('w');
    await dragImage(page, [150, 200], [200, 200]);
    await until(async () => (await shapes(page)).length === 1, 'a drag takes both halves');
    assert.deepEqual(await bounds(), square);
  });

test('scissors cut along the rim', { skip, timeout: 60_000 }, async () => {
  await walk('scissors', {
    key: 'Shift+i',
    draw: async () => {
      for (const point of [[100, 200], [200, 100], [299, 200], [200, 299]]) {
        await clickImage(page, ...point);
        await page.mouse.move(...await at(page, point[0] + 8, point[1] + 8));
      }
      await page.keyboard.press('Enter');
    },
    edit: async () => {
      const found = await bounds();
      found.forEach((edge, i) => assert.ok(Math.abs(edge - square[i]) <= 3, `${found}`));
      assert.equal(await toolPath(), 'scissors.idle');
      for (const [i, point] of [[360, 120], [440, 120], [400, 200]].entries()) {
        await clickImage(page, ...point);
        await page.mouse.move(...await at(page, point[0] + 3 + i, point[1] + 3));
      }
      await page.keyboard.press('Enter');
    },
  });
});

test('superpixels are taken one by one', { skip, timeout: 60_000 }, async () => {
  const cut = () => until(() => page.evaluate(() =>
    window.__annotate.editor.overlay.get().painters.has('superpixels')), 'superpixels are cut');
  await walk('superpixels', {
    key: 'u',
    draw: async () => {
      await cut();
      await dragImage(page, [130, 150], [180, 250]);
    },
    edit: async () => {
      const [x0, y0, x1, y1] = await bounds();
      assert.ok(x0 >= 99 && y0 >= 99 && x1 <= 202 && y1 <= 301, 'they keep to the edges');
      await page.keyboard.down('Alt');
      await clickImage(page, 130, 150);
      await page.keyboard.up('Alt');
    },
  });
});

test('a mask becomes polygon, box and mask again', { skip, timeout: 60_000 }, async () => {
  await open('conversions');
  await page.keyboard.press('b');
  await dragImage(page, [150, 150], [400, 200]);
  const first = await becomes((now) => now > 0, 'a mask');
  const type = async () => (await shapes(page))[0].shape.type;
  await page.keyboard.press('Alt+Shift+KeyP');
  assert.equal(await type(), 'polygon');
  await page.keyboard.press('Alt+Shift+KeyM');
  assert.ok(Math.abs(await area() - first) < first / 100);
  await page.keyboard.press('Alt+Shift+KeyX');
  assert.equal(await type(), 'box');
  for (const before of ['mask', 'polygon', 'mask']) {
    await page.keyboard.press('Control+z');
    assert.equal(await type(), before);
  }
  assert.equal(await area(), first);
  await saved(page);
  assert.deepEqual(page.problems, []);
});
