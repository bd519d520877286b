// Labels with colours, kinds and attributes: made with the project, changed later, kept while they
// are in use.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, boxOperation, tinyPng } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { until } from './editor.mjs';

const skip = haveBrowser ? false : 'no Chromium';
let server;
let browser;
let person;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person('labels');
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const projectOf = async (id) => (await person.api('GET', `/projects/${id}`)).body;

test('a project is made with labels, which are changed and refused later',
  { skip, timeout: 60_000 }, async () => {
    const page = await openPage(browser, { expected: [/status of 409/] });
    await signIn(page, server.url, person.email, 'a good long password');
    await page.goto(`${server.url}/projects/new`);
    await page.getByTestId('create-project').click();
    await page.getByText('Give the project a name.').waitFor();
    await page.getByTestId('project-name').fill('Cars');
    await page.getByTestId('project-type').selectOption('segmentation');
    for (const name of ['car', 'wheel']) {
      await page.getByTestId('add-label').click();
      await page.getByLabel('Name of the label').last().fill(name);
    }
    await page.getByLabel('Colour of car').fill('#12ab34');
    await page.getByLabel('Shape of wheel').selectOption('polygon');
    await page.getByRole('button', { name: 'Attributes' }).first().click();
    await page.getByLabel('Name of the attribute').fill('paint');
    await page.getByLabel('Choices of paint').fill('red, green');
    await page.getByRole('button', { name: 'Add attribute' }).click();
    await page.getByLabel('Name of the attribute').last().fill('doors');
    await page.getByLabel('Kind of doors').selectOption('number');
    await page.getByTestId('create-project').click();
    await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
    const id = /[0-9a-f-]{36}$/.exec(page.url())[0];
    const made = await projectOf(id);
    assert.equal(made.type, 'segmentation');
    const [car, wheel] = made.labels;
    assert.deepEqual([car.name, car.color.toLowerCase(), car.kind], ['car', '#12ab34', 'any']);
    assert.deepEqual([wheel.name, wheel.kind], ['wheel', 'polygon']);
    assert.deepEqual(car.attributes.map(({ name, kind, options }) => [name, kind, options]),
      [['paint', 'select', ['red', 'green']], ['doors', 'number', undefined]]);

    const upload = await server.upload(person, id, [['a.png', tinyPng()]]);
    await person.api('POST', `/assets/${upload.body.items[0].id}/operations`,
      { json: { base_revision: 0, operations: [boxOperation(car.id)] } });
    await page.goto(`${server.url}/projects/${id}?tab=labels`);
    await page.getByLabel('Name of the label').first().fill('vehicle');
    await page.getByRole('button', { name: 'Move wheel up' }).click();
    await page.getByRole('button', { name: /^Save/ }).click();
    await until(async () => (await projectOf(id)).labels[0].name === 'wheel', 'the new order');
    const changed = (await projectOf(id)).labels;
    assert.deepEqual(changed.map((label) => [label.id, label.name]),
      [[wheel.id, 'wheel'], [car.id, 'vehicle']]);

    await page.getByRole('button', { name: 'Remove vehicle' }).click();
    await page.getByRole('button', { name: /^Save/ }).click();
    await page.getByText(/is used by annotations/).waitFor();
    assert.equal((await projectOf(id)).labels.length, 2);
    assert.deepEqual(page.problems, []);
  });
