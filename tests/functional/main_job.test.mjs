// The main job over HTTP, on real photos and real weights.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, boxOperation, haveData, photo, uuidv7 } from './harness.mjs';

const skip = haveData ? false : 'ANNOTATEAI_TEST_DATA is not set';
let server;
let person;
let project;
let dog;

before(async () => {
  if (skip) return;
  server = await TestServer.start();
  person = await server.person();
  project = await server.project(person);
});
after(async () => { await server?.stop(); });

test('photos are stored, a broken one is named and the others are kept', { skip }, async () => {
  const whole = photo('dog.jpg');
  const answer = await server.upload(person, project.id, [
    ['dog.jpg', whole], ['broken.jpg', whole.subarray(0, 2000)],
    ['bear.jpg', photo('coco_000000000285.jpg')]]);
  assert.equal(answer.status, 201, answer.text);
  assert.deepEqual(answer.body.items.map((item) => item.filename), ['dog.jpg', 'bear.jpg']);
  assert.equal(answer.body.rejected.length, 1);
  assert.equal(answer.body.rejected[0].filename, 'broken.jpg');
  assert.match(answer.body.rejected[0].code, /^image_/);
  [dog] = answer.body.items;
  assert.equal(dog.status, 'ready');
  const content = await fetch(`${server.url}/api/v1/assets/${dog.id}/content`, {
    headers: { authorization: `Bearer ${person.token}`, range: 'bytes=100-199' } });
  assert.equal(content.status, 206);
  assert.deepEqual(Buffer.from(await content.arrayBuffer()), whole.subarray(100, 200));
  const thumbnail = await person.api('GET', `/assets/${dog.id}/thumbnail`);
  assert.equal(thumbnail.status, 200);
});

test('detect finds the dog', { skip }, async () => {
  const answer = await person.api('POST', '/inference/detect',
    { json: { asset_id: dog.id, min_score: 0.3 } });
  assert.equal(answer.status, 200, answer.text);
  const classes = answer.body.detections.map((found) => found.class);
  assert.ok(classes.includes('dog'), classes.join());
  const found = answer.body.detections.find((item) => item.class === 'dog');
  assert.ok(found.bbox[2] > found.bbox[0] && found.confidence > 0.3);
});

test('one click on the dog gives its mask, the second click is quick', { skip }, async () => {
  const first = await person.api('POST', '/inference/segment',
    { json: { asset_id: dog.id, points: [{ x: 390, y: 300, label: 1 }] } });
  assert.equal(first.status, 200, first.text);
  const [mask] = first.body.masks;
  assert.deepEqual(mask.rle.size, [dog.height, dog.width]);
  assert.ok(Math.abs(mask.area - 76178) < 1600, `area ${mask.area}`);
  assert.equal(mask.polygon.type, 'polygon');
  const second = await person.api('POST', '/inference/segment',
    { json: { asset_id: dog.id, points: [{ x: 380, y: 310, label: 1 }] } });
  assert.equal(second.body.embedding_was_ready, true);
});

test('pre-annotation proposes, a person accepts and rejects', { skip }, async () => {
  const started = await person.api('POST', `/projects/${project.id}/preannotations`,
    { json: { min_score: 0.3 } });
  assert.equal(started.status, 202, started.text);
  const job = await server.job(person, started.body.job_id);
  assert.equal(job.state, 'succeeded', JSON.stringify(job));
  assert.deepEqual([job.progress.done, job.progress.total], [2, 2]);
  const { body } = await person.api('GET', `/assets/${dog.id}/suggestions`);
  const found = body.items.find((item) => item.class === 'dog');
  assert.ok(found, JSON.stringify(body.items.map((item) => item.class)));
  assert.equal(found.label_id, project.labels.find((label) => label.name === 'dog').id);
  const accepted = await person.api('POST', `/suggestions/${found.id}/accept`);
  assert.equal(accepted.status, 200, accepted.text);
  assert.equal(accepted.body.accepted, 1);
  const other = body.items.find((item) => item.id !== found.id);
  assert.equal((await person.api('POST', `/suggestions/${other.id}/reject`)).status, 204);
  assert.equal((await person.api('POST', `/suggestions/${other.id}/reject`)).status, 409);
  const rest = await person.api('POST', `/assets/${dog.id}/suggestions/accept`,
    { json: { min_score: 0 } });
  assert.equal(rest.status, 200, rest.text);
  const snapshot = await person.api('GET', `/assets/${dog.id}/annotations`);
  assert.equal(snapshot.body.items.length, 1 + rest.body.accepted);
  assert.equal(snapshot.body.items[0].source, 'model');
});

test('operations: the same id again gives the same answer and no effect', { skip }, async () => {
  const before = (await person.api('GET', `/assets/${dog.id}/annotations`)).body;
  const batch = { base_revision: before.revision,
    operations: [boxOperation(project.labels[0].id, { x: 0.1, y: 1e-7, width: 33.3, height: 5 })] };
  const first = await person.api('POST', `/assets/${dog.id}/operations`, { json: batch });
  assert.equal(first.status, 200, first.text);
  const again = await person.api('POST', `/assets/${dog.id}/operations`, { json: batch });
  assert.equal(again.status, 200, again.text);
  assert.deepEqual(again.body.applied, first.body.applied);
  const after = (await person.api('GET', `/assets/${dog.id}/annotations`)).body;
  assert.equal(after.items.length, before.items.length + 1);
  const drawn = after.items.find((item) => item.id === batch.operations[0].annotation.id);
  assert.deepEqual(drawn.shape, batch.operations[0].annotation.shape);
});

test('a stale replacement is a clear conflict, not a silent overwrite', { skip }, async () => {
  const { body } = await person.api('GET', `/assets/${dog.id}/annotations`);
  const target = body.items.at(-1);
  const set = (value) => ({ id: uuidv7(), op: 'set', target: target.id, field: 'shape', value });
  const one = await person.api('POST', `/assets/${dog.id}/operations`, { json: {
    base_revision: body.revision,
    operations: [set({ type: 'box', x: 5, y: 5, width: 5, height: 5 })] } });
  assert.equal(one.status, 200, one.text);
  const two = await person.api('POST', `/assets/${dog.id}/operations`, { json: {
    base_revision: body.revision,
    operations: [set({ type: 'box', x: 9, y: 9, width: 9, height: 9 })] } });
  assert.equal(two.status, 409);
  assert.equal(two.body.rejected[0].code, 'changed_meanwhile');
});

test('COCO comes out, goes into another project, and nothing is lost', { skip }, async () => {
  const started = await person.api('POST', `/projects/${project.id}/exports`,
    { json: { format: 'coco' } });
  assert.equal(started.status, 202, started.text);
  assert.equal((await server.job(person, started.body.job_id)).state, 'succeeded');
  const file = await person.api('GET', `/exports/${started.body.job_id}/content`);
  assert.match(file.headers.get('content-disposition'), /street\.coco\.json/);
  const coco = JSON.parse(file.text);
  assert.equal(coco.images.length, 2);
  assert.equal(coco.categories.find((category) => category.name === 'dog').id, 18);
  assert.ok(coco.annotations.length >= 2);

  const copy = await server.project(person, { name: 'Copy', labels: [] });
  await server.upload(person, copy.id, [['dog.jpg', photo('dog.jpg')],
    ['bear.jpg', photo('coco_000000000285.jpg')]]);
  for (const annotation of coco.annotations) delete annotation.annotateai?.id;
  const form = new FormData();
  form.append('format', 'coco');
  form.append('file', new Blob([JSON.stringify(coco)]), 'street.coco.json');
  const imported = await person.api('POST', `/projects/${copy.id}/imports`, { body: form });
  assert.equal(imported.status, 202, imported.text);
  const job = await server.job(person, imported.body.job_id);
  assert.equal(job.state, 'succeeded', JSON.stringify(job));
  assert.deepEqual([job.result.imported, job.result.skipped],
    [coco.annotations.length, 0], JSON.stringify(job.result));
  const again = await person.api('POST', `/projects/${copy.id}/exports`,
    { json: { format: 'coco' } });
  await server.job(person, again.body.job_id);
  const second = JSON.parse((await person.api('GET', `/exports/${again.body.job_id}/content`)).text);
  const essence = (list) => list.map(({ bbox, segmentation, category_id: category }) =>
    JSON.stringify({ bbox, segmentation, category })).sort();
  assert.deepEqual(essence(second.annotations), essence(coco.annotations));
});
