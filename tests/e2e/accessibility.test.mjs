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

before(async () => {
  if (skip) return;
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  person = await server.person('eyes');
  project = await server.project(person, { labels: [
    { name: 'dog', attributes: [{ name: 'pose', kind: 'select', options: ['up', 'down'] }] },
    { name: 'person' }, { name: 'bowl' }] });
  const upload = await server.upload(person, project.id, [['dog.jpg', photo('dog.jpg')]]);
  [asset] = upload.body.items;
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
    // A single letter, as on the account's button, is too short for it.
    const undecided = incomplete.filter((rule) => rule.id !== 'label-content-name-mismatch');
    const open = undecided.map((rule) => ({ ...rule, nodes: rule.id === 'color-contrast'
      ? rule.nodes.filter((node) => !overPicture(node)) : rule.nodes }));
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

async function checkPage(page, where, rules) {
  await page.evaluate(() => Promise.all(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
    .map((one) => one.finished)));
  assert.deepEqual(await findings(page, rules), [], where);
  assert.deepEqual(await brokenGlass(page), [], where);
}

for (const [look, rules, media] of [['dark', everything, { colorScheme: 'dark' }],
  ['light', colours, { colorScheme: 'light' }],
  ['high contrast', colours, { contrast: 'more' }]]) {
  test(`every screen, ${look}`, { skip, timeout: 180_000 }, async () => {
    const page = await openPage(browser, { ...media, reducedMotion: 'reduce' });
    const check = (where) => checkPage(page, where, rules);
    const visit = async (route) => {
      await page.goto(server.url + route);
      await page.getByRole('heading').first().waitFor();
      await page.waitForLoadState('networkidle');
    };
    for (const route of ['/login', '/login?mode=register']) {
      await visit(route);
      await check(route);
    }
    await signIn(page, server.url, person.email, 'a good long password');
    for (const route of ['/projects', '/projects/new', `/projects/${project.id}`,
      `/projects/${project.id}?tab=labels`, '/jobs', '/models', '/settings', '/admin/members',
      '/admin/audit', '/nothing']) {
      await visit(route);
      await check(route);
    }
    await visit(`/projects/${project.id}`);
    for (const [button, dialog] of [['preannotate-button', 'Pre-annotate'],
      ['export-button', 'Export annotations'], ['import-button', 'Import']]) {
      await page.getByTestId(button).click();
      await page.getByRole('dialog', { name: dialog }).waitFor();
      await check(dialog);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.getByTestId('mentions-bell').click();
    await page.getByRole('menuitem', { name: 'All jobs' }).waitFor();
    await check('notifications');
    await page.keyboard.press('Escape');
    await page.locator('.avatar').click();
    await page.getByTestId('organization').first().waitFor();
    await check('account');
    await page.getByTestId('new-organization').click();
    await page.getByRole('dialog', { name: 'New organization' }).waitFor();
    await check('a new organization');
    await page.keyboard.press('Escape');
    await page.goto(`${server.url}/models`);
    for (const [button, dialog] of [['Add your model', 'Add your model'],
      ['Add a server', 'Add a server of yours']]) {
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('dialog', { name: dialog }).waitFor();
      await check(dialog);
      await page.keyboard.press('Escape');
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${server.url}/projects/${project.id}/annotate/${asset.id}`);
    await page.getByTestId('review-suggestion').waitFor();
    await check('review on a phone');
    await page.setViewportSize({ width: 1280, height: 720 });
    await openEditor(page, server.url, project, asset);
    await page.getByTestId('suggestion').first().waitFor();
    await page.locator('.object-main').click();
    await check('annotate');
    await page.keyboard.press('c');
    await page.getByRole('combobox', { name: 'Comment' }).fill('Is this one dog?');
    await check('a comment being begun');
    await page.getByRole('combobox', { name: 'Comment' }).press('Enter');
    await page.getByTestId('comment').waitFor();
    await page.getByTestId('tab-comments').click();
    await page.getByTestId('thread-row').first().waitFor();
    await check('comments');
    await page.getByTestId('thread').getByRole('button', { name: 'Close' }).click();
    await page.getByTestId('tab-history').click();
    await page.getByTestId('history-line').first().waitFor();
    await check('history');
    await page.getByTestId('history-line').last().click();
    await page.getByTestId('past-banner').waitFor();
    await check('an earlier state');
    await page.getByTestId('past-leave').click();
    await page.getByTestId('history-author').selectOption({ index: 1 });
    await page.getByTestId('revert-person').click();
    await page.getByTestId('revert-dialog').waitFor();
    await check('taking all back');
    await page.keyboard.press('Escape');
    await page.getByTestId('mentions-bell').click();
    await page.getByRole('menuitem', { name: 'All jobs' }).waitFor();
    await page.getByRole('menu').waitFor();
    await check('mentions');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+?');
    await page.getByRole('dialog').waitFor();
    await check('keys and mouse');
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
}
