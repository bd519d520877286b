// Files in and out: a dropped folder, a broken file among good ones, every export format.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { TestServer, boxOperation, haveData, testData } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
const photoFile = (name) => path.join(testData, 'photos', name);
let server;
let browser;
let person;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person('files');
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function openProject(options) {
  const project = await server.project(person);
  const page = await openPage(browser, options);
  await signIn(page, server.url, person.email, 'a good long password');
  await page.goto(`${server.url}/projects/${project.id}`);
  await page.getByTestId('file-upload').waitFor({ state: 'attached' });
  return { page, project };
}

const assetsOf = async (project) =>
  (await person.api('GET', `/projects/${project.id}/assets`)).body.items;

test('a dropped folder is searched, hidden files are left out', { skip, timeout: 60_000 },
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'aa-drop-'));
    mkdirSync(path.join(folder, 'deep/er'), { recursive: true });
    copyFileSync(photoFile('dog.jpg'), path.join(folder, 'one.jpg'));
    copyFileSync(photoFile('groceries.jpg'), path.join(folder, 'deep/er/two.jpg'));
    writeFileSync(path.join(folder, 'deep/.DS_Store'), 'hidden');
    const { page, project } = await openProject();
    const zone = await page.locator('.dropzone').boundingBox();
    const cdp = await page.context().newCDPSession(page);
    const drag = (type) => cdp.send('Input.dispatchDragEvent', { type,
      x: zone.x + zone.width / 2, y: zone.y + zone.height / 2,
      data: { items: [], files: [folder], dragOperationsMask: 1 } });
    await drag('dragEnter');
    await drag('dragOver');
    await page.getByText('Drop to upload').waitFor();
    await drag('drop');
    await page.getByTestId('upload-success').waitFor();
    assert.match(await page.getByTestId('upload-success').textContent(), /2 files stored/);
    assert.deepEqual((await assetsOf(project)).map((asset) => asset.filename).sort(),
      ['one.jpg', 'two.jpg']);
    await page.getByTestId('asset-card').nth(1).waitFor();
    assert.deepEqual(page.problems, []);
    rmSync(folder, { recursive: true });
    await page.context().close();
  });

test('a broken file is named with its reason and the good ones are kept',
  { skip, timeout: 60_000 }, async () => {
    const { page, project } = await openProject({ expected: [/status of 422/] });
    const broken = { name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no image') };
    await page.getByTestId('file-upload').setInputFiles([broken,
      { ...broken, name: 'dog.jpg', buffer: readFileSync(photoFile('dog.jpg')) }]);
    await page.getByTestId('upload-success').waitFor();
    const row = page.locator('.upload-errors li');
    assert.equal(await row.count(), 1);
    assert.match(await row.textContent(), /^holiday\.jpg.*JPEG, PNG/);
    assert.deepEqual((await assetsOf(project)).map((asset) => asset.filename), ['dog.jpg']);

    await page.getByTestId('file-upload').setInputFiles([{ ...broken, name: 'alone.jpg' }]);
    await row.filter({ hasText: 'alone.jpg' }).waitFor();
    assert.match(await row.filter({ hasText: 'alone.jpg' }).textContent(), /JPEG, PNG/,
      'also when nothing at all was taken');
    const [list] = await Promise.all([page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download list' }).click()]);
    assert.match(readFileSync(await list.path(), 'utf8'), /holiday\.jpg/);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

const zipped = (file) => execFileSync('unzip', ['-Z1', file], { encoding: 'utf8' }).split('\n');

test('each format, with the images and without', { skip, timeout: 90_000 }, async () => {
  const { page, project } = await openProject();
  const upload = await server.upload(person, project.id,
    [['dog.jpg', readFileSync(photoFile('dog.jpg'))]]);
  await person.api('POST', `/assets/${upload.body.items[0].id}/operations`, { json: {
    base_revision: 0, operations: [boxOperation(project.labels[0].id)] } });
  await page.reload();
  await page.getByTestId('export-button').click();
  const offered = await page.getByTestId('export-format').locator('option')
    .evaluateAll((options) => options.map((option) => option.value));
  assert.deepEqual(offered, ['coco', 'yolo', 'yolo-seg']);
  for (const format of offered) {
    for (const images of [false, true]) {
      await page.getByTestId('export-format').selectOption(format);
      await page.getByTestId('export-images').setChecked(images);
      const [download] = await Promise.all([page.waitForEvent('download'),
        page.getByTestId('download-export').click()]);
      const file = await download.path();
      if (format === 'coco' && !images) {
        assert.match(download.suggestedFilename(), /\.coco\.json$/);
        assert.equal(JSON.parse(readFileSync(file, 'utf8')).annotations.length, 1);
        continue;
      }
      assert.match(download.suggestedFilename(), /\.zip$/);
      const names = zipped(file);
      assert.equal(names.some((name) => name.endsWith('dog.jpg')), images, `${format} ${names}`);
      if (format !== 'coco') assert.ok(names.some((name) => name.endsWith('dog.txt')), `${names}`);
    }
  }
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
