// Pictures of every page and state, from a real server with real photos and models.
// usage: node screenshots.mjs [--all DIR [--only NAME,...] [--looks NAME,...]]
// Without --all: those of docs/images.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { TestServer, haveData, photo, root, uuidv7 } from '../functional/harness.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';
import { scenes } from './scenes.mjs';

const password = 'a good long password';
const looks = [
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 720 } },
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 720 } },
  { name: 'dark-768', colorScheme: 'dark', viewport: { width: 768, height: 1024 } },
  { name: 'light-768', colorScheme: 'light', viewport: { width: 768, height: 1024 } },
  { name: 'contrast', contrast: 'more', viewport: { width: 1280, height: 720 } },
  // Only scenes that need no English words can be shown in it.
  { name: 'german', colorScheme: 'dark', locale: 'de-DE', viewport: { width: 1280, height: 720 } },
];
const coco = (id) => `coco_${String(id).padStart(12, '0')}.jpg`;
const files = ['dog.jpg', 'groceries.jpg', 'truck.jpg',
  ...[139, 285, 724, 776, 785, 872, 885, 1000].map(coco)];
const joints = [['nose', 364, 80], ['left_shoulder', 422, 104], ['right_shoulder', 367, 123],
  ['left_elbow', 452, 148], ['right_elbow', 326, 167], ['left_wrist', 452, 172],
  ['right_wrist', 296, 181], ['left_hip', 441, 208], ['right_hip', 397, 217],
  ['left_knee', 436, 285], ['right_knee', 370, 282], ['left_ankle', 470, 360],
  ['right_ankle', 400, 347]];
const skeleton = {
  points: joints.map(([name]) => name),
  edges: [[0, 1], [0, 2], [1, 2], [1, 3], [3, 5], [2, 4], [4, 6], [1, 7], [2, 8], [7, 8], [7, 9],
    [9, 11], [8, 10], [10, 12]],
  positions: joints.map(([, x, y]) => [(x - 296) / 174, (y - 80) / 280]),
};
const labels = [
  { name: 'person', attributes: [
    { name: 'pose', kind: 'radio', options: ['standing', 'sitting', 'lying'] },
    { name: 'wears', kind: 'checkbox', options: ['hat', 'gloves', 'glasses'] },
    { name: 'age', kind: 'number', min: 0, max: 120 },
    { name: 'occluded', kind: 'checkbox' }] },
  { name: 'dog', attributes: [{ name: 'breed', kind: 'text' }] },
  { name: 'bowl' }, { name: 'bear' }, { name: 'truck' }, { name: 'stop sign' },
  { name: 'teddy bear' }, { name: 'skis' },
  { name: 'skier', kind: 'skeleton', skeleton },
  { name: 'snow', kind: 'tag' }, { name: 'to be looked at again', kind: 'tag' },
];

async function put(person, asset, annotations) {
  const operations = annotations.map((one) => ({ op: 'put', id: uuidv7(),
    annotation: { id: uuidv7(), attributes: {}, source: 'manual', ...one } }));
  const { status, text } = await person.api('POST', `/assets/${asset.id}/operations`,
    { json: { base_revision: 0, operations } });
  if (status !== 200) throw new Error(text);
}

// A skeleton, poles in a group, and a relation.
async function annotateSkier(person, project, asset) {
  const label = (name) => project.labels.find((one) => one.name === name).id;
  const skis = uuidv7();
  const group = uuidv7();
  const box = (x, y, width, height) => ({ type: 'box', x, y, width, height });
  await put(person, asset, [
    { id: skis, label_id: label('skis'), shape: box(208, 360, 312, 38) },
    { label_id: label('skier'), relations: [{ to: skis, kind: 'rides' }],
      shape: { type: 'skeleton', points: joints.map(([name, x, y]) =>
        ({ name, x, y, visibility: 2 })) } },
    { label_id: label('person'), shape: box(280, 44, 220, 350), source: 'model', score: 0.93,
      attributes: { pose: 'standing' } },
    { label_id: label('skis'), group, shape: box(290, 192, 48, 120) },
    { label_id: label('skis'), group, shape: box(450, 178, 154, 204) },
  ]);
  await person.api('PATCH', `/assets/${asset.id}`, { headers: { 'If-Match': '"0"' },
    json: { note: 'The poles are skis too, for now.' } });
}

// What the pictures show: a project pre-annotated and partly reviewed, one of many images, and one
// that waits for its first.
async function furnish(server) {
  const person = await server.person('mira');
  await server.project(person, { name: 'Warehouse shelves', type: 'segmentation',
    labels: [{ name: 'box' }, { name: 'pallet' }] });
  const many = await server.project(person, { name: 'Spring walk through the old town', labels });
  await server.upload(person, many.id, Array.from({ length: 44 }, (_, i) =>
    [`walk-${String(i + 1).padStart(3, '0')}.jpg`, photo(files[(i * 7) % files.length])]));
  const counted = await person.api('POST', `/projects/${many.id}/preannotations`,
    { json: { min_score: 0.6 } });
  const project = await server.project(person, { name: 'Street and home', labels });
  const upload = await server.upload(person, project.id, files.map((name) => [name, photo(name)]));
  const started = await person.api('POST', `/projects/${project.id}/preannotations`,
    { json: { min_score: 0.3 } });
  await server.job(person, started.body.job_id);
  await server.job(person, counted.body.job_id);
  const [dog, , truck] = upload.body.items;
  const skier = upload.body.items[files.indexOf(coco(785))];
  await person.api('POST', `/assets/${truck.id}/suggestions/accept`, { json: { min_score: 0.5 } });
  const listed = await person.api('GET', `/projects/${many.id}/assets?limit=50`);
  for (const asset of listed.body.items.slice(0, 18)) {
    await person.api('POST', `/assets/${asset.id}/suggestions/accept`,
      { json: { min_score: 0.5 } });
  }
  await annotateSkier(person, project, skier);
  const bench = await server.project(person, { name: 'Vehicles and their parts',
    type: 'segmentation', labels: ['truck', 'wheel', 'window', 'door', 'lamp', 'person']
      .map((name) => ({ name })) });
  return { server, person, project, many, bench, dog, truck, skier };
}

// A picture for docs/images is small; one to look at is exact.
async function shoot(page, folder, name, small) {
  if (!small) return page.screenshot({ path: path.join(folder, `${name}.png`) });
  const cdp = await page.context().newCDPSession(page);
  const { data } = await cdp.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
  return writeFileSync(path.join(folder, `${name}.webp`), Buffer.from(data, 'base64'));
}

// As on a first day, save the tour of the editor.
async function forgetChoices({ api }) {
  const { body } = await api('GET', '/auth/me/preferences');
  const forgotten = Object.fromEntries(Object.keys(body).map((name) => [name, null]));
  await api('PUT', '/auth/me/preferences', { json: { ...forgotten, 'editor.coached': true } });
}

async function shootScene({ world, browser, folder, small }, scene, { name: look, ...options }) {
  const page = await openPage(browser, { ...options, reducedMotion: 'reduce',
    viewport: scene.viewport ?? options.viewport });
  page.setDefaultTimeout(30_000);
  await forgetChoices(world.person);
  const name = `${scene.name}${look === 'dark' ? '' : `-${look}`}`;
  try {
    if (scene.signedIn !== false) {
      await signIn(page, world.server.url, world.person.email, password);
    }
    await scene.show(page, world);
    await page.evaluate(() => document.fonts.ready);
    await shoot(page, folder, name, small);
    console.log(name, ...page.problems);
  } catch (error) {
    console.log(`FAILED ${name}: ${error.message.split('\n')[0]}`);
    await page.screenshot({ path: path.join(folder, `FAILED-${name}.png`) });
    process.exitCode = 1;
  }
  await page.context().close();
}

async function shootAll(studio, wanted) {
  for (const look of looks) {
    for (const scene of scenes) if (wanted(scene, look)) await shootScene(studio, scene, look);
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
    await shootAll({ world: await furnish(server), browser, folder, small: at < 0 }, wanted);
  } finally {
    await browser.close();
    await server.stop();
  }
}

await main();
