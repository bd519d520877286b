// Models at work under the hand, on real photos with real models: the outline under the pointer,
// an object made better by clicks, objects like one, detection, and decisions by keys.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { TestServer, haveData, photo, root } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { at, clickImage, contains, drawBox, openEditor, saved, shapes, until }
  from './editor.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
const slow = { skip, timeout: 180_000 };
let server;
let browser;
let person;
let project;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person('ada');
  project = await server.project(person, { labels: [{ name: 'thing' }, { name: 'dog' }] });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(name, options) {
  const upload = await server.upload(person, project.id, [[name, photo(name)]]);
  const [asset] = upload.body.items;
  const page = await openPage(browser, options);
  await signIn(page, server.url, person.email, 'a good long password');
  await openEditor(page, server.url, project, asset);
  return { page, asset };
}

const stored = async (asset) =>
  (await person.api('GET', `/assets/${asset.id}/annotations`)).body.items;
const suggestions = async (asset) =>
  (await person.api('GET', `/assets/${asset.id}/suggestions`)).body.items;

const modelReady = (page) => page.waitForFunction(
  () => window.__annotate.editor.readiness.get().state === 'ready', null, { timeout: 60_000 });
const hovering = (page, shown) => page.waitForFunction(
  (wanted) => window.__annotate.editor.overlay.get().painters.has('hover') === wanted, shown,
  { timeout: 20_000 });
const answered = (page) => page.waitForFunction(
  () => window.__annotate.editor.overlay.get().prompt?.score > 0, null, { timeout: 60_000 });
const focused = (page) => page.evaluate(() => window.__annotate.editor.focusedGhost.get());
const onCanvas = (page) => page.evaluate(
  () => document.activeElement?.matches('[data-editor-canvas]') ?? false);

async function pixel(page, x, y) {
  const [u, v] = await at(page, x, y);
  return page.evaluate(([left, top]) => {
    const canvas = document.querySelector('[data-editor-canvas]');
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    const place = [(left - box.left) * scale, (top - box.top) * scale];
    return [...canvas.getContext('2d').getImageData(...place, 1, 1).data];
  }, [u, v]);
}

// While a model works.
async function drawingGoesOn(page) {
  const before = (await shapes(page)).length;
  const chosen = await page.evaluate(() => [...window.__annotate.editor.selection.get()]);
  await drawBox(page, [900, 100], [960, 150]);
  assert.equal((await shapes(page)).length, before + 1);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('v');
  await page.evaluate((ids) => window.__annotate.editor.select(ids), chosen);
}

// One click with the AI tool, made an object.
async function outline(page, x, y) {
  await page.getByTestId('segment-tool').click();
  await clickImage(page, x, y);
  await answered(page);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => window.__annotate.editor.selection.get().size === 1);
  await saved(page);
}

test('the outline under the resting pointer shows before any click', slow, async () => {
  const { page, asset } = await open('truck.jpg');
  await page.keyboard.press('a');
  await modelReady(page);
  await page.mouse.move(...await at(page, 400, 300), { steps: 4 });
  await page.mouse.move(...await at(page, 500, 375), { steps: 4 });
  await hovering(page, true);
  await page.evaluate(() => window.__annotate.idle());
  assert.ok((await pixel(page, 520, 380))[3] > 20, 'the window is tinted');
  await page.keyboard.down('Control');
  await page.mouse.move(...await at(page, 505, 378));
  await hovering(page, false);
  await page.keyboard.up('Control');
  await page.mouse.move(...await at(page, 500, 375));
  await hovering(page, true);
  // A press has right of way, whatever the preview is doing.
  await clickImage(page, 500, 375);
  await hovering(page, false);
  await answered(page);
  await page.keyboard.press('Enter');
  await until(async () => (await stored(asset)).length === 1, 'the window is stored');
  await page.getByTestId('hover-preview').click();
  await page.mouse.move(...await at(page, 700, 375), { steps: 4 });
  await page.waitForTimeout(700);
  await hovering(page, false);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('clicks refine a polygon in place, in one step that is undone', slow, async () => {
  const { page, asset } = await open('dog.jpg');
  await outline(page, 200, 420);
  const [whole] = await stored(asset);
  assert.ok(contains(whole.shape, 330, 300), 'with its head');
  await page.keyboard.press('v');
  await clickImage(page, 200, 420);
  await page.keyboard.press('a');
  assert.equal(await page.evaluate(() => window.__annotate.editor.refining.get()), whole.id);
  await page.getByText('Refining').waitFor();
  await clickImage(page, 330, 300, { alt: true });
  await answered(page);
  await page.keyboard.press('Enter');
  await saved(page);
  await until(async () => !contains((await stored(asset))[0].shape, 330, 300), 'the head is off');
  const [part, ...others] = await stored(asset);
  assert.deepEqual(others, []);
  assert.ok(contains(part.shape, 200, 420), 'the body stays');
  for (const field of ['id', 'label_id', 'attributes']) {
    assert.deepEqual(part[field], whole[field], field);
  }
  await page.keyboard.press('Control+z');
  await saved(page);
  await until(async () => contains((await stored(asset))[0].shape, 330, 300), 'the head is back');
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('objects that look like one are proposed, and accepted by keys', slow, async () => {
  const { page, asset } = await open('truck.jpg');
  await outline(page, 575, 750);
  await page.keyboard.press('Alt+a');
  await page.getByTestId('suggestion').first().waitFor({ timeout: 60_000 });
  const other = (await suggestions(asset)).find((one) => contains(one.shape, 1525, 673));
  assert.ok(other, 'the other wheel');
  assert.equal(other.class, 'thing');
  assert.equal(await page.getByTestId('suggestion').first().locator('.ai-source').innerText(),
    'similar');
  await page.getByTestId('canvas').focus();
  for (let i = 0; i < 20 && await focused(page) !== other.id; ++i) {
    await page.keyboard.press('Alt+ArrowDown');
  }
  assert.equal(await focused(page), other.id);
  assert.ok(await onCanvas(page), 'the keyboard stays on the canvas');
  await page.keyboard.press('Enter');
  await until(async () => (await stored(asset)).length === 2, 'both wheels');
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('what looks similar is taken above a bar, with its number told, or not at all', slow,
  async () => {
    const { page, asset } = await open('truck.jpg');
    await outline(page, 575, 750);
    await page.keyboard.press('Alt+a');
    await page.getByTestId('ai-waiting').waitFor();
    await page.getByTestId('similar').waitFor({ timeout: 60_000 });
    assert.equal(await page.getByTestId('ai-waiting').count(), 0);
    const scores = (await suggestions(asset)).map(({ score }) => score).sort((a, b) => b - a);
    const count = page.getByTestId('similar-count');
    const told = (taken) => until(async () =>
      await count.innerText() === `${taken} of ${scores.length} would be taken`, `${taken} taken`);
    const ghosts = () => page.evaluate(() => window.__annotate.editor.ghosts.get().length);
    await told(scores.length);
    const above = (percent) => scores.filter((score) => score >= percent / 100).length;
    await page.getByTestId('similar-likeness').fill('100');
    await told(above(100));
    assert.equal(await page.getByTestId('accept-similar').isEnabled(), above(100) > 0);
    // The likest alone, and what is as like.
    const bar = Math.floor(scores[0] * 100);
    await page.getByTestId('similar-likeness').fill(String(bar));
    await told(above(bar));
    assert.equal(await ghosts(), above(bar), 'the others are not drawn');
    await page.getByTestId('similar-likeness').fill('65');
    await page.getByTestId('canvas').focus();
    await page.keyboard.press('Alt+PageUp');
    await told(above(70));
    await page.keyboard.press('Alt+PageDown');
    await told(above(65));
    await page.getByTestId('similar-likeness').fill(String(bar));
    await told(above(bar));
    await page.getByTestId('canvas').focus();
    const undoes = () => page.evaluate(() => window.__annotate.editor.history.state.get().undo);
    const outlined = await undoes();
    await page.keyboard.press('Alt+Shift+A');
    await until(async () => (await stored(asset)).length === 1 + above(bar), 'taken');
    await page.waitForFunction((rest) =>
      window.__annotate.editor.ghosts.get().length === 0 &&
      document.querySelectorAll('[data-testid=similar]').length === rest,
    scores.length > above(bar) ? 1 : 0);
    await until(async () => await undoes() !== outlined, 'a step of its own');
    await page.keyboard.press('Control+z');
    await until(async () => (await stored(asset)).length === 1, 'one step');
    await told(above(bar));
    await page.getByTestId('reject-similar').click();
    await page.getByTestId('similar').waitFor({ state: 'detached' });
    assert.ok((await suggestions(asset)).every(({ state }) => state !== 'pending'));
    assert.equal((await stored(asset)).length, 1);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('a search for similar objects is cancelled with its request, by mouse and by key', slow,
  async () => {
    const { page, asset } = await open('truck.jpg');
    await drawBox(page, [500, 690], [650, 820]);
    await saved(page);
    const held = [];
    await page.route('**/similar', (route) => held.push(route));
    await page.evaluate(() => {
      const send = window.fetch;
      window.fetch = (url, options) => {
        if (String(url).endsWith('/similar')) window.__similar = options.signal;
        return send(url, options);
      };
    });
    for (const cancel of [
      () => page.getByTestId('ai-waiting').getByRole('button', { name: 'Cancel' }).click(),
      () => page.keyboard.press('Escape'),
    ]) {
      await page.getByTestId('canvas').focus();
      await page.keyboard.press('Alt+a');
      await page.getByTestId('ai-waiting').waitFor();
      await drawingGoesOn(page);
      assert.equal(await page.evaluate(() => window.__similar.aborted), false);
      await cancel();
      assert.equal(await page.evaluate(() => window.__similar.aborted), true);
      await page.getByTestId('ai-waiting').waitFor({ state: 'detached' });
    }
    assert.equal(held.length, 2);
    assert.deepEqual(await suggestions(asset), []);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('nothing offers labels by their names where no model can find them', slow, async () => {
  const { body: models } = await person.api('GET', '/models');
  assert.ok(models.items.every(({ task, state }) => task !== 'image_text' || state === 'missing'));
  const { page } = await open('dog.jpg');
  await page.getByTestId('detect-button').waitFor();
  assert.equal(await page.getByTestId('detect-by-names').count(), 0);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('names');
  assert.equal(await page.getByRole('option', { name: /by their names/ }).count(), 0);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('one key detects; keys go through, accept, reject; the slider filters; undo asks again', slow,
  async () => {
    const { page, asset } = await open('dog.jpg');
    await page.getByTestId('canvas').focus();
    await page.keyboard.press('i');
    await page.getByTestId('suggestion').nth(2).waitFor({ timeout: 60_000 });
    const ghosts = () => page.evaluate(
      () => window.__annotate.editor.ghosts.get().map(({ id, score }) => ({ id, score })));
    const all = await ghosts();
    await page.keyboard.press('Alt+ArrowDown');
    assert.equal(await focused(page), all[0].id);
    await page.keyboard.press('Alt+ArrowUp');
    assert.equal(await focused(page), all.at(-1).id, 'before the first comes the last');
    await page.locator('[aria-live=polite]', { hasText: `of ${all.length}. Enter` }).waitFor(
      { state: 'attached' });
    await page.keyboard.press('Delete');
    await until(async () => (await suggestions(asset)).some(
      (one) => one.id === all.at(-1).id && one.state === 'rejected'), 'rejected');
    await page.waitForFunction((count) => window.__annotate.editor.ghosts.get().length === count,
      all.length - 1);

    const bar = Math.ceil(all[1].score * 20) * 5;
    await page.getByTestId('ai-confidence').fill(String(bar));
    await page.waitForFunction((score) =>
      window.__annotate.editor.ghosts.get().every((ghost) => ghost.score >= score), bar / 100);
    await page.getByTestId('ai-confidence').fill('0');
    await page.waitForFunction((count) => window.__annotate.editor.ghosts.get().length >= count,
      all.length - 1);

    await page.getByTestId('canvas').focus();
    await page.keyboard.press('Alt+ArrowDown');
    const first = await focused(page);
    await page.keyboard.press('Enter');
    await until(async () => (await stored(asset)).length === 1, 'accepted');
    assert.ok(await onCanvas(page), 'the keyboard stays on the canvas');
    await page.waitForFunction(() => window.__annotate.editor.history.state.get().undo !== null);
    await page.keyboard.press('Control+z');
    await until(async () => (await stored(asset)).length === 0, 'undone');
    await until(async () => (await ghosts()).some(({ id }) => id === first), 'asked again');
    await page.keyboard.press('Control+Shift+z');
    await until(async () => (await stored(asset)).length === 1, 'done again');
    await until(async () => (await ghosts()).every(({ id }) => id !== first), 'decided again');
    const rest = (await ghosts()).length;
    await page.keyboard.press('Shift+Enter');
    await until(async () => (await stored(asset)).length === 1 + rest, 'all that is shown');
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test('the next images are read ahead, and the choice of detector is remembered', slow, async () => {
  const ahead = await server.project(person, { name: 'Ahead' });
  const files = ['dog.jpg', 'truck.jpg', 'groceries.jpg'].map((name) => [name, photo(name)]);
  const { body: { items: [first, second] } } = await server.upload(person, ahead.id, files);
  const page = await openPage(browser);
  await signIn(page, server.url, person.email, 'a good long password');
  await openEditor(page, server.url, ahead, first);
  const read = page.waitForResponse(
    (reply) => reply.url().includes(`/assets/${second.id}/prepare`), { timeout: 90_000 });
  await page.keyboard.press('a');
  await modelReady(page);
  assert.equal((await read).status(), 204);
  const click = await person.api('POST', '/inference/segment',
    { json: { asset_id: second.id, points: [{ x: 500, y: 375, label: 1 }] } });
  assert.equal(click.body.embedding_was_ready, true);
  const choice = page.getByTestId('detector-choice');
  await choice.selectOption('centernet');
  await page.reload();
  await page.getByTestId('detector-choice').waitFor();
  assert.equal(await page.getByTestId('detector-choice').inputValue(), 'centernet');
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('without models the tool says so and leads to them, and drawing goes on', slow, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'aa-no-weights-'));
  for (const name of readdirSync(path.join(root, 'models'))) {
    if (name !== 'weights') cpSync(path.join(root, 'models', name), path.join(folder, name),
      { recursive: true });
  }
  const bare = await TestServer.start({ env: { ANNOTATEAI_MODELS_DIR: folder } });
  try {
    const somebody = await bare.person('bob');
    const empty = await bare.project(somebody, { labels: [{ name: 'thing' }] });
    const { body: { items: [asset] } } =
      await bare.upload(somebody, empty.id, [['dog.jpg', photo('dog.jpg')]]);
    const page = await openPage(browser, { expected: [/status of 503/] });
    await signIn(page, bare.url, somebody.email, 'a good long password');
    await openEditor(page, bare.url, empty, asset);
    const panel = page.getByTestId('ai-suggestions');
    await panel.getByRole('link', { name: 'Open the models' }).waitFor();
    assert.equal(await page.getByTestId('detect-button').count(), 0);
    await page.keyboard.press('a');
    const problem = page.getByTestId('segment-problem');
    await problem.getByRole('link', { name: 'Open the models' }).waitFor();
    await drawBox(page, [100, 100], [200, 180]);
    await saved(page);
    assert.equal((await shapes(page)).length, 1);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  } finally {
    await bare.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
