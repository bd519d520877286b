// A person's own account in the browser: look, language, name, password, sign-ins, organizations,
// what the bell tells, jobs, and signing in again in front of the editor.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, boxOperation, tinyPng } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { drawBox, openEditor, until } from './editor.mjs';

const skip = haveBrowser ? false : 'no Chromium';
const password = 'a good long password';
let server;
let browser;
let person;
let project;
let asset;
let page;

before(async () => {
  if (skip) return;
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  person = await server.person('mira');
  project = await server.project(person);
  const upload = await server.upload(person, project.id, [['a.png', tinyPng(320, 240)]]);
  [asset] = upload.body.items;
  browser = await openBrowser();
  page = await openPage(browser, {
    colorScheme: 'dark',
    expected: [/status of 4(01|09|22)/, /ERR_INTERNET_DISCONNECTED/],
  });
  await signIn(page, server.url, person.email, password);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const settings = () => page.goto(`${server.url}/settings`);
const theme = (of = page) => of.evaluate(() => document.documentElement.dataset.theme);

test('a theme is there before the first paint, and on the next device', { skip }, async () => {
  await settings();
  await page.getByRole('radio', { name: 'High contrast' }).check();
  assert.equal(await theme(), 'contrast');
  await page.reload({ waitUntil: 'commit' });
  await page.waitForSelector('body', { state: 'attached' });
  assert.equal(await theme(), 'contrast', 'before the app has started');
  await until(async () => {
    const { body } = await person.api('GET', '/auth/me/preferences');
    return body['look.theme'] === 'contrast';
  }, 'the choice is on the server');
  const other = await openPage(browser);
  await signIn(other, server.url, person.email, password);
  await other.waitForFunction(() => document.documentElement.dataset.theme === 'contrast');
  await other.context().close();
  await page.getByRole('radio', { name: 'Dark' }).check();
});

test('what the editor remembers is chosen in the settings too, and reset', { skip }, async () => {
  await settings();
  const part = page.getByTestId('editor-settings');
  await part.getByLabel('Minimap').check();
  await part.getByLabel('Snap').uncheck();
  await part.getByLabel('Colour by').selectOption('object');
  await part.getByRole('group', { name: 'Brush and eraser' }).getByLabel('Square').check();
  await openEditor(page, server.url, project, asset);
  const kept = () => page.evaluate(() => {
    const { look, snapping } = window.__annotate.editor;
    return { minimap: look.get().minimap, colorBy: look.get().colorBy, snap: snapping.get() };
  });
  assert.deepEqual(await kept(), { minimap: true, colorBy: 'object', snap: false });
  await page.locator('.minimap').waitFor();
  await page.getByTestId('canvas').focus();
  await page.keyboard.press('b');
  assert.ok(await page.getByRole('group', { name: 'Painting options' }).getByLabel('Square')
    .isChecked());
  await page.keyboard.press('Alt+s');
  assert.equal((await kept()).snap, true);
  await settings();
  assert.ok(await part.getByLabel('Snap').isChecked(), 'the editor’s choice is shown here');
  assert.ok(await part.getByLabel('Minimap').isChecked());
  await part.getByTestId('reset-editor').click();
  assert.ok(!await part.getByLabel('Minimap').isChecked());
  await until(async () => {
    const { body } = await person.api('GET', '/auth/me/preferences');
    return body['canvas.look'] === undefined && body['mask.form'] === undefined;
  }, 'gone from the server');
  await openEditor(page, server.url, project, asset);
  assert.deepEqual(await kept(), { minimap: false, colorBy: 'label', snap: true });
});

test('another language is taken and kept', { skip }, async () => {
  await settings();
  await Promise.all([page.waitForEvent('load'),
    page.getByTestId('language').selectOption('de')]);
  await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'de');
  await page.goto(`${server.url}/jobs`);
  await page.getByRole('heading', { name: 'Aufträge' }).waitFor();
  await settings();
  await page.getByTestId('current-password').fill('wrong');
  await page.getByTestId('new-password').fill('another staple altogether');
  await page.getByTestId('change-password').click();
  await page.getByText('Das aktuelle Passwort ist falsch.').waitFor();
  await Promise.all([page.waitForEvent('load'),
    page.getByTestId('language').selectOption('en')]);
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
});

test('a name is changed', { skip }, async () => {
  await settings();
  await page.getByTestId('own-name').fill('Mira M.');
  await page.getByTestId('save-name').click();
  await page.getByText('Your name is changed').waitFor();
  assert.equal((await person.api('GET', '/auth/me')).body.user.name, 'Mira M.');
});

test('a sign-in elsewhere is seen and ended; a new password ends the rest', { skip }, async () => {
  const login = (word) => server.call('POST', '/auth/login',
    { json: { email: person.email, password: word }, headers: { 'User-Agent': 'robot/1' } });
  const first = (await login(password)).body.access_token;
  await settings();
  const row = page.getByTestId('sign-in').filter({ hasText: 'robot/1' });
  await row.getByTestId('end-sign-in').click();
  await row.waitFor({ state: 'detached' });
  assert.equal((await server.call('GET', '/auth/me', { token: first })).status, 401);
  const second = (await login(password)).body.access_token;
  await page.getByTestId('current-password').fill(password);
  await page.getByTestId('new-password').fill('another staple altogether');
  await page.getByTestId('change-password').click();
  await page.getByText('The password is changed').waitFor();
  assert.equal((await server.call('GET', '/auth/me', { token: second })).status, 401);
  assert.equal((await login(password)).status, 401);
  const again = (await login('another staple altogether')).body.access_token;
  person.api = (method, route, options = {}) =>
    server.call(method, route, { token: again, ...options });
});

test('an export that is ready, and one that failed, are told by the bell', { skip }, async () => {
  const operation = boxOperation(project.labels[0].id);
  await person.api('POST', `/assets/${asset.id}/operations`,
    { json: { base_revision: 0, operations: [operation] } });
  const started = await person.api('POST', `/projects/${project.id}/exports`,
    { json: { format: 'coco' } });
  await server.job(person, started.body.job_id);
  await page.goto(`${server.url}/projects`);
  await page.getByRole('button', { name: '1 unread notification' }).click();
  await page.getByTestId('finished-job').getByText('Export in Street: done').waitFor();
  await page.getByTestId('read-all').click();
  await page.getByRole('button', { name: 'Notifications' }).waitFor();
});

test('jobs are filtered, and lead to what they made', { skip }, async () => {
  await page.goto(`${server.url}/jobs`);
  await page.getByTestId('job-row').first().waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download' }).click()]);
  assert.match(download.suggestedFilename(), /\.(json|zip)$/);
  await page.getByTestId('job-state').selectOption('failed');
  await page.getByText('No job matches').waitFor();
  assert.match(page.url(), /state=failed/);
  await page.reload();
  await page.getByText('No job matches').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByTestId('job-row').first().waitFor();
});

test('a person makes an organization and goes between two', { skip }, async () => {
  await page.goto(`${server.url}/projects`);
  await page.locator('.avatar').click();
  await page.getByTestId('new-organization').click();
  await page.getByTestId('organization-name').fill('Second studio');
  await Promise.all([page.waitForEvent('load'), page.getByTestId('create-organization').click()]);
  await page.locator('.avatar').click();
  await page.getByTestId('organization').filter({ hasText: 'Second studio' }).waitFor();
  assert.equal(await page.getByText('Street', { exact: true }).count(), 0, 'a world of its own');
  await Promise.all([page.waitForEvent('load'),
    page.getByTestId('organization').filter({ hasText: 'Org of mira' }).click()]);
  await page.getByText('Street', { exact: true }).first().waitFor();
});

test('an ended login is mended in front of the editor; nothing drawn is lost', { skip },
  async () => {
    await openEditor(page, server.url, project, asset);
    await page.context().setOffline(true);
    await drawBox(page, [100, 60], [200, 160]);
    await page.locator('[data-testid=save-state][data-state=offline]').waitFor();
    const { body } = await person.api('GET', '/auth/sessions');
    const browsers = body.items.filter((one) => /Chrom/.test(one.user_agent));
    for (const one of browsers) await person.api('DELETE', `/auth/sessions/${one.id}`);
    await page.context().setOffline(false);
    await page.getByTestId('sign-in-again').waitFor({ timeout: 30_000 });
    await page.getByTestId('password-again').fill('wrong');
    await page.getByTestId('sign-in-again-button').click();
    await page.getByText('do not match an account').waitFor();
    await page.getByTestId('password-again').fill('another staple altogether');
    await page.getByTestId('sign-in-again-button').click();
    await page.getByTestId('sign-in-again').waitFor({ state: 'detached' });
    await until(async () => {
      const { body: stored } = await person.api('GET', `/assets/${asset.id}/annotations`);
      return stored.items.length === 2;
    }, 'the box is on the server');
    assert.deepEqual(page.problems, []);
  });

test('an ended login is mended in the organization where one was', { skip }, async () => {
  const organizations = (await person.api('GET', '/organizations')).body.items;
  const second = organizations.find((one) => one.name === 'Second studio');
  const { body: login } = await server.call('POST', '/auth/login', { json: {
    email: person.email, password: 'another staple altogether', organization_id: second.id } });
  assert.equal(login.organization.id, second.id);
  const there = { ...person, api: (method, route, options = {}) =>
    server.call(method, route, { token: login.access_token, ...options }) };
  const studio = await server.project(there);
  const { body } = await server.upload(there, studio.id, [['b.png', tinyPng(320, 240)]]);
  await page.goto(`${server.url}/projects`);
  await page.locator('.avatar').click();
  await Promise.all([page.waitForEvent('load'),
    page.getByTestId('organization').filter({ hasText: 'Second studio' }).click()]);
  await openEditor(page, server.url, studio, body.items[0]);
  const sessions = (await there.api('GET', '/auth/sessions')).body.items;
  for (const one of sessions.filter(({ user_agent }) => /Chrom/.test(user_agent))) {
    await there.api('DELETE', `/auth/sessions/${one.id}`);
  }
  await drawBox(page, [100, 60], [200, 160]);
  await page.getByTestId('password-again').fill('another staple altogether');
  await page.getByTestId('sign-in-again-button').click();
  await page.getByTestId('sign-in-again').waitFor({ state: 'detached' });
  await until(async () => {
    const stored = await there.api('GET', `/assets/${body.items[0].id}/annotations`);
    return stored.body.items.length === 1;
  }, 'the box is on the server');
  assert.deepEqual(page.problems, []);
});
