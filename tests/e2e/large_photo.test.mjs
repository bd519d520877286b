// A very large image of real photos, through upload and tiles, by the memory that it takes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, haveData, photo } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { stackedJpeg } from './pictures.mjs';

const skip = !haveBrowser ? 'no Chromium' : !haveData ? 'ANNOTATEAI_TEST_DATA is not set' : false;
let server;
let browser;
let person;
let project;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person('ada');
  project = await server.project(person);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// A photo over and over, as a browser writes it: its copies are found again at full size.
test('a photo of 256 megapixels comes in tiles without being held as a whole',
  { skip, timeout: 120_000 }, async () => {
    const page = await openPage(browser);
    await signIn(page, server.url, person.email, 'a good long password');
    const side = 16_384;
    const strip = await page.evaluate(async ([bytes, width]) => {
      const file = new Blob([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))]);
      const canvas = new OffscreenCanvas(width, 128);
      const context = canvas.getContext('2d');
      context.fillStyle = context.createPattern(await createImageBitmap(file), 'repeat');
      context.fillRect(0, 0, width, 128);
      const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
      const out = new Uint8Array(await jpeg.arrayBuffer());
      return Array.from(out, (byte) => String.fromCharCode(byte)).join('');
    }, [photo('dog.jpg').toString('base64'), side]);
    const file = stackedJpeg(Buffer.from(strip, 'latin1'), side / 128);
    const idle = server.rssMiB();
    const uploaded = await server.upload(person, project.id, [['photo.jpg', file]]);
    assert.equal(uploaded.status, 201, uploaded.text);
    const [item] = uploaded.body.items;
    assert.deepEqual([item.width, item.height], [side, side]);
    const tile = async (place) => {
      const url = `/assets/${item.id}/tiles/${place}`;
      const response = await person.api('GET', url);
      assert.equal(response.status, 200, `${place}: ${response.text?.slice(0, 200)}`);
      return response.text;
    };
    // Not at the edges: the colour of a row is smoothed into the next one.
    assert.ok(await tile('0/3/1') === await tile('0/3/30'), 'the copies are alike');
    for (const place of ['1/0/15', '2/7/7', '5/0/0']) await tile(place);
    const peak = server.peakMiB() - idle;
    console.log(`# ${(file.length / 2 ** 20).toFixed(0)} MiB of JPEG: ${peak.toFixed(0)} MiB`);
    assert.ok(peak < 512, `${peak} MiB beyond idle`);
  });
