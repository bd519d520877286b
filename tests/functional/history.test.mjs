// The history of an asset over HTTP: undo, time travel, restoring, reverting, and who did what.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, tinyPng, uuidv7 } from './harness.mjs';

let server;
let ada;
let project;
let asset;
before(async () => {
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  ada = await server.person('ada');
  project = await server.project(ada);
  asset = (await server.upload(ada, project.id, [['a.png', tinyPng()]])).body.items[0];
});
after(() => server.stop());

const route = (rest) => `/assets/${asset.id}/${rest}`;
const present = async () => (await ada.api('GET', route('annotations'))).body;
const put = (id) => ({
  id: uuidv7(),
  op: 'put',
  annotation: {
    id,
    label_id: project.labels[0].id,
    shape: { type: 'box', x: 1, y: 1, width: 2, height: 2 },
    attributes: {},
  },
});
async function write(base, operations) {
  const answer = await ada.api('POST', route('operations'), {
    json: { base_revision: base, operations },
  });
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

test('what was done is undone, brought again, seen, restored and reverted', async () => {
  const id = uuidv7();
  const step = uuidv7();
  await write(0, [put(id)]);
  const stored = await write(1, [
    { id: uuidv7(), op: 'set', target: id, field: 'score', value: 0.5, step },
  ]);
  assert.equal(stored.applied[0].step, step);
  assert.equal(stored.applied[0].source, 'manual');
  const steps = (await ada.api('GET', route('undo-steps'))).body;
  assert.equal(steps.revision, 2);
  assert.equal(steps.undo.length, 2);
  assert.equal(steps.undo[1].step, step);
  assert.equal(steps.undo[1].operations[0].value, null);
  const undone = await ada.api('POST', route('undo'), { json: {} });
  assert.equal(undone.status, 200, undone.text);
  assert.equal(undone.body.applied[0].undoes, step);
  assert.equal((await present()).items[0].score, undefined);
  assert.equal((await ada.api('POST', route('redo'), { json: { step } })).status, 200);
  assert.equal((await present()).items[0].score, 0.5);
  const none = await ada.api('POST', route('redo'), { json: {} });
  assert.deepEqual([none.status, none.body.code], [409, 'nothing_to_redo']);

  const then = await ada.api('GET', route('annotations?revision=1'));
  assert.equal(then.body.revision, 1);
  assert.equal(then.body.items[0].score, undefined);
  const future = await ada.api('GET', route('annotations?revision=9'));
  assert.deepEqual([future.status, future.body.code], [422, 'invalid_revision']);
  const restored = await ada.api('POST', route('restore'), { json: { revision: 0 } });
  assert.deepEqual(restored.body, { revision: 5, applied: 1, kept: [] });
  assert.equal((await ada.api('POST', route('undo'), { json: {} })).status, 200);

  const blame = (await ada.api('GET', route('blame'))).body.items;
  assert.equal(blame.length, 1);
  assert.deepEqual(blame[0].created_by, { id: ada.user.id, name: 'ada' });
  assert.equal(blame[0].changes, 6);
  const newest = (await ada.api('GET', route('history?limit=4'))).body;
  assert.deepEqual(newest.items.map((item) => item.revision), [6, 5, 4, 3]);
  assert.equal(newest.items[3].undoes, step);
  assert.equal(newest.items[0].created_by.name, 'ada');
  const older = (await ada.api('GET', route(`history?before=${newest.next_cursor}`))).body;
  assert.deepEqual(older.items.map((item) => item.revision), [2, 1]);
  assert.equal(older.next_cursor, null);

  const reverted = await ada.api('POST', route('revert'), { json: { user_id: ada.user.id } });
  assert.equal(reverted.status, 200, reverted.text);
  assert.deepEqual((await present()).items, []);
});

test('what cannot be meant is refused', async () => {
  for (const [rest, json, code] of [
    ['revert', {}, 'invalid_revert'],
    ['revert', { user_id: uuidv7(), run: uuidv7() }, 'invalid_revert'],
    ['restore', { revision: 10_000 }, 'invalid_revision'],
    ['restore', { revision: -1 }, 'invalid_body'],
    ['undo', { step: 'x' }, 'invalid_body'],
  ]) {
    const answer = await ada.api('POST', route(rest), { json });
    assert.equal(answer.body.code, code, `${rest} ${JSON.stringify(json)}: ${answer.text}`);
  }
  const nothing = { json: { run: uuidv7() } };
  const whole = await ada.api('POST', `/projects/${project.id}/revert`, nothing);
  assert.equal(whole.body.code, 'invalid_revert');
  const eve = await server.person('eve');
  for (const rest of ['history', 'blame', 'undo-steps', 'annotations?revision=0']) {
    assert.equal((await eve.api('GET', route(rest))).status, 404, rest);
  }
  assert.equal((await eve.api('POST', route('undo'), { json: {} })).status, 404);
});

test('a whole project is reverted by a job', async () => {
  const head = (await present()).revision;
  await write(head, [put(uuidv7())]);
  const accepted = await ada.api('POST', `/projects/${project.id}/revert`, {
    json: { user_id: ada.user.id },
  });
  assert.equal(accepted.status, 202, accepted.text);
  for (let i = 0; i < 200; ++i) {
    const job = (await ada.api('GET', `/jobs/${accepted.body.job_id}`)).body;
    if (job.state === 'succeeded') break;
    assert.notEqual(job.state, 'failed', JSON.stringify(job));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual((await present()).items, []);
});
