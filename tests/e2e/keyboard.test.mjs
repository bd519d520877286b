// Everything from signing in to the export without a mouse, the focus in sight at each step.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import path from 'node:path';

import { TestServer, haveData, testData } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage } from './browser.mjs';
import { until } from './editor.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
let server;
let browser;
let person;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person('keys');
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// Presses Tab until the element has the focus; fails when that takes more than `most` presses or
// when its focus cannot be seen.
async function tabTo(page, target, { most = 30, key = 'Tab' } = {}) {
  await target.waitFor();
  const focused = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; !(await focused()); ++presses) {
    assert.ok(presses < most, `${target} is not reached by ${most} presses of ${key}`);
    await page.keyboard.press(key);
  }
  const ring = await target.evaluate((element) => {
    const drawn = (style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
      || style.boxShadow !== 'none';
    return drawn(getComputedStyle(element)) || drawn(getComputedStyle(element, '::after'));
  });
  assert.ok(ring, `${target} shows no focus`);
}

test('sign in, make a project, upload, draw, undo and export by keys alone',
  { skip, timeout: 120_000 }, async () => {
    const page = await openPage(browser);
    await page.goto(`${server.url}/login`);
    await tabTo(page, page.getByTestId('email'));
    await page.keyboard.type(person.email);
    await tabTo(page, page.getByTestId('password'), { most: 1 });
    await page.keyboard.type('a good long password');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/projects$/);
    await page.getByRole('heading', { name: 'No projects yet' }).waitFor();

    await tabTo(page, page.getByRole('link', { name: 'Skip to content' }), { most: 3 });
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('link', { name: 'New project' }).first(), { most: 2 });
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByTestId('project-name'));
    await page.keyboard.type('By keys');
    await tabTo(page, page.getByTestId('project-type'), { most: 1 });
    await page.keyboard.type('Seg');
    assert.equal(await page.getByTestId('project-type').inputValue(), 'segmentation');
    await tabTo(page, page.getByTestId('add-label'), { most: 3 });
    await page.keyboard.press('Enter');
    await page.keyboard.type('dog');
    await page.keyboard.press('Enter');
    await page.keyboard.type('bowl');
    await tabTo(page, page.getByTestId('create-project'), { most: 30 });
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);

    const opened = page.waitForEvent('filechooser');
    await tabTo(page, page.getByRole('button', { name: 'Choose files' }));
    await page.keyboard.press('Enter');
    const chooser = await opened;
    await chooser.setFiles(path.join(testData, 'photos/dog.jpg'));
    await page.getByTestId('upload-success').waitFor();
    await tabTo(page, page.getByTestId('annotate-button'), { key: 'Shift+Tab' });
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/annotate\//);

    const canvas = page.getByTestId('canvas');
    await tabTo(page, canvas);
    await page.keyboard.press('r');
    await page.keyboard.press('Enter');
    const projectId = /projects\/([0-9a-f-]{36})/.exec(page.url())[1];
    const assetId = /annotate\/([0-9a-f-]{36})/.exec(page.url())[1];
    const stored = async () =>
      (await person.api('GET', `/assets/${assetId}/annotations`)).body.items;
    await until(async () => (await stored()).length === 1, 'a box by Enter');
    const [{ shape: placed, label_id }] = await stored();
    const { labels } = (await person.api('GET', `/projects/${projectId}`)).body;
    assert.deepEqual(labels.map((label) => label.name), ['dog', 'bowl']);
    assert.equal(label_id, labels[0].id);

    await page.keyboard.press('v');
    await page.keyboard.press('Tab');
    await page.keyboard.press('2');
    for (let i = 0; i < 3; ++i) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    await until(async () => {
      const [item] = await stored();
      return item.label_id === labels[1].id && Math.abs(item.shape.x - placed.x - 3) < 0.1 &&
        Math.abs(item.shape.y - placed.y - 10) < 0.1;
    }, 'moved by 3 and 10 pixels under another label');
    await page.keyboard.press('Delete');
    await until(async () => (await stored()).length === 0, 'deleted');
    await page.keyboard.press('Control+z');
    await until(async () => (await stored()).length === 1, 'undone');

    await page.keyboard.press('Shift+?');
    await page.getByRole('dialog', { name: 'Keys and mouse' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+e');
    await tabTo(page, page.getByTestId('download-export'), { most: 8 });
    const [download] = await Promise.all([page.waitForEvent('download'),
      page.keyboard.press('Enter')]);
    const coco = JSON.parse(readFileSync(await download.path(), 'utf8'));
    assert.equal(coco.annotations.length, 1);
    assert.deepEqual(page.problems, []);
  });
