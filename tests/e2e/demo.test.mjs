// A new organization opens the demo project from its empty page and finds photos with objects.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { openEditor, shapes } from './editor.mjs';

const skip = haveBrowser ? false : 'no Chromium';
let server;
let browser;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('the demo opens from the empty page, once for an organization', { skip, timeout: 60_000 },
  async () => {
    const person = await server.person('ada');
    const page = await openPage(browser);
    await signIn(page, server.url, person.email, 'a good long password');
    await page.getByTestId('open-demo').click();
    await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
    await page.getByTestId('asset-card').nth(2).waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll('.asset-image img')]
      .filter((image) => image.complete && image.naturalWidth > 0).length === 3);
    const project = { id: /[0-9a-f-]{36}$/.exec(page.url())[0] };
    const again = await person.api('POST', '/projects/demo');
    assert.equal(again.status, 200);
    assert.equal(again.body.id, project.id);

    const [asset] = (await person.api('GET', `/projects/${project.id}/assets`)).body.items;
    await openEditor(page, server.url, project, asset);
    assert.equal((await shapes(page)).length, asset.annotation_count);
    assert.ok(asset.annotation_count >= 3);
    const names = await page.locator('.object-main .truncate').allTextContents();
    assert.deepEqual(names.sort(), ['bowl', 'dog', 'person']);
    await page.goto(`${server.url}/projects`);
    await page.waitForFunction(() => [...document.querySelectorAll('.project-cover img')]
      .filter((image) => image.complete && image.naturalWidth > 0).length === 3);
    assert.equal(await page.getByTestId('project-card').count(), 1);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
