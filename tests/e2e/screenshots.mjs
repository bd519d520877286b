// Pictures of every page and state, from a real server with real photos and models.
// usage: node screenshots.mjs [--all DIR [--only NAME,...] [--looks NAME,...]]
// Without --all: those of docs/images.
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { TestServer, haveData, photo, root } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { scenes } from './scenes.mjs';

const password = 'a good long password';
const looks = [
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 720 } },
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 720 } },
  { name: 'dark-768', colorScheme: 'dark', viewport: { width: 768, height: 1024 } },
  { name: 'light-768', colorScheme: 'light', viewport: { width: 768, height: 1024 } },
];
const files = ['dog.jpg', 'groceries.jpg', 'truck.jpg', 'coco_000000000285.jpg',
  'coco_000000000724.jpg', 'coco_000000000776.jpg', 'coco_000000000785.jpg',
  'coco_000000000872.jpg'];
const labels = [
  { name: 'person', attributes: [
    { name: 'pose', kind: 'select', options: ['standing', 'sitting', 'lying'] },
    { name: 'occluded', kind: 'checkbox' }] },
  { name: 'dog', attributes: [{ name: 'breed', kind: 'text' }] },
  { name: 'bowl' }, { name: 'bear' }, { name: 'truck' }, { name: 'stop sign' },
  { name: 'teddy bear' }, { name: 'skis' },
];

// What the pictures show: two projects, one pre-annotated and partly reviewed.
async function furnish(server) {
  const person = await server.person('mira');
  await server.project(person, { name: 'Warehouse shelves', type: 'segmentation',
    labels: [{ name: 'box' }, { name: 'pallet' }] });
  const project = await server.project(person, { name: 'Street and home', labels });
  const upload = await server.upload(person, project.id, files.map((name) => [name, photo(name)]));
  const started = await person.api('POST', `/projects/${project.id}/preannotations`,
    { json: { min_score: 0.3 } });
  await server.job(person, started.body.job_id);
  const [dog, , truck] = upload.body.items;
  await person.api('POST', `/assets/${truck.id}/suggestions/accept`, { json: { min_score: 0.5 } });
  return { server, person, project, dog, truck };
}

async function shootAll(world, browser, folder, wanted) {
  for (const look of looks) {
    for (const scene of scenes) {
      if (!wanted(scene, look)) continue;
      const page = await openPage(browser, { colorScheme: look.colorScheme,
        viewport: look.viewport, reducedMotion: 'reduce' });
      page.setDefaultTimeout(60_000);
      try {
        if (scene.signedIn !== false) {
          await signIn(page, world.server.url, world.person.email, password);
        }
        await scene.show(page, world);
        await page.evaluate(() => document.fonts.ready);
        const name = `${scene.name}${look.name === 'dark' ? '' : `-${look.name}`}.png`;
        await page.screenshot({ path: path.join(folder, name) });
        console.log(name, ...page.problems);
      } catch (error) {
        console.log(`FAILED ${scene.name} ${look.name}: ${error.message.split('\n')[0]}`);
        await page.screenshot({ path: path.join(folder, `FAILED-${scene.name}-${look.name}.png`) });
        process.exitCode = 1;
      }
      await page.context().close();
    }
  }
}

function listOf(flag) {
  const at = process.argv.indexOf(flag);
  return at < 0 ? null : process.argv[at + 1].split(',');
}

async function main() {
  if (!haveBrowser) throw new Error('No Chromium: install it, or set ANNOTATEAI_TEST_CHROMIUM.');
  if (!haveData) throw new Error('Set ANNOTATEAI_TEST_DATA to the folder of test photos.');
  const at = process.argv.indexOf('--all');
  const folder = at < 0 ? path.join(root, 'docs/images') : path.resolve(process.argv[at + 1]);
  const only = listOf('--only');
  const inLooks = listOf('--looks');
  const wanted = at < 0
    ? (scene, look) => scene.docs?.includes(look.name)
    : (scene, look) => (!only || only.includes(scene.name)) &&
        (!inLooks || inLooks.includes(look.name));
  mkdirSync(folder, { recursive: true });
  const server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  const browser = await openBrowser();
  try {
    await shootAll(await furnish(server), browser, folder, wanted);
  } finally {
    await browser.close();
    await server.stop();
  }
}

await main();
