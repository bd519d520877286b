// Every screen fits: in a language that needs 40 % more room, at 768 and at 390 pixels; and the
// annotate page of phones, on which one decides.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, haveData, photo } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { until } from './editor.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
const password = 'a good long password';
let server;
let browser;
let person;
let project;
let asset;

before(async () => {
  if (skip) return;
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  person = await server.person('width');
  project = await server.project(person);
  const upload = await server.upload(person, project.id, [['dog.jpg', photo('dog.jpg')]]);
  [asset] = upload.body.items;
  const started = await person.api('POST', `/projects/${project.id}/preannotations`,
    { json: { min_score: 0.3 } });
  await server.job(person, started.body.job_id);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const screens = () => ['/projects', '/projects/new', `/projects/${project.id}`,
  `/projects/${project.id}?tab=labels`, '/jobs', '/models', '/settings', '/admin/members',
  '/admin/audit', '/nothing'];

// Texts of the catalogue with two fifths more, in words of a usual length.
function longer(text) {
  const letters = text.replaceAll(/\{\{\w+\}\}/g, '').length;
  const more = 'ëxtra '.repeat(Math.ceil((letters * 0.4) / 6)).trim();
  return letters > 0 ? `${text} ${more}` : text;
}

async function speakLonger(page) {
  await page.route(/\/assets\/(app|editorPage)-[\w-]+\.js$/, async (route) => {
    const response = await route.fetch();
    const code = await response.text();
    const body = code.replaceAll(/(:)([`"'])((?:(?!\2)[^\\]|\\.)*)\2/g,
      (whole, colon, quote, text) => `${colon}${quote}${longer(text)}${quote}`);
    await route.fulfill({ response, body });
  });
}

// What sticks out of the window, or of its own box; scrolled and shortened things do not.
const overflows = (page) => page.evaluate(() => {
  const out = [];
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 1) out.push(`the page is ${wide} px too wide`);
  const scrolled = (element) => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (/auto|scroll|hidden/.test(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  for (const element of document.querySelectorAll('h1, h2, h3, p, label, a, button, dt, dd, ' +
    '.badge, .segmented, .input, .select, .card, header, nav')) {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (box.width < 2 || style.visibility === 'hidden' || element.closest('.visually-hidden') ||
      element.matches('.skip-link, .visually-hidden')) continue;
    const name = `${element.tagName} .${element.className} ${element.textContent.slice(0, 40)}`;
    if ((box.left < -1 || box.right > window.innerWidth + 1) && !scrolled(element)) {
      out.push(`outside of the window: ${name}`);
    }
    const cut = element.scrollWidth - element.clientWidth;
    if (cut > 1 && style.display !== 'inline' && style.overflowX === 'visible') {
      out.push(`${cut} px too wide for itself: ${name}`);
    }
  }
  return out;
});

async function checkScreens(page) {
  for (const route of screens()) {
    await page.goto(server.url + route);
    await page.getByRole('heading').first().waitFor();
    await page.waitForLoadState('networkidle');
    assert.deepEqual(await overflows(page), [], route);
  }
}

test('texts that are two fifths longer fit into every screen', { skip, timeout: 120_000 },
  async () => {
    const page = await openPage(browser);
    await speakLonger(page);
    await page.goto(`${server.url}/login`);
    assert.match(await page.getByTestId('login-button').textContent(), /ëxtra/);
    assert.deepEqual(await overflows(page), [], 'login');
    await signIn(page, server.url, person.email, password);
    await checkScreens(page);
    await page.context().close();
  });

for (const [width, height] of [[768, 1024], [390, 844]]) {
  test(`every screen fits ${width} pixels`, { skip, timeout: 120_000 }, async () => {
    const page = await openPage(browser, { viewport: { width, height } });
    await signIn(page, server.url, person.email, password);
    await checkScreens(page);
    await page.goto(`${server.url}/projects`);
    await page.getByTestId('small-menu').click();
    await page.getByRole('menuitem', { name: 'Jobs' }).click();
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
}

test('on a phone one looks, decides and comments', { skip, timeout: 60_000 }, async () => {
  const page = await openPage(browser, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await signIn(page, server.url, person.email, password);
  await page.goto(`${server.url}/projects/${project.id}/annotate/${asset.id}?e2e`);
  await page.waitForFunction(() =>
    document.querySelector('.stage')?.dataset.imageState === 'ready');
  const pending = async () => (await person.api('GET', `/assets/${asset.id}/suggestions`))
    .body.items.filter((one) => one.state === 'pending').length;
  const before = await pending();
  await page.getByTestId('review-accept').click();
  await until(async () => await pending() === before - 1, 'accepted');
  await page.getByTestId('review-reject').click();
  await until(async () => await pending() === before - 2, 'rejected');
  await page.getByText('Objects 1').click();
  await page.getByTestId('review-object').click();
  assert.equal(await page.getByTestId('detection-tool').count(), 0, 'no tools');
  const camera = () => page.evaluate(() => window.__annotate.editor.view.camera.get().x);
  const from = await camera();
  await page.mouse.move(200, 300);
  await page.mouse.down();
  await page.mouse.move(120, 300);
  await page.mouse.up();
  assert.notEqual(await camera(), from, 'a drag moves the image');
  assert.equal((await page.evaluate(() => window.__annotate.shapes())).length, 1);
  await page.getByText(/^Comments/).click();
  await page.getByTestId('add-comment').waitFor();
  assert.deepEqual(await overflows(page), []);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
