// 175: text from people is shown as text, wherever it appears, and to whomever: nothing in it runs,
// nothing breaks the content security policy.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { openEditor, until } from './editor.mjs';
import { assertHarmless, assertShown, corpus, marker, packed, watch } from './hostile.mjs';
import { attributesOf, furnish } from './hostile_world.mjs';

const skip = haveBrowser ? false : 'no Chromium';
const limits = { skip, timeout: 120_000 };
const password = 'a good long password';
let server;
let browser;
let world;
let page;

before(async () => {
  if (skip) return;
  server = await TestServer.start({
    env: { ANNOTATEAI_RATE_LIMIT: 'false', ANNOTATEAI_OUTBOUND_ALLOW: '127.0.0.1' } });
  world = await furnish(server);
  browser = await openBrowser();
  // A model whose speed nobody measured.
  page = await enter(world.reader, { expected: [/status of 404/] });
});
after(async () => {
  await browser?.close();
  await world?.backend.stop();
  await server?.stop();
});

async function enter({ email }, options) {
  const opened = watch(await openPage(browser, options), server.url);
  await signIn(opened, server.url, email, password);
  return opened;
}

async function visit(route) {
  await page.goto(server.url + route);
  await page.getByRole('heading').first().waitFor();
  await page.waitForLoadState('networkidle');
}

const home = () => `/projects/${world.project.id}`;
const valuesOf = (locator) => locator.evaluateAll((all) => all.map(({ value }) => value));

test('projects, people, organizations and sign-ins', limits, async () => {
  await page.getByRole('button', { name: 'Show more' }).click();
  await assertShown(page, '.card-link', [...corpus, world.project.name], 'projects');
  await assertHarmless(page, 'projects');
  await page.locator('.avatar').click();
  await assertShown(page, '.organization-row > .truncate', packed(200), 'organizations');
  await page.keyboard.press('Escape');
  await page.getByTestId('mentions-bell').click();
  await assertShown(page, '.news-row strong', [world.writer.name], 'notifications');
  const words = await page.locator('.news-words').allTextContents();
  for (const text of words.filter((one) => one.startsWith('@Reader'))) {
    assert.ok(corpus.some((one) => `@Reader ${one}`.startsWith(text)), text);
  }
  await assertHarmless(page, 'notifications');
  await visit('/admin/members');
  await assertShown(page, '.member > strong', packed(200), 'members');
  await assertHarmless(page, 'members');
  await visit('/admin/audit');
  await assertShown(page, '[data-testid=audit-row] td:nth-child(2)', [world.writer.name], 'audit');
  await assertHarmless(page, 'audit');
  await visit('/settings');
  const said = world.agents.map((agent) => agent.split(/[\s(]/)[0]);
  await assertShown(page, '[data-testid=sign-in] strong', said, 'sign-ins');
  await assertHarmless(page, 'settings');
});

test('models, jobs and their failures', limits, async () => {
  await visit('/models');
  await assertShown(page, '.model-link', [...packed(100), ...packed(200)], 'models');
  await assertHarmless(page, 'models');
  for (const id of ['remote-0', 'own-0']) {
    await visit(`/models/${id}`);
    await page.locator('summary').filter({ hasText: 'classes' }).click();
    const classes = id === 'own-0' ? corpus.slice(0, 2) : corpus;
    await assertShown(page, '.chip > .truncate', classes, id);
    await assertHarmless(page, id);
  }
  await visit('/jobs');
  await page.locator('.job-reason').first().waitFor();
  await assertHarmless(page, 'jobs');
});

test('a project: its images, its labels, files brought into it', limits, async () => {
  await visit(home());
  await page.getByRole('heading', { name: world.project.name }).waitFor();
  await assertShown(page, '.asset-link', [], 'gallery');
  const names = new Set(world.assets.map((asset) => asset.filename));
  for (const shown of await page.locator('.asset-link').allTextContents()) {
    assert.ok(names.has(shown), shown);
  }
  await page.getByTestId('gallery-histogram').click();
  await page.getByTestId('histogram').getByText(corpus[0], { exact: true }).waitFor();
  await page.getByRole('button', { name: 'More filters' }).click();
  await assertHarmless(page, 'gallery');
  await page.getByTestId('preannotate-button').click();
  await page.getByRole('dialog').getByText(corpus[1], { exact: true }).first().waitFor();
  await assertHarmless(page, 'pre-annotate');
  await visit(`${home()}?tab=labels`);
  await page.getByLabel('Name of the label').nth(corpus.length).waitFor();
  const labels = await valuesOf(page.getByLabel('Name of the label'));
  assert.deepEqual(labels, world.project.labels.map(({ name }) => name));
  await page.locator('.attributes-toggle').first().click();
  const attributes = await valuesOf(page.getByLabel('Name of the attribute'));
  assert.deepEqual(attributes, attributesOf[0]);
  await page.locator('.label-skeleton button').first().click();
  await page.getByTestId('skeleton-designer').waitFor();
  await assertHarmless(page, 'the designer');
});

test('what is wrong with a file is told in its own words', limits, async () => {
  await visit(home());
  await page.getByTestId('import-button').click();
  const categories = corpus.map((name, i) => ({ id: i + 1, name: `new ${name}` }));
  const images = corpus.map((name, i) => ({ id: i + 1, file_name: `none ${name}.jpg`,
    width: 9, height: 9 }));
  const annotations = corpus.map((_, i) => ({ id: i + 1, image_id: i + 1, category_id: i + 1,
    bbox: [0, 0, 5, 5] }));
  await page.getByTestId('import-file').setInputFiles({ name: `${marker}.json`,
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ categories, images, annotations })) });
  await page.getByTestId('start-import').click();
  await page.locator('.import-problems li').first().waitFor();
  const problems = await page.locator('.import-problems').textContent();
  // Of a path the last part is the name.
  for (const text of corpus) {
    assert.ok(problems.includes(text.split(/[\\/]/).at(-1)), `import: ${text}`);
  }
  await assertHarmless(page, 'import problems');
  await visit(`${home()}?tab=labels`);
  await page.getByTestId('import-labels').click();
  const dialog = page.getByTestId('import-labels-dialog');
  const report = page.locator('.import-report, [role=alert]').first();
  for (const source of sources()) {
    await dialog.locator('textarea').fill(source);
    await report.waitFor();
    await assertHarmless(page, `label import: ${source.slice(0, 40)}`);
  }
  await page.getByTestId('import-labels-add').click();
  const added = await valuesOf(page.getByLabel('Name of the label'));
  for (const name of corpus) assert.ok(added.includes(`more ${name}`), `label import: ${name}`);
});

// Labels as they stand elsewhere, the last ones new to the project; and broken.
function sources() {
  const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;');
  const list = corpus.map((name) => ({ name, color: name, type: name,
    attributes: [{ name, input_type: name, values: [name] }] }));
  const elements = corpus.map((name) => `<Label value="more ${escaped(name)}"/>`);
  return [corpus.join('\n'), `<View>${corpus.join('\n')}`, JSON.stringify(list),
    `<View style="display:flex"><Labels name="a">${elements.join('')}</Labels></View>`];
}

test('files that are refused, and a way back that leads nowhere else', limits, async () => {
  const own = await enter(world.reader, { expected: [/status of 422/] });
  await own.goto(server.url + home());
  await own.getByTestId('file-upload').setInputFiles([{ name: `${marker}.txt`,
    mimeType: 'text/plain', buffer: Buffer.from('<script>window.__xss=1</script>') }]);
  await own.locator('.upload-errors').getByText(`${marker}.txt`, { exact: true }).waitFor();
  await assertHarmless(own, 'rejected files');
  for (const next of ['javascript:window.__xss=1', '//evil.test/', 'https://evil.test/']) {
    await own.goto(`${server.url}/login?next=${encodeURIComponent(next)}`);
    await own.getByTestId('email').fill(world.reader.email);
    await own.getByTestId('password').fill(password);
    await own.getByTestId('login-button').click();
    await own.waitForURL(`${server.url}/projects`);
    await assertHarmless(own, next);
  }
  await own.goto(`${server.url}/${encodeURIComponent('<img src=x onerror=alert(1)>')}`);
  await own.getByRole('heading').first().waitFor();
  await own.goto(`${server.url}/projects?q=${encodeURIComponent(marker)}`);
  await own.getByRole('heading').first().waitFor();
  await assertHarmless(own, 'addresses');
  await own.context().close();
});

const select = (index) => page.evaluate((id) => window.__annotate.editor.select([id]),
  world.objects[index].id);

test('the editor: labels, objects, attributes, joints, relations, tags, the note', limits,
  async () => {
    await openEditor(page, server.url, world.project, world.assets[0]);
    await assertShown(page, '.label-row > .truncate', corpus, 'label picker');
    await page.getByTestId('object-grouping').click();
    await page.getByTestId('grouping-group').click();
    await page.locator('.object-main').first().waitFor();
    const details = page.getByTestId('object-details');
    const values = page.getByTestId('relation').locator('input');
    for (const [i, names] of attributesOf.entries()) {
      await select(i);
      await page.waitForFunction((text) => document.querySelector(
        '[data-testid=object-details] input.input[type=text]')?.value === text, `${names[0]}!`);
      const texts = await valuesOf(details.locator('input.input[type=text]'));
      assert.deepEqual(texts, names.map((name) => `${name}!`));
      await until(async () => await values.count() === i + 1, 'all relations');
      assert.deepEqual((await valuesOf(values)).sort(), corpus.slice(0, i + 1).sort());
    }
    assert.equal(await details.locator('select').last().inputValue(), marker);
    await assertHarmless(page, 'an object');
    await select(corpus.length);
    await page.getByTestId('joints').locator('summary').click();
    await assertShown(page, '[data-testid=joints] li > .truncate', corpus, 'joints');
    await assertHarmless(page, 'joints');
    await page.getByTestId('tab-image').click();
    await assertShown(page, '.tag-chip > .truncate', corpus.map((text) => `# ${text}`), 'tags');
    await page.waitForFunction((text) =>
      document.querySelector('[data-testid=image-note]').value === text, world.note);
    await assertHarmless(page, 'tags and note');
  });

test('the editor: palette, menu, filter, comments, history', limits, async () => {
  await openEditor(page, server.url, world.project, world.assets[0]);
  await page.getByTestId('canvas').focus();
  await page.keyboard.press('Control+k');
  for (const text of [marker, '{{count}}', '$t(common.close)', '${1+1} #{1+1}']) {
    await page.getByTestId('palette').getByRole('combobox').fill(text);
    await page.getByTestId('palette-item').filter({ hasText: text }).first().waitFor();
  }
  await assertHarmless(page, 'palette');
  await page.keyboard.press('Escape');
  await select(1);
  await page.keyboard.press('Shift+F10');
  await page.getByTestId('menu-label').hover();
  await page.getByTestId('menu-labels').getByText(marker, { exact: true }).waitFor();
  await assertHarmless(page, 'menu');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.getByTestId('object-filter').click();
  await page.getByRole('dialog').waitFor();
  await assertHarmless(page, 'filter');
  await page.keyboard.press('Escape');
  await page.getByTestId('tab-comments').click();
  await assertShown(page, '.thread-words', corpus.map((text) => `@Reader ${text}`), 'comments');
  await page.getByTestId('thread-row').last().click();
  await page.locator('.comment-body').nth(1).waitFor();
  await assertHarmless(page, 'a thread');
  await page.getByTestId('thread').getByRole('button', { name: 'Close' }).click();
  await page.getByTestId('tab-history').click();
  await page.getByTestId('history-line').first().waitFor();
  const lines = await page.locator('.history-line > span').allTextContents();
  for (const text of corpus.slice(-20)) {
    const line = `changed “${text}” of ${corpus[1]} 2`;
    assert.ok(lines.includes(line), line);
  }
  await page.getByTestId('history-line').last().click();
  await page.getByTestId('past-banner').waitFor();
  await assertHarmless(page, 'history');
  await page.getByTestId('past-leave').click();
});

test('a phone of somebody else, while the one who wrote it all is there', limits, async () => {
  const phone = await enter(world.reader,
    { viewport: { width: 360, height: 640 }, hasTouch: true });
  const [author] = world.writers;
  const other = await enter(author);
  await openEditor(other, server.url, world.project, world.assets[0]);
  await page.getByTestId('person').first().waitFor();
  await page.getByTestId('person').first().hover();
  await assertHarmless(page, 'people here');
  await openEditor(phone, server.url, world.project, world.assets[0]);
  await phone.getByText(/^Objects/).click();
  const names = corpus.map((name, i) => `${name} ${i + 1}`);
  await assertShown(phone, '.review-object > .truncate', names, 'objects on a phone');
  await assertHarmless(phone, 'objects on a phone');
  await phone.getByText(/^Comments/).click();
  await phone.getByTestId('thread-row').first().click();
  await until(async () => (await phone.locator('.comment-body').count()) === 2, 'a thread');
  await assertHarmless(phone, 'comments on a phone');
  await assertHarmless(other, 'the author');
  for (const one of [phone, other]) await one.context().close();
});
