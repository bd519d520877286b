// The way of somebody who reviews on a phone, from the login to the last image, by thumb.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { boxOperation, haveData, photo } from '../functional/harness.mjs';
import { haveBrowser, openPage } from './browser.mjs';
import { until } from './editor.mjs';
import { World, password } from './world.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
const kTarget = 24;
let world;
let phone;

before(async () => {
  if (skip) return;
  world = await World.open('thumb', { project: { name: 'Street and home in winter' },
    env: { ANNOTATEAI_RATE_LIMIT: 'false' },
    files: ['dog.jpg', 'truck.jpg'].map((name) => [name, photo(name)]) });
  const { person, project, server, assets: [dog] } = world;
  const started = await person.api('POST', `/projects/${project.id}/preannotations`,
    { json: { min_score: 0.3 } });
  await server.job(person, started.body.job_id);
  await person.api('POST', `/assets/${dog.id}/operations`, { json: { base_revision: 0,
    operations: [boxOperation(project.labels[0].id,
      { x: 90, y: 80, width: 200, height: 300 })] } });
  phone = await openPage(world.browser, { viewport: { width: 360, height: 640 }, hasTouch: true,
    isMobile: true, deviceScaleFactor: 2 });
});
after(() => world?.close());

// Nothing sticks out, and a thumb hits everything that can be pressed.
async function assertFits(where) {
  const faults = await phone.evaluate((target) => {
    const out = [];
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    if (wide > 0) out.push(`${wide} px too wide`);
    for (const element of document.querySelectorAll('button, a[href], input, select, textarea')) {
      const pressed = element.closest('label') ?? element;
      const { width, height, left, right } = pressed.getBoundingClientRect();
      const covering = getComputedStyle(element, '::after').position === 'absolute';
      if (width < 2 || covering || element.closest('.visually-hidden, .skip-link')) continue;
      const name = `${element.tagName} ${element.ariaLabel ?? element.textContent.slice(0, 30)}`;
      if (width < target || height < target) out.push(`${name}: ${width} x ${height}`);
      if (left < -1 || right > window.innerWidth + 1) out.push(`${name}: outside`);
    }
    return out;
  }, kTarget);
  assert.deepEqual(faults, [], where);
}

const api = (route) => world.person.api('GET', route).then(({ body }) => body.items);
const pending = async (asset) => (await api(`/assets/${asset.id}/suggestions`))
  .filter((one) => one.state === 'pending').length;
const part = (name) => phone.getByRole('radio', { name }).locator('xpath=..').tap();

async function enter() {
  await phone.goto(`${world.server.url}/login`);
  await assertFits('login');
  await phone.getByTestId('email').fill(world.person.email);
  await phone.getByTestId('password').fill(password);
  await phone.getByTestId('login-button').tap();
  await phone.locator('.card-link').first().waitFor();
  await assertFits('projects');
}

test('a job is found, and leads to its images', { skip, timeout: 60_000 }, async () => {
  await enter();
  await phone.getByTestId('small-menu').tap();
  await phone.getByRole('menuitem', { name: 'Jobs' }).tap();
  const row = phone.getByTestId('job-row').first();
  await row.getByText('Done').waitFor();
  await assertFits('jobs');
  const table = phone.getByRole('region', { name: 'Jobs' });
  assert.ok(await table.evaluate((one) => one.scrollWidth <= one.clientWidth), 'a cut table');
  await row.getByRole('link', { name: world.project.name }).tap();
  await phone.getByTestId('asset-card').first().waitFor();
  await assertFits('project');
  await phone.locator('.asset-link').filter({ hasText: 'dog.jpg' }).tap();
  await phone.getByTestId('review-suggestion').waitFor();
});

test('suggestions are accepted and rejected, an object is looked at and taken away',
  { skip, timeout: 60_000 }, async () => {
    const [dog] = world.assets;
    const before = await pending(dog);
    assert.ok(before >= 2, String(before));
    await assertFits('suggestions');
    await phone.getByRole('button', { name: 'Next suggestion' }).tap();
    await phone.getByTestId('review-accept').tap();
    await until(async () => await pending(dog) === before - 1, 'accepted');
    await phone.getByTestId('review-reject').tap();
    await until(async () => await pending(dog) === before - 2, 'rejected');
    await part(/^Objects 2/);
    await phone.getByTestId('review-object').first().tap();
    const chosen = phone.locator('[data-testid=review-object][aria-pressed=true]');
    await chosen.waitFor();
    await assertFits('objects');
    await chosen.tap();
    await chosen.waitFor({ state: 'detached' });
    await phone.getByRole('button', { name: /^Delete dog/ }).last().tap();
    await until(async () => (await api(`/assets/${dog.id}/annotations`)).length === 1, 'deleted');
  });

test('words are left at a spot, answered and settled; then comes the next image',
  { skip, timeout: 60_000 }, async () => {
    const [dog, truck] = world.assets;
    await part(/^Comments/);
    await phone.getByTestId('add-comment').tap();
    await phone.touchscreen.tap(180, 200);
    const words = phone.getByRole('combobox', { name: 'Comment' });
    await words.fill('Is this one dog?');
    await assertFits('a comment');
    await phone.getByTestId('thread').getByRole('button', { name: 'Comment', exact: true }).tap();
    await phone.getByTestId('comment').waitFor();
    await phone.getByRole('combobox', { name: 'Reply' }).fill('Two.');
    await phone.getByRole('button', { name: 'Reply', exact: true }).tap();
    await phone.getByTestId('comment').nth(1).waitFor();
    await assertFits('a thread');
    await phone.getByTestId('thread-resolve').tap();
    await until(async () => {
      const [thread] = await api(`/assets/${dog.id}/threads`);
      return thread?.comment_count === 2 && Boolean(thread.resolved_by);
    }, 'settled');
    await phone.getByTestId('thread').getByRole('button', { name: 'Close' }).tap();
    await phone.getByRole('button', { name: /^Next image/ }).tap();
    await phone.waitForURL(new RegExp(truck.id));
    await phone.getByRole('link', { name: /^Back to/ }).tap();
    await phone.getByTestId('asset-card').first().waitFor();
    assert.deepEqual(phone.problems, []);
  });
