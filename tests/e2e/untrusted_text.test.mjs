// Text from people is shown as text, wherever it appears: nothing in it runs, nothing breaks the
// content security policy.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, tinyPng, uuidv7 } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { openEditor } from './editor.mjs';

const skip = haveBrowser ? false : 'no Chromium';
const password = 'a good long password';
const corpus = [
  '<script>window.__xss=1</script>',
  '<img src=x onerror=window.__xss=1>',
  '"><svg onload=window.__xss=1>',
  "'-window.__xss=1-'",
  'javascript:window.__xss=1',
  '</title><script>window.__xss=1</script>',
  '<iframe srcdoc="<script>parent.__xss=1</script>">',
  '<a href="javascript:window.__xss=1">click</a>',
  '{{constructor.constructor("window.__xss=1")()}}',
  '${window.__xss=1}',
  '<style>@import"//evil.test/x";*{background:url(//evil.test/y)}</style>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=window.__xss=1>',
  '\u202ereversed <b>bold</b> &lt;&#60;script&#62;',
];
const marker = '<img src=x onerror=window.__xss=1>';
let server;
let browser;
let person;
let project;
let assets;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  const email = '<script>window.__xss=1</script>@example.test';
  const answer = await server.call('POST', '/auth/register',
    { json: { email, password, name: marker, organization: corpus[0] } });
  assert.equal(answer.status, 201, answer.text);
  const token = answer.body.access_token;
  person = { email, api: (method, route, options = {}) =>
    server.call(method, route, { token, ...options }) };
  for (const name of corpus) await server.project(person, { name, labels: [] });
  project = await server.project(person, { name: `All of it ${marker}`, labels: corpus.map(
    (name, i) => ({ name, attributes: i > 0 ? [] : [
      { name: marker, kind: 'text' },
      { name: corpus[2], kind: 'select', options: corpus }] })) });
  const upload = await server.upload(person, project.id,
    corpus.map((name) => [`${name}.png`, tinyPng()]));
  assert.equal(upload.status, 201, upload.text);
  assets = upload.body.items;
  await annotate();
  await comment();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function annotate() {
  const operations = project.labels.map((label, i) => ({ id: uuidv7(), op: 'put', annotation: {
    id: uuidv7(), label_id: label.id, shape: { type: 'box', x: 2 + i, y: 3, width: 9, height: 8 },
    attributes: i > 0 ? {} : { [marker]: corpus[1], [corpus[2]]: corpus[3] } } }));
  const answer = await person.api('POST', `/assets/${assets[0].id}/operations`,
    { json: { base_revision: 0, operations } });
  assert.equal(answer.status, 200, answer.text);
}

async function comment() {
  for (const body of corpus) {
    const answer = await person.api('POST', `/assets/${assets[0].id}/threads`,
      { json: { x: 5, y: 5, body } });
    assert.equal(answer.status, 201, answer.text);
    await person.api('POST', `/threads/${answer.body.id}/comments`, { json: { body: marker } });
  }
}

// Nothing ran, and no element came to be out of the texts.
async function assertHarmless(page, where) {
  assert.equal(await page.evaluate(() => window.__xss), undefined, where);
  const made = await page.evaluate(() => [...document.querySelectorAll(
    'iframe, math, mglyph, [onerror], [onload], [srcdoc], img[src="x"], a[href^="javascript:"]')]
    .map((element) => element.outerHTML));
  assert.deepEqual(made, [], where);
  assert.deepEqual(page.problems, [], where);
}

// Labels and names as the page shows them, byte by byte.
async function assertShown(page, selector, wanted, where) {
  await page.waitForFunction(([query, count]) =>
    document.querySelectorAll(query).length >= count, [selector, wanted.length]);
  const shown = new Set(await page.locator(selector).allTextContents());
  for (const text of wanted) assert.ok(shown.has(text), `${where}: ${text}`);
}

test('names of projects, labels, files and people, attributes and their values',
  { skip, timeout: 120_000 }, async () => {
    const page = await openPage(browser);
    await signIn(page, server.url, person.email, password);
    await assertShown(page, '.card-link', corpus, 'projects');
    await page.locator('.avatar').click();
    await page.getByRole('menu').getByText(marker, { exact: true }).waitFor();
    await assertHarmless(page, 'projects');

    await page.goto(`${server.url}/projects/${project.id}`);
    await assertShown(page, '.asset-link', assets.map((asset) => asset.filename), 'gallery');
    await assertHarmless(page, 'project');
    await page.getByTestId('preannotate-button').click();
    await page.getByRole('dialog').getByText(corpus[1], { exact: true }).first().waitFor();
    await assertHarmless(page, 'pre-annotate');
    await page.goto(`${server.url}/projects/${project.id}?tab=labels`);
    await page.getByLabel('Name of the label').nth(corpus.length - 1).waitFor();
    for (const [i, name] of corpus.entries()) {
      assert.equal(await page.getByLabel('Name of the label').nth(i).inputValue(), name);
    }
    await assertHarmless(page, 'labels');

    await openEditor(page, server.url, project, assets[0]);
    await assertShown(page, '.label-row > .truncate', corpus, 'label picker');
    await page.evaluate((label) => {
      const { editor, shapes } = window.__annotate;
      editor.select([shapes().find((one) => one.label_id === label).id]);
    }, project.labels[0].id);
    const details = page.getByTestId('object-details');
    assert.equal(await details.locator('input.input[type=text]').inputValue(), corpus[1]);
    assert.equal(await details.locator('select').last().inputValue(), corpus[3]);
    await page.getByTestId('detection-tool').hover();
    await assertHarmless(page, 'annotate');

    await page.getByTestId('tab-comments').click();
    await assertShown(page, '.thread-words', corpus, 'comments');
    await page.getByTestId('thread-row').first().click();
    await assertShown(page, '.comment-body', [marker], 'thread');
    await assertHarmless(page, 'comments');

    for (const route of ['/settings', '/admin/members', '/admin/audit', '/jobs', '/models',
      `/projects?q=${encodeURIComponent(marker)}`,
      `/${encodeURIComponent('<img src=x onerror=alert(1)>')}`]) {
      await page.goto(server.url + route);
      await page.getByRole('heading').first().waitFor();
      await page.waitForLoadState('networkidle');
      await assertHarmless(page, route);
    }
    await page.goto(`${server.url}/settings`);
    await page.getByText(person.email, { exact: true }).waitFor();
  });

test('names that are refused are told as text', { skip, timeout: 60_000 }, async () => {
  const page = await openPage(browser, { expected: [/status of 422/] });
  await signIn(page, server.url, person.email, password);
  await page.goto(`${server.url}/projects/${project.id}`);
  await page.getByTestId('file-upload').setInputFiles([{ name: `${marker}.txt`,
    mimeType: 'text/plain', buffer: Buffer.from('<script>window.__xss=1</script>') }]);
  await page.locator('.upload-errors').getByText(`${marker}.txt`, { exact: true }).waitFor();
  await assertHarmless(page, 'rejected files');
  await page.goto(`${server.url}/login?next=javascript:window.__xss=1`);
  await page.getByTestId('email').fill(person.email);
  await page.getByTestId('password').fill(password);
  await page.getByTestId('login-button').click();
  await page.waitForURL(`${server.url}/projects`);
  await assertHarmless(page, 'after signing in');
});
