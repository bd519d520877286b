// Search by content, near-duplicates, the queue and propagation over HTTP, on real photos and real
// weights.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, boxOperation, haveData, photo, tinyPng } from './harness.mjs';

const skip = haveData ? false : 'ANNOTATEAI_TEST_DATA is not set';
let server;
let person;
let project;
let assets;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person();
  project = await server.project(person);
  const answer = await server.upload(person, project.id, [['dog.jpg', photo('dog.jpg')],
    ['again.jpg', photo('dog.jpg')], ['bear.jpg', photo('coco_000000000285.jpg')]]);
  assets = answer.body.items;
});
after(async () => { await server?.stop(); });

const get = (path, who = person) => who.api('GET', `/projects/${project.id}/${path}`);

test('a project is embedded once and says by what', { skip }, async () => {
  const before = await get('embeddings');
  assert.equal(before.status, 200, before.text);
  assert.equal(before.body.indexed, 0);
  assert.equal(before.body.total, 3);
  assert.equal(before.body.text, false);
  const [dog] = assets;
  const labelled = await person.api('POST', `/assets/${dog.id}/operations`, { json: {
    base_revision: 0, operations: [boxOperation(project.labels[0].id,
      { x: 240, y: 180, width: 300, height: 400 })] } });
  assert.equal(labelled.status, 200, labelled.text);
  const started = await person.api('POST', `/projects/${project.id}/embeddings`);
  assert.equal(started.status, 202, started.text);
  const job = await server.job(person, started.body.job_id);
  assert.equal(job.state, 'succeeded', JSON.stringify(job));
  assert.deepEqual(job.progress, { done: 3, total: 3, unit: 'images' });
  const { body } = await get('embeddings');
  assert.equal(body.indexed, 3);
  assert.equal(body.basis.kind, 'image_features');
  assert.ok(body.basis.note.length > 20);
  const again = await person.api('POST', `/projects/${project.id}/embeddings`);
  assert.equal(again.status, 409);
  assert.equal(again.body.code, 'up_to_date');
});

test('the same photo is found first and grouped', { skip }, async () => {
  const [dog, twin] = assets;
  const found = await get(`search?asset_id=${dog.id}&limit=5`);
  assert.equal(found.status, 200, found.text);
  assert.equal(found.body.items.length, 2);
  assert.equal(found.body.items[0].asset.id, twin.id);
  assert.ok(found.body.items[0].score > 0.999);
  const groups = await get('duplicates');
  assert.equal(groups.status, 200, groups.text);
  assert.deepEqual(groups.body.groups.map((group) => group.assets.map((asset) => asset.filename)),
    [['dog.jpg', 'again.jpg']]);
});

test('labels are carried to the twin, with a reason, and nowhere else', { skip }, async () => {
  const [dog, twin, bear] = assets;
  const done = await person.api('POST', `/assets/${dog.id}/propagate`);
  assert.equal(done.status, 200, done.text);
  assert.deepEqual(done.body, { suggestions: 1, assets: 1 });
  const { body } = await person.api('GET', `/assets/${twin.id}/suggestions`);
  assert.equal(body.items.length, 1);
  const [one] = body.items;
  assert.equal(one.class, 'dog');
  assert.equal(one.state, 'pending');
  assert.match(one.reasons[0], /dog\.jpg/);
  assert.ok(Math.abs(one.shape.x - 240) < 5 && Math.abs(one.shape.width - 300) < 10,
    JSON.stringify(one.shape));
  const none = await person.api('GET', `/assets/${bear.id}/suggestions`);
  assert.deepEqual(none.body.items, []);
});

test('the queue says what to look at and why', { skip }, async () => {
  const queue = await get('queue?strategy=mixed&limit=10');
  assert.equal(queue.status, 200, queue.text);
  assert.ok(queue.body.items.length >= 2);
  for (const item of queue.body.items) {
    assert.ok(item.priority >= 0 && item.priority <= 1);
    assert.ok(item.reasons.length > 0 && item.reasons[0].text.length > 5);
  }
  const novelty = await get('queue?strategy=novelty');
  assert.equal(novelty.body.items[0].asset.filename, 'bear.jpg');
  const calibration = await get('calibration');
  assert.deepEqual(calibration.body, { classes: [] });
});

test('bad questions are refused with a reason', { skip }, async () => {
  const expectCode = async (path, status, code) => {
    const answer = await get(path);
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.body.code, code);
  };
  await expectCode('search?text=a+brown+dog', 422, 'no_text_model');
  await expectCode('search', 422, 'invalid_query');
  await expectCode('search?asset_id=7', 422, 'invalid_query');
  await expectCode(`search?asset_id=${project.id}`, 404, 'not_found');
  await expectCode('duplicates?min_similarity=2', 422, 'invalid_query');
  await expectCode('duplicates?min_similarity=nan', 422, 'invalid_query');
  await expectCode('queue?strategy=best', 422, 'invalid_query');
});

test('another organization sees none of it', { skip }, async () => {
  const eve = await server.person();
  const [dog] = assets;
  for (const path of ['embeddings', `search?asset_id=${dog.id}`, 'duplicates', 'queue',
    'calibration']) {
    assert.equal((await get(path, eve)).status, 404, path);
  }
  assert.equal((await eve.api('POST', `/projects/${project.id}/embeddings`)).status, 404);
  assert.equal((await eve.api('POST', `/assets/${dog.id}/propagate`)).status, 404);
  const hers = await server.project(eve);
  const own = await server.upload(eve, hers.id, [['a.png', tinyPng()]]);
  assert.equal(own.status, 201);
  const across = await eve.api('GET', `/projects/${hers.id}/search?asset_id=${dog.id}`);
  assert.equal(across.status, 404);
});
