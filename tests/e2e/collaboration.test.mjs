// Two people at one image, each in a browser of their own, on the real server.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { TestServer, binary, haveData } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage } from './browser.mjs';
import { at, camera, clickImage, dragImage, drawBox, openEditor, saved, shapes, until }
  from './editor.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
const folder = mkdtempSync(path.join(tmpdir(), 'aa-together-'));
const rooms = 8;
let server;
let browser;
let seats;

before(async () => {
  if (skip) return;
  const out = path.join(folder, 'seats.jsonl');
  execFileSync(binary, ['admin', 'seed-load', '--data', path.join(folder, 'data'),
    '--rooms', String(rooms), '--editors', String(2 * rooms), '--out', out]);
  seats = readFileSync(out, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  server = await TestServer.start({ data: path.join(folder, 'data'),
    env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

// The two editors of one image, both connected, with their names.
async function pair(room, options) {
  const assets = [...new Set(seats.map((seat) => seat.asset_id))];
  const own = seats.filter((seat) => seat.asset_id === assets[room]).slice(0, 2);
  return Promise.all(own.map((seat) => enter(seat, options)));
}

async function enter(seat, options) {
  const page = await openPage(browser, { ...options,
    extraHTTPHeaders: { authorization: `Bearer ${seat.token}` } });
  const { body } = await server.call('GET', '/auth/me', { token: seat.token });
  const api = (method, route, more = {}) => server.call(method, route,
    { token: seat.token, ...more });
  const person = { page, seat, api, name: body.user.name, id: body.user.id };
  await openEditor(page, server.url, { id: seat.project_id }, { id: seat.asset_id });
  await page.locator('[data-connection=live]').waitFor();
  return person;
}

async function leave(...people) {
  for (const { page } of people) {
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
}

const stored = async ({ api, seat }) =>
  (await api('GET', `/assets/${seat.asset_id}/annotations`)).body.items;

// What this page knows of the other one.
const other = (page) => page.evaluate(() => {
  const [presence] = window.__annotate.editor.company.presences();
  if (!presence) return null;
  const { person, cursor, selection, view } = presence;
  const now = performance.now();
  return { name: person.name, color: person.color, tool: person.tool, selection, view,
    cursor: cursor && cursor.at(now), opacity: cursor && cursor.opacity(now) };
});

// The colour on the overlay at a place of the window.
const overlayPixel = (page, [x, y]) => page.evaluate(([u, v]) => {
  const canvas = document.querySelector('.stage-top');
  const scale = canvas.width / canvas.clientWidth;
  const context = canvas.getContext('2d');
  return [...context.getImageData(Math.round(u * scale), Math.round(v * scale), 1, 1).data];
}, [x, y]);

const channels = (hex) => [1, 3, 5].map((from) => Number.parseInt(hex.slice(from, from + 2), 16));
const near = (pixel, hex) => channels(hex).every((value, i) => Math.abs(value - pixel[i]) < 24);

test('names, cursors, tools and selections of the other are seen', { skip, timeout: 90_000 },
  async () => {
    const [ana, bo] = await pair(0);
    await ana.page.getByTestId('person').waitFor();
    assert.match(await ana.page.getByTestId('person').getAttribute('aria-label'),
      new RegExp(bo.name));

    await bo.page.mouse.move(...await at(bo.page, 40, 30));
    await bo.page.mouse.move(...await at(bo.page, 90, 70));
    await until(async () => {
      const seen = (await other(ana.page))?.cursor;
      return seen && Math.hypot(seen[0] - 90, seen[1] - 70) < 1;
    }, 'the cursor');
    const { color } = await other(ana.page);
    const [x, y] = await at(ana.page, 90, 70);
    await until(async () => near(await overlayPixel(ana.page, [x + 5, y + 8]), color), 'its arrow');

    // Moving is drawn, not rendered: the page's elements stay as they are.
    await ana.page.evaluate(() => {
      window.touched = 0;
      new MutationObserver((list) => { window.touched += list.length; }).observe(
        document.querySelector('.annotate'),
        { subtree: true, childList: true, attributes: true, characterData: true });
    });
    for (let i = 0; i < 12; ++i) {
      await bo.page.mouse.move(...await at(bo.page, 90 + 4 * i, 70 + 2 * i));
      await bo.page.waitForTimeout(60);
    }
    await until(async () => (await other(ana.page)).cursor[0] > 133, 'the last place');
    assert.equal(await ana.page.evaluate(() => window.touched), 0);

    await drawBox(bo.page, [30, 40], [150, 120]);
    await until(async () => (await shapes(ana.page)).length === 1, 'the box of the other');
    const [box] = await shapes(ana.page);
    await until(async () => (await other(ana.page)).selection[0] === box.id, 'what they hold');
    const edge = await at(ana.page, box.shape.x + box.shape.width / 2, box.shape.y);
    await until(async () => near(await overlayPixel(ana.page, edge), color), 'its outline');
    assert.equal((await other(ana.page)).tool, 'box');

    await bo.page.context().close();
    await until(async () => (await other(ana.page)) === null, 'gone with the window');
    assert.equal(await ana.page.getByTestId('person').count(), 0);
    await leave(ana);
  });

test('following takes the view along until one moves it oneself', { skip, timeout: 90_000 },
  async () => {
    const [ana, bo] = await pair(1);
    await ana.page.getByTestId('person').click();
    await ana.page.getByText(`Following ${bo.name}`).waitFor();
    await bo.page.mouse.move(...await at(bo.page, 100, 80));
    await bo.page.mouse.wheel(0, -400);
    await bo.page.mouse.wheel(0, -200);
    const shown = (page) => page.evaluate(() => window.__annotate.editor.view.shown());
    await until(async () => {
      const [a, b] = [await shown(ana.page), await shown(bo.page)];
      return a[2] > 1 && a.every((value, i) => Math.abs(value - b[i]) < 1);
    }, 'the same view');
    await ana.page.keyboard.press('Escape');
    await ana.page.getByText(`Following ${bo.name}`).waitFor({ state: 'detached' });
    const before = await camera(ana.page);
    await bo.page.mouse.wheel(0, 300);
    await until(async () => (await other(ana.page)).view[2] < before.zoom - 0.01, 'the other left');
    assert.deepEqual(await camera(ana.page), before);

    await ana.page.getByTestId('people-all').click();
    await ana.page.getByRole('menuitem', { name: bo.name }).click();
    await ana.page.getByText(`Following ${bo.name}`).waitFor();
    await ana.page.mouse.move(...await at(ana.page, 100, 80));
    await ana.page.mouse.wheel(0, -100);
    await ana.page.getByText(`Following ${bo.name}`).waitFor({ state: 'detached' });
    await leave(ana, bo);
  });

test('a dragged object has its padlock, a deleted one can be brought back',
  { skip, timeout: 90_000 }, async () => {
    const [ana, bo] = await pair(2);
    await drawBox(ana.page, [30, 40], [150, 120]);
    await saved(ana.page);
    await until(async () => (await shapes(bo.page)).length === 1, 'the box');
    const [box] = await shapes(bo.page);
    await bo.page.keyboard.press('v');
    await clickImage(bo.page, 90, 80);
    await bo.page.mouse.move(...await at(bo.page, 90, 80));
    await bo.page.mouse.down();
    await bo.page.mouse.move(...await at(bo.page, 100, 85));
    await bo.page.mouse.move(...await at(bo.page, 110, 90));
    const held = () => ana.page.evaluate(() =>
      window.__annotate.editor.company.held().map(({ target, person }) => [target, person.name]));
    await until(async () => (await held()).length === 1, 'held');
    assert.deepEqual(await held(), [[box.id, bo.name]]);
    await ana.page.keyboard.press('v');
    await dragImage(ana.page, [90, 80], [92, 100]);
    await ana.page.getByTestId('meanwhile').getByText(`${bo.name} is moving`).waitFor();
    await bo.page.mouse.up();
    await until(async () => (await held()).length === 0, 'let go');

    await until(async () => ana.page.evaluate((id) =>
      window.__annotate.editor.selection.get().has(id), box.id), 'selected');
    await bo.page.keyboard.press('Delete');
    const line = ana.page.getByTestId('meanwhile').getByText(`${bo.name} deleted`);
    await line.waitFor();
    assert.equal((await shapes(ana.page)).length, 0);
    await ana.page.getByTestId('meanwhile').getByRole('button', { name: 'Restore' }).click();
    await until(async () => (await shapes(bo.page)).length === 1, 'it is back');
    assert.equal((await shapes(bo.page))[0].id, box.id);
    await leave(ana, bo);
  });

test('a comment with a mention reaches the other, who answers and settles it',
  { skip, timeout: 90_000 }, async () => {
    const [ana, bo] = await pair(3);
    await bo.page.keyboard.press('c');
    await clickImage(bo.page, 60, 50);
    const field = bo.page.getByRole('combobox', { name: 'Comment' });
    await field.pressSequentially('<b>Look</b> @');
    await field.pressSequentially(ana.name.slice(0, ana.name.length));
    await bo.page.getByRole('option', { name: ana.name, exact: true }).first().waitFor();
    await field.press('Enter');
    await field.pressSequentially('please');
    await field.press('Enter');
    await bo.page.getByTestId('thread').getByText('<b>Look</b>').waitFor();

    await ana.page.getByTestId('comment-pin').waitFor();
    await ana.page.locator('[data-testid=mentions-bell][aria-label^="1 unread"]').waitFor();
    await ana.page.goto(`${server.url}/projects`);
    await ana.page.getByTestId('mentions-bell').click();
    await ana.page.getByTestId('mention').click();
    const thread = ana.page.getByTestId('thread');
    await thread.getByText('<b>Look</b>').waitFor();
    assert.equal(await thread.locator('mark').textContent(), `@${ana.name}`);
    await ana.page.locator('[data-testid=mentions-bell][aria-label="Notifications"]').waitFor();

    await ana.page.locator('[data-connection=live]').waitFor();
    await thread.getByRole('combobox', { name: 'Reply' }).fill('Done');
    await thread.getByRole('combobox', { name: 'Reply' }).press('Enter');
    await bo.page.getByTestId('thread').getByText('Done').waitFor();
    await thread.getByTestId('comment').last().hover();
    await thread.getByRole('button', { name: 'Edit' }).last().click();
    await thread.getByRole('combobox', { name: 'Edit the comment' }).fill('Done now');
    await thread.getByRole('button', { name: 'Save' }).click();
    await bo.page.getByTestId('thread').getByText('Done now').waitFor();

    await ana.page.getByTestId('thread-resolve').click();
    await bo.page.getByTestId('thread').getByText('Resolved').waitFor();
    await bo.page.keyboard.press('Escape');
    await bo.page.getByTestId('comment-pin').waitFor({ state: 'detached' });
    await bo.page.getByTestId('tab-comments').click();
    await bo.page.getByText('No open comments').waitFor();
    await bo.page.getByText('Resolved', { exact: true }).click();
    await bo.page.getByTestId('thread-row').click();
    await bo.page.getByTestId('thread-resolve').click();
    await ana.page.getByTestId('comment-pin').waitFor();
    await leave(ana, bo);
  });

test('a comment hangs on its object and moves with it', { skip, timeout: 60_000 }, async () => {
  const [ana, bo] = await pair(4);
  await drawBox(ana.page, [30, 40], [120, 100]);
  await ana.page.keyboard.press('c');
  await ana.page.getByRole('combobox', { name: 'Comment' }).fill('This one');
  await ana.page.getByRole('combobox', { name: 'Comment' }).press('Enter');
  const pin = bo.page.getByTestId('comment-pin');
  await pin.waitFor();
  const place = async () => (await pin.boundingBox())?.x ?? NaN;  // it may be drawn anew
  const first = await place();
  await ana.page.getByTestId('thread').waitFor();
  await ana.page.keyboard.press('Escape');
  await ana.page.getByTestId('thread').waitFor({ state: 'detached' });
  await ana.page.keyboard.press('v');
  await dragImage(ana.page, [75, 70], [105, 70]);
  const { zoom } = await camera(bo.page);
  await until(async () => Math.abs(await place() - first - 30 * zoom) < 2 * zoom, 'it moved along');
  await leave(ana, bo);
});

test('the history tells who did what, shows it as it was, and restores it',
  { skip, timeout: 90_000 }, async () => {
    const [ana, bo] = await pair(5);
    await drawBox(ana.page, [30, 40], [120, 100]);
    await saved(ana.page);
    await until(async () => (await shapes(bo.page)).length === 1, 'the box');
    const [drawn] = await stored(ana);
    await bo.page.keyboard.press('v');
    await clickImage(bo.page, 75, 70);
    await dragImage(bo.page, [75, 70], [105, 80]);
    await saved(bo.page);
    await drawBox(bo.page, [20, 130], [60, 170]);
    await saved(bo.page);
    await until(async () => (await shapes(ana.page)).length === 2, 'both');

    await ana.page.getByTestId('tab-history').click();
    await ana.page.getByTestId('history-line').nth(2).waitFor();
    const groups = await ana.page.getByTestId('history-group').allTextContents();
    assert.match(groups[0], new RegExp(`${bo.name}.*added.*moved`));
    assert.match(groups.at(-1), new RegExp(`${ana.name}.*added`));
    await ana.page.getByTestId('history-author').selectOption({ label: ana.name });
    await until(async () => await ana.page.getByTestId('history-line').count() === 1, 'only hers');
    await ana.page.getByTestId('history-line').click();
    await ana.page.getByTestId('past-banner').getByText('1 added since').waitFor();
    await ana.page.getByTestId('past-banner').getByText('1 changed since').waitFor();
    assert.deepEqual((await shapes(ana.page)).map((item) => item.shape), [drawn.shape]);
    await dragImage(ana.page, [75, 70], [20, 20]);
    assert.deepEqual((await shapes(ana.page))[0].shape, drawn.shape, 'the past cannot be moved');
    await ana.page.getByTestId('past-leave').click();
    await until(async () => (await shapes(ana.page)).length === 2, 'now again');

    await ana.page.getByTestId('history-line').click();
    await ana.page.getByTestId('past-restore').click();
    await until(async () => (await shapes(bo.page)).length === 1, 'restored for the other too');
    assert.deepEqual((await stored(bo))[0].shape, drawn.shape);
    await ana.page.getByTestId('past-banner').waitFor({ state: 'detached' });
    await leave(ana, bo);
  });

test('an object tells who made and who changed it, and all that was done to it',
  { skip, timeout: 60_000 }, async () => {
    const [ana, bo] = await pair(6);
    await drawBox(ana.page, [30, 40], [120, 100]);
    await saved(ana.page);
    await until(async () => (await shapes(bo.page)).length === 1, 'the box');
    await bo.page.keyboard.press('v');
    await clickImage(bo.page, 75, 70);
    await dragImage(bo.page, [75, 70], [105, 80]);
    await saved(bo.page);
    await drawBox(bo.page, [20, 130], [60, 170]);
    await until(async () => (await shapes(ana.page)).length === 2, 'both');
    await ana.page.getByTestId('select-tool').click();
    await clickImage(ana.page, 105, 80);
    const blame = ana.page.getByTestId('blame');
    await until(async () => new RegExp(`Created by ${ana.name}.*changed by ${bo.name}`)
      .test(await blame.textContent().catch(() => '')), 'both names');
    await ana.page.getByTestId('object-history').click();
    await until(async () => await ana.page.getByTestId('history-line').count() === 2, 'its own');
    await ana.page.getByRole('button', { name: 'Show the whole image' }).click();
    await until(async () => await ana.page.getByTestId('history-line').count() === 3, 'all');
    await leave(ana, bo);
  });

test('all that one did is taken back after one was told how much', { skip, timeout: 60_000 },
  async () => {
    const [ana, bo] = await pair(7);
    await drawBox(ana.page, [30, 40], [120, 100]);
    await saved(ana.page);
    await until(async () => (await shapes(bo.page)).length === 1, 'the box');
    for (const y of [110, 150]) await drawBox(bo.page, [20, y], [60, y + 30]);
    await saved(bo.page);
    await bo.page.getByTestId('tab-history').click();
    await bo.page.getByTestId('history-author').selectOption({ label: bo.name });
    await bo.page.getByTestId('revert-person').click();
    const dialog = bo.page.getByTestId('revert-dialog');
    await dialog.getByText(`${bo.name} made 2 changes`).waitFor();
    await dialog.getByTestId('revert-confirm').click();
    await dialog.waitFor({ state: 'detached' });
    await until(async () => (await shapes(ana.page)).length === 1, 'only hers is left');
    assert.equal((await stored(ana))[0].shape.x, (await shapes(ana.page))[0].shape.x);
    await leave(ana, bo);
  });
