// A long job: its progress on the project's page and on /jobs, and cancelling it.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import path from 'node:path';

import { TestServer, haveData, photo, testData } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { until } from './editor.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
// With masks, half a second each: long enough to be cancelled half-way. Different photos, since an
// embedding is computed once for the same content.
const photos = haveData ? readdirSync(path.join(testData, 'photos')) : [];
const files = photos.length;
let server;
let browser;
let person;
let project;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person('jobs');
  project = await server.project(person);
  await server.upload(person, project.id, photos.map((name) => [name, photo(name)]));
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('pre-annotation shows how far it is and stops when it is cancelled',
  { skip, timeout: 120_000 }, async () => {
    const page = await openPage(browser);
    await signIn(page, server.url, person.email, 'a good long password');
    await page.goto(`${server.url}/projects/${project.id}`);
    await page.getByTestId('preannotate-button').click();
    assert.equal(await page.getByTestId('detector').inputValue(), await chosenByServer());
    await page.getByTestId('segmenter').selectOption('mobilesam');
    const [accepted] = await Promise.all([page.waitForResponse(/preannotations/),
      page.getByTestId('start-preannotation').click()]);
    const { job_id } = await accepted.json();
    const job = async () => (await person.api('GET', `/jobs/${job_id}`)).body;
    await page.getByTestId('preannotation-progress').getByText(`of ${files} images`).waitFor();
    await until(async () => (await job()).progress.done >= 1, 'an image done');
    await page.getByRole('link', { name: 'Jobs' }).click();
    const row = page.getByTestId('job-row').first();
    await row.getByRole('progressbar').waitFor();
    await row.getByRole('button', { name: 'Cancel' }).click();
    await row.getByText('Cancelled').waitFor();
    const ended = await job();
    assert.equal(ended.state, 'cancelled');
    assert.ok(ended.progress.done < files, `${ended.progress.done} of ${files}`);
    const { body } = await person.api('GET', `/projects/${project.id}`);
    assert.ok(body.counts.suggestions_pending > 0, 'what was found until then is kept');
    assert.deepEqual(page.problems, []);
  });

// What a request that names no detector gets.
async function chosenByServer() {
  const form = new FormData();
  form.append('file', new Blob([photo('dog.jpg')]), 'dog.jpg');
  const { body } = await person.api('POST', '/inference/detect', { body: form });
  return body.model;
}
