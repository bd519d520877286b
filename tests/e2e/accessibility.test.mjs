// axe on every screen and dialog, its colours in every theme; and the rules of glass that axe
// cannot see.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import path from 'node:path';

import { TestServer, boxOperation, haveData, photo, root, uuidv7 }
  from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { openEditor } from './editor.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
const axe = readFileSync(path.join(root, 'web/node_modules/axe-core/axe.min.js'), 'utf8');
let server;
let browser;
let person;
let project;
let asset;
let blank;

before(async () => {
  if (skip) return;
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  person = await server.person('eyes');
  project = await server.project(person, { labels: [
    { name: 'dog', attributes: [{ name: 'pose', kind: 'select', options: ['up', 'down'] }] },
    { name: 'person' }, { name: 'bowl' },
    { name: 'figure', kind: 'skeleton', skeleton: { points: ['head', 'foot'], edges: [[0, 1]] } },
    { name: 'night', kind: 'tag' }] });
  const upload = await server.upload(person, project.id,
    ['dog.jpg', 'truck.jpg'].map((name) => [name, photo(name)]));
  [asset, blank] = upload.body.items;
  const box = boxOperation(project.labels[0].id);
  const pose = { id: uuidv7(), op: 'set', target: box.annotation.id, field: 'attributes.pose',
    value: 'up' };
  await person.api('POST', `/assets/${asset.id}/operations`, { json: {
    base_revision: 0, operations: [box, pose] } });
  const started = await person.api('POST', `/projects/${project.id}/preannotations`,
    { json: { min_score: 0.3 } });
  await server.job(person, started.body.job_id);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// axe does not judge text on a gradient: the page stands on its strongest colour instead.
const flatten = (page) => page.evaluate(() => {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);
  const canvas = document.createElement('canvas').getContext('2d');
  for (const name of ['--bg', '--glow-1']) {
    canvas.fillStyle = token(name);
    canvas.fillRect(0, 0, 1, 1);
  }
  const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
  document.body.style.background = `rgb(${r} ${g} ${b})`;
});

// Violations, and what axe could not decide. Text on glass over a picture is beyond it: that is
// arithmetic on the tokens (web/src/ui/contrast.test.ts).
async function findings(page, rules) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  await flatten(page);
  return page.evaluate(async (runOnly) => {
    const { violations, incomplete } = await window.axe.run(document, {
      resultTypes: ['violations', 'incomplete'], runOnly });
    const overPicture = (node) => {
      const element = document.querySelector(node.target.at(-1));
      return element?.closest(
        '[class*="-glass"], .annotate, .dialog, .asset-image, .login, .avatar');
    };
    // What a bar floats over is judged where it does not.
    const covered = (node) => node.any.some(({ data }) => data?.messageKey === 'bgOverlap');
    // A single letter, as on the account's button, is too short for it.
    const undecided = incomplete.filter((rule) => rule.id !== 'label-content-name-mismatch');
    const open = undecided.map((rule) => ({ ...rule, nodes: rule.id === 'color-contrast'
      ? rule.nodes.filter((node) => !overPicture(node) && !covered(node)) : rule.nodes }));
    return [...violations, ...open].flatMap((rule) => rule.nodes.map(
      (node) => `${rule.id}: ${node.html.slice(0, 140)} ${node.failureSummary ?? ''}`));
  }, rules);
}

// An ancestor with one of these switches the blur off, and with it the sure contrast.
const brokenGlass = (page) => page.evaluate(() => {
  const out = [];
  for (const glass of document.querySelectorAll('[class*="-glass"]')) {
    for (let at = glass.parentElement; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const bad = style.opacity !== '1' || style.filter !== 'none' || style.clipPath !== 'none' ||
        style.maskImage !== 'none' || style.mixBlendMode !== 'normal' ||
        /opacity|filter/.test(style.willChange) || /-glass/.test(at.className);
      if (bad) out.push(`${glass.className} inside ${at.className || at.tagName}`);
    }
  }
  return out;
});

const everything = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const colours = { type: 'rule', values: ['color-contrast'] };

async function faults(page, where, rules) {
  await page.evaluate(() => Promise.allSettled(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
    .map((one) => one.finished)));
  return [...await findings(page, rules), ...await brokenGlass(page)]
    .map((fault) => `${where}: ${fault}`);
}

// Opens what a step names, looks at it and closes it again.
async function throughDialog(page, check, name, open) {
  await open();
  const dialog = page.getByRole('dialog').last();
  await dialog.waitFor();
  await check(name);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

async function throughMenu(page, check, name, open) {
  await open();
  await page.locator('[role=menu] [role^=menuitem]').first().waitFor();
  await check(name);
  await page.keyboard.press('Escape');
  await page.getByRole('menu').first().waitFor({ state: 'detached' });
}

async function visit(page, route) {
  await page.goto(server.url + route);
  await page.getByRole('heading').first().waitFor();
  await page.waitForLoadState('networkidle');
}

async function checkScreens(page, check) {
  for (const route of ['/login', '/login?mode=register']) {
    await visit(page, route);
    await check(route);
  }
  await signIn(page, server.url, person.email, 'a good long password');
  const home = `/projects/${project.id}`;
  for (const route of ['/projects', '/projects?q=zzz', '/projects/new', home, `${home}?name=zzz`,
    `${home}?tab=labels`, `${home}?view=next`, `${home}?view=similar`, `${home}?view=duplicates`,
    '/jobs', '/jobs?state=failed', '/models', '/models/yolox-nano', '/settings',
    '/admin/members', '/admin/tokens', '/admin/keys', '/admin/audit', '/admin/webhooks',
    '/admin/provisioning',    '/nothing']) {
    await visit(page, route);
    await check(route);
  }
}

async function checkProject(page, check) {
  await visit(page, `/projects/${project.id}`);
  const button = (name) => page.getByRole('button', { name });
  for (const id of ['preannotate-button', 'export-button', 'import-button']) {
    await throughDialog(page, check, id, () => page.getByTestId(id).click());
  }
  await throughMenu(page, check, 'actions of a project', () => button('More actions').click());
  for (const item of ['Rename', 'Delete project']) {
    await throughDialog(page, check, item, async () => {
      await button('More actions').click();
      await page.getByRole('menuitem', { name: item }).click();
    });
  }
  await page.getByTestId('gallery-histogram').click();
  await page.getByTestId('histogram').waitFor();
  await button('More filters').click();
  await page.locator('.asset-check').first().click({ force: true });
  await page.getByTestId('bulk-bar').waitFor();
  await check('filters, classes and chosen images');
  await throughDialog(page, check, 'deleting images',
    () => page.getByTestId('bulk-delete').click());
  await page.getByTestId('file-upload').setInputFiles({ name: 'no picture.jpg',
    mimeType: 'image/jpeg', buffer: Buffer.from('text') });
  await page.locator('.upload-errors li').waitFor();
  await check('the upload centre');
  await visit(page, `/projects/${project.id}?tab=labels`);
  await throughDialog(page, check, 'the designer',
    () => page.locator('.label-skeleton button').first().click());
  await throughDialog(page, check, 'labels from elsewhere',
    () => page.getByTestId('import-labels').click());
}

async function checkShell(page, check) {
  await throughMenu(page, check, 'notifications',
    () => page.getByTestId('mentions-bell').click());
  await throughMenu(page, check, 'account', () => page.locator('.avatar').click());
  await throughDialog(page, check, 'a new organization', async () => {
    await page.locator('.avatar').click();
    await page.getByTestId('new-organization').click();
  });
  await visit(page, '/settings');
  await throughDialog(page, check, 'keys in the settings',
    () => page.getByTestId('change-keys').click());
  await visit(page, '/models');
  for (const name of ['Add your model', 'Add a server']) {
    await throughDialog(page, check, name, () => page.getByRole('button', { name }).click());
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${server.url}/projects/${project.id}/annotate/${asset.id}`);
  await page.getByTestId('review-suggestion').waitFor();
  await check('review on a phone');
  await page.getByText(/^Objects \d/).click();
  await page.getByTestId('review-object').first().waitFor();
  await check('objects on a phone');
  await page.setViewportSize({ width: 1280, height: 720 });
}

async function checkEditor(page, check) {
  await openEditor(page, server.url, project, blank);
  await page.getByTestId('coach').waitFor();
  await check('the tour');
  await openEditor(page, server.url, project, asset);
  await page.getByTestId('suggestion').first().waitFor();
  await page.locator('.object-main').first().click();
  await page.locator('.details').waitFor();
  await check('annotate');
  await throughMenu(page, check, 'tools of a kind',
    () => page.getByTestId('rail-group-mask').click());
  await throughMenu(page, check, 'how the list is grouped',
    () => page.getByTestId('object-grouping').click());
  await throughMenu(page, check, 'menu of an object', () => page.keyboard.press('Shift+F10'));
  await throughDialog(page, check, 'the filter',
    () => page.getByTestId('object-filter').click());
  await throughDialog(page, check, 'the view', () => page.getByTestId('view-panel').click());
  await page.getByTestId('canvas').focus();
  for (const [keys, name] of [['Control+k', 'palette'], ['F2', 'keys'], ['Shift+?', 'help'],
    ['Control+b', 'copies to the next images'], ['Control+e', 'export from the editor']]) {
    await throughDialog(page, check, name, () => page.keyboard.press(keys));
  }
  for (const [key, name] of [['b', 'brush'], ['Shift+i', 'scissors'], ['a', 'AI click']]) {
    await page.keyboard.press(key);
    await page.locator('.hint, .mask-options').first().waitFor();
    await check(name);
  }
  await page.keyboard.press('v');
  await page.keyboard.press('Alt+n');
  await page.getByTestId('image-note').waitFor();
  await check('tags, note and warnings');
}

async function checkComments(page, check) {
  await openEditor(page, server.url, project, asset);
  await page.keyboard.press('c');
  await page.mouse.click(500, 400);
  await page.getByRole('combobox', { name: 'Comment' }).fill('Is this one dog?');
  await check('a comment being begun');
  await page.getByRole('combobox', { name: 'Comment' }).press('Enter');
  await page.getByTestId('comment').waitFor();
  await page.getByTestId('tab-comments').click();
  await page.getByTestId('thread-row').first().waitFor();
  await check('comments');
  await page.getByTestId('thread').getByRole('button', { name: 'Close' }).click();
}

async function checkHistory(page, check) {
  await page.getByTestId('tab-history').click();
  await page.getByTestId('history-line').first().waitFor();
  await check('history');
  await page.getByTestId('history-line').last().click();
  await page.getByTestId('past-banner').waitFor();
  await check('an earlier state');
  await page.getByTestId('past-leave').click();
  await page.getByTestId('history-author').selectOption({ index: 1 });
  await throughDialog(page, check, 'taking all back',
    () => page.getByTestId('revert-person').click());
}

// What tells that something around the page has changed.
async function checkBanners(page, check) {
  await visit(page, '/projects');
  await page.context().setOffline(true);
  await page.locator('.offline').waitFor();
  await check('without a network');
  await page.context().setOffline(false);
  await page.locator('.offline').waitFor({ state: 'detached' });
  const entry = `${server.url}/`;
  await page.route(entry, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/(<script[^>]+src="[^"]+)(")/, '$1?next$2');
    await route.fulfill({ response, body });
  });
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.getByTestId('update-banner').waitFor();
  await check('another build on the server');
  await page.unroute(entry);
}

async function checkSignInAgain(page, check) {
  await openEditor(page, server.url, project, blank);
  const { body } = await person.api('GET', '/auth/sessions');
  const ended = body.items.filter((one) => /Chrom/.test(one.user_agent));
  for (const one of ended) await person.api('DELETE', `/auth/sessions/${one.id}`);
  await page.getByTestId('sign-in-again').waitFor();
  await check('signing in again');
  await page.getByTestId('password-again').fill('wrong');
  await page.getByTestId('sign-in-again-button').click();
  await page.getByText('do not match an account').waitFor();
  await check('signing in again with a wrong password');
  await page.getByTestId('password-again').fill('a good long password');
  await page.getByTestId('sign-in-again-button').click();
  await page.getByTestId('sign-in-again').waitFor({ state: 'detached' });
}

for (const [look, rules, media] of [['dark', everything, { colorScheme: 'dark' }],
  ['light', colours, { colorScheme: 'light' }],
  ['high contrast', colours, { contrast: 'more' }]]) {
  test(`every screen, ${look}`, { skip, timeout: 420_000 }, async () => {
    // A model without a benchmark, the file that is no picture, no network, an ended login.
    const page = await openPage(browser, { ...media, reducedMotion: 'reduce',
      expected: [/status of (404|422)/, /net::ERR_/, /WebSocket connection/] });
    const found = [];
    const check = async (where) => found.push(...await faults(page, where, rules));
    try {
      for (const part of [checkScreens, checkProject, checkShell, checkEditor, checkComments,
        checkHistory, checkBanners, checkSignInAgain]) await part(page, check);
    } finally {
      assert.deepEqual(found, []);
    }
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
}
