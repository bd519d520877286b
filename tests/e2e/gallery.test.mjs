// The gallery of very many images, and the upload centre over a reload.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { TestServer, binary, boxOperation, haveData, tinyPng } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { until } from './editor.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
const kMany = 200_000;
let server;
let browser;
let person;
let many;

before(async () => {
  if (skip) return;
  const first = await TestServer.start();
  const { data } = first;
  first.ownsData = false;
  person = await first.person('gallery');
  await first.stop();
  many = execFileSync(binary, ['admin', 'seed-assets', '--data', data, '--email', person.email,
    '--count', String(kMany)], { encoding: 'utf8' }).trim();
  server = await TestServer.start({ data });
  server.ownsData = true;
  person.api = (method, route, options = {}) =>
    server.call(method, route, { token: person.token, ...options });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function openProject(id, query = '', options) {
  const page = await openPage(browser, options);
  await signIn(page, server.url, person.email, 'a good long password');
  await page.goto(`${server.url}/projects/${id}${query}`);
  return page;
}

async function smallProject(count = 6) {
  const project = await server.project(person);
  const { body } = await server.upload(person, project.id,
    Array.from({ length: count }, (_, i) => [`${'fbdace'[i % 6]}${i}.png`, tinyPng(20 + i, 20)]));
  return { project, assets: body.items };
}

const shownNames = (page) => page.locator('.gallery .asset-link').allTextContents();
const inView = (page) => page.evaluate(() =>
  [...document.querySelectorAll('.gallery [data-position]')].filter((cell) => {
    const box = cell.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  }).map((cell) => Number(cell.dataset.position)));

test('the scrollbar goes anywhere in very many images, and both ends are reached',
  { skip, timeout: 60_000 }, async () => {
    const page = await openProject(many);
    await page.getByTestId('gallery-total').getByText('200,000 images').waitFor();
    assert.ok(await page.locator('.asset').count() < 120, 'only what is seen exists');
    const scroll = (share) => page.evaluate((to) =>
      window.scrollTo(0, to * document.documentElement.scrollHeight), share);
    await scroll(0.5);
    await until(async () => (await inView(page)).some((at) => Math.abs(at - kMany / 2) < 2000),
      'the middle');
    await scroll(1);
    await until(async () => (await inView(page)).includes(kMany - 1), 'the last image');
    await page.mouse.move(600, 400);
    const [from] = await inView(page);
    await page.mouse.wheel(0, -300);
    await until(async () => (await inView(page))[0] < from, 'a little up');
    assert.ok((await inView(page))[0] > from - 60, 'a wheel moves by rows, not by thousands');
    await scroll(0);
    await until(async () => (await inView(page)).includes(0), 'the first image');
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('a filtered list is jumped about in by its marks, asked for once',
  { skip, timeout: 60_000 }, async () => {
    const query = 'name=00&sort=name';
    const { total } = (await person.api('GET',
      `/projects/${many}/assets?${query}&count=true&limit=1`)).body;
    assert.ok(total > 5_000);
    const page = await openProject(many, '?q=00&sort=name');
    await page.getByTestId('asset-card').first().waitFor();
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url())));
    for (const share of [0.5, 1, 0.25]) {
      await page.evaluate((to) =>
        window.scrollTo(0, to * document.documentElement.scrollHeight), share);
      const wanted = share === 1 ? total - 1 : share * total;
      await until(async () => (await inView(page)).some((at) => Math.abs(at - wanted) < 200),
        `position ${wanted}`);
      const [first] = await inView(page);
      const cell = page.locator(`[data-position="${first}"] .asset-link`);
      await cell.waitFor();
      const { items } = (await person.api('GET',
        `/projects/${many}/assets?${query}&skip=${first}&limit=1`)).body;
      assert.ok((await cell.textContent()).includes(items[0].filename), `${first}`);
    }
    const lists = asked.filter(({ pathname }) => pathname.endsWith('/assets'));
    assert.equal(asked.filter(({ pathname }) => pathname.endsWith('/marks')).length, 1);
    assert.ok(lists.length > 0);
    for (const { searchParams } of lists) assert.ok(Number(searchParams.get('skip')) < 1000);
    assert.ok(lists.every(({ searchParams }) => !searchParams.has('around_rank')));
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('a page that is opened asks for its first data once, before its code is there',
  { skip, timeout: 60_000 }, async () => {
    const { project, assets } = await smallProject();
    const page = await openProject(project.id);
    await page.locator('.gallery .asset-link').first().waitFor();
    const first = `/api/v1/projects/${project.id}`;
    const editor = `/projects/${project.id}/annotate/${assets[0].id}`;
    for (const [address, shown, wanted] of [
      [`/projects/${project.id}`, '.gallery .asset-link', ['/api/v1/auth/me', first,
        `${first}/assets?around_rank=50&limit=100&count=true`]],
      [editor, '[data-testid=canvas]', ['/api/v1/auth/me', first,
        `/api/v1/assets/${assets[0].id}/annotations`]],
    ]) {
      const asked = [];
      const note = (request) => asked.push(request.url().slice(server.url.length));
      page.on('request', note);
      await page.goto(server.url + address);
      await page.locator(shown).first().waitFor();
      await page.waitForLoadState('networkidle');
      page.off('request', note);
      for (const url of wanted) {
        assert.deepEqual(asked.filter((one) => one === url), [url], asked.join('\n'));
      }
      const links = await page.evaluate(() =>
        [...document.head.querySelectorAll('link')].map((link) => link.getAttribute('href')));
      const code = links.findIndex((href) => /(?:ProjectPage|AnnotateRoute)-.*js$/.test(href));
      assert.ok(code >= 0 && code < links.indexOf('/layers.css'), `not by the head: ${links}`);
    }
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('keys walk the grid, choose images and open one', { skip, timeout: 60_000 }, async () => {
  const page = await openProject(many);
  await page.getByTestId('asset-card').first().waitFor();
  await page.locator('[data-position="0"] .asset-link').focus();
  const focused = () => page.evaluate(() =>
    Number(document.activeElement?.closest('[data-position]')?.dataset.position ?? -1));
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(), 1);
  await page.keyboard.press('ArrowDown');
  const below = await focused();
  assert.ok(below > 1);
  await page.keyboard.press(' ');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await page.getByTestId('bulk-bar').getByText('3 images selected').waitFor();
  await page.keyboard.press('Control+End');
  await until(async () => await focused() === kMany - 1, 'the end');
  await page.keyboard.press('Escape');
  await page.getByTestId('bulk-bar').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+Home');
  await until(async () => await focused() === 0, 'the start');
  await page.keyboard.press('Enter');
  await page.waitForURL(/annotate/);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('filters and order live in the address; the histogram filters too',
  { skip, timeout: 60_000 }, async () => {
    const { project, assets } = await smallProject();
    await person.api('POST', `/assets/${assets[1].id}/operations`, { json: {
      base_revision: 0, operations: [boxOperation(project.labels[0].id)] } });
    const page = await openProject(project.id);
    await page.getByTestId('asset-card').nth(5).waitFor();
    await page.getByTestId('gallery-sort').selectOption('name');
    await until(async () => (await shownNames(page))[0] === 'a3.png', 'by name');
    await page.getByTestId('gallery-state').selectOption('labelled');
    await page.getByTestId('gallery-total').getByText('1 image').waitFor();
    assert.match(page.url(), /sort=name/);
    assert.match(page.url(), /state=labelled/);
    await page.reload();
    await page.getByTestId('gallery-total').getByText('1 image').waitFor();
    await page.getByTestId('gallery-name').fill('zzz');
    await page.getByText('No image matches').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).first().click();
    await page.getByTestId('asset-card').nth(5).waitFor();
    await page.getByTestId('gallery-histogram').click();
    await page.getByTestId('histogram').getByRole('button', { name: /dog.*1 object/ }).click();
    await page.getByTestId('gallery-total').getByText('1 image').waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('a range is chosen with Shift and deleted at once', { skip, timeout: 60_000 }, async () => {
  const { project } = await smallProject();
  const page = await openProject(project.id);
  await page.getByTestId('asset-card').nth(5).waitFor();
  await page.getByRole('checkbox', { name: 'Select b1.png' }).click({ force: true });
  await page.getByRole('checkbox', { name: 'Select c4.png' })
    .click({ force: true, modifiers: ['Shift'] });
  await page.getByTestId('bulk-bar').getByText('4 images selected').waitFor();
  await page.getByTestId('bulk-delete').click();
  await page.getByTestId('confirm-delete').click();
  await page.getByTestId('gallery-total').getByText('2 images').waitFor();
  assert.deepEqual((await shownNames(page)).sort(), ['e5.png', 'f0.png']);
  const { body } = await person.api('GET', `/projects/${project.id}/assets`);
  assert.equal(body.items.length, 2);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

// A picture of so many bytes, which do not compress.
function largeFile(folder, megabytes) {
  const file = path.join(folder, 'large.png');
  execFileSync('python3', ['-c', `
import os, sys, zlib, struct
n = ${Math.round(Math.sqrt((megabytes * 1e6) / 3))}
def chunk(t, d):
    c = t + d
    return struct.pack('>I', len(d)) + c + struct.pack('>I', zlib.crc32(c))
raw = b''.join(b'\\0' + os.urandom(n * 3) for _ in range(n))
open(sys.argv[1], 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n'
    + chunk(b'IHDR', struct.pack('>IIBBBBB', n, n, 8, 2, 0, 0, 0))
    + chunk(b'IDAT', zlib.compress(raw, 0)) + chunk(b'IEND', b''))`, file]);
  return file;
}

test('an upload goes on after a reload, once its files are chosen again',
  { skip, timeout: 120_000 }, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'aa-again-'));
    const file = largeFile(folder, 60);
    const project = await server.project(person);
    const page = await openProject(project.id);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Network.enable');
    const slow = (bytes) => cdp.send('Network.emulateNetworkConditions', {
      offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytes });
    await page.getByTestId('file-upload').waitFor({ state: 'attached' });
    await slow(12e6);
    const begun = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/uploads'));
    await page.getByTestId('file-upload').setInputFiles(file);
    const location = (await begun).headers().location;
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    const received = async () => (await person.api('GET', location)).body.received;
    await until(async () => (await received()) >= 8 << 20, 'some of it is kept', 30_000);
    page.removeAllListeners('dialog');  // the page asks before it is left
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await page.getByTestId('upload-remembered').getByText('large.png').waitFor();
    await slow(-1);
    const kept = await received();
    const pieces = [];
    page.on('request', (request) => {
      if (request.method() === 'PATCH') pieces.push(Number(request.headers()['upload-offset']));
    });
    await page.getByTestId('file-upload').setInputFiles(file);
    await page.getByTestId('upload-success').waitFor({ timeout: 60_000 });
    assert.ok(pieces[0] >= kept, `went on at ${pieces[0]} of ${kept}`);
    assert.equal(await page.getByTestId('upload-remembered').count(), 0);
    await page.getByTestId('asset-card').getByText('large.png').waitFor();
    rmSync(folder, { recursive: true });
    await page.context().close();
  });

test('an upload is paused and goes on; what is cancelled is gone', { skip, timeout: 90_000 },
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'aa-pause-'));
    const file = largeFile(folder, 20);
    const small = path.join(folder, 'small.png');
    writeFileSync(small, tinyPng());
    const project = await server.project(person);
    const page = await openProject(project.id);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Network.enable');
    const slow = (bytes) => cdp.send('Network.emulateNetworkConditions', {
      offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytes });
    await page.getByTestId('file-upload').waitFor({ state: 'attached' });
    await slow(4e6);
    await page.getByTestId('file-upload').setInputFiles([file, small]);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/Paused at \d+ %/).first().waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Cancel large.png' }).click();
    await page.getByTestId('upload-success').waitFor();
    assert.match(await page.getByTestId('upload-success').textContent(), /1 file stored/);
    rmSync(folder, { recursive: true });
    await page.context().close();
  });
