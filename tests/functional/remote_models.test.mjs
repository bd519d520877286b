// Models that another server runs: a real small one that this test starts, seen through the API.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { TestServer } from './harness.mjs';
import { startBackend } from './ml_backend.mjs';
import { solidPng } from '../security/images.mjs';

const width = 320;
const height = 200;
const light = { x: 80, y: 40, width: 160, height: 80 };
const picture = () => solidPng(width, height, 20, light, 250);

const iou = (a, b) => {
  const w = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const h = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (w <= 0 || h <= 0) return 0;
  const area = (r) => (r[2] - r[0]) * (r[3] - r[1]);
  return (w * h) / (area(a) + area(b) - w * h);
};
const corners = (b) => [b.x, b.y, b.x + b.width, b.y + b.height];

describe('remote models', () => {
  let backend;
  let server;
  let person;
  before(async () => {
    backend = await startBackend();
    server = await TestServer.start({ env: { ANNOTATEAI_OUTBOUND_ALLOW: '127.0.0.1' } });
    person = await server.person();
  });
  after(async () => {
    await backend.stop();
    assert.deepEqual(await server.stop(), { code: 0, signal: null }, server.stderr.slice(-2000));
  });
  const add = (more, who = person) =>
    who.api('POST', '/models/remote', { json: { name: 'Bright', url: backend.url, ...more } });
  const analyze = async (model, who = person) => {
    const form = new FormData();
    form.append('file', new Blob([picture()]), 'a.png');
    form.append('model', model);
    return who.api('POST', '/inference/analyze', { body: form });
  };

  test('one is greeted, set up with the labels, listed, and asked about an image', async () => {
    const card = await add({ labels: ['lamp & "co"'] });
    assert.equal(card.status, 201, card.text);
    assert.equal(card.body.id, 'bright');
    assert.equal(card.body.kind, 'remote');
    assert.equal(card.body.state, 'ready');
    assert.equal(card.body.version, 'bright-1');
    assert.deepEqual(card.body.outputs, ['box']);
    assert.deepEqual(backend.requests.map((r) => r.path), ['/health', '/setup']);
    assert.match(backend.requests[1].body.schema, /<Label value="lamp &amp; &quot;co&quot;"\/>/);
    const listed = await person.api('GET', '/models?kind=remote');
    assert.deepEqual(listed.body.items.map((m) => m.id), ['bright']);
    const said = await analyze('bright');
    assert.equal(said.status, 200, said.text);
    assert.equal(said.body.model_version, 'bright-1');
    assert.equal(said.body.findings.length, 1);
    const [found] = said.body.findings;
    assert.equal(found.shape.type, 'box');
    assert.ok(Math.abs(found.score - 0.8) < 1e-6);
    assert.ok(iou(corners(found.shape), corners(light)) > 0.95, JSON.stringify(found));
    const sent = backend.requests.at(-1);
    assert.equal(sent.headers.authorization, undefined);
    assert.ok(!JSON.stringify(sent.body).includes(person.token));
  });

  test('detect and pre-annotation use it like any model', async () => {
    const form = new FormData();
    form.append('file', new Blob([picture()]), 'a.png');
    form.append('model', 'bright');
    const found = await person.api('POST', '/inference/detect', { body: form });
    assert.equal(found.status, 200, found.text);
    assert.ok(iou(found.body.detections[0].bbox, corners(light)) > 0.95);
    const project = await server.project(person, { labels: [{ name: 'lamp & "co"' }] });
    await server.upload(person, project.id, [['a.png', picture()]]);
    const started = await person.api('POST', `/projects/${project.id}/preannotations`, {
      json: { detector: 'bright' },
    });
    assert.equal(started.status, 202, started.text);
    const job = await server.job(person, started.body.job_id);
    assert.equal(job.state, 'succeeded', JSON.stringify(job));
    assert.equal(job.result.model, 'bright');
    const assets = await person.api('GET', `/projects/${project.id}/assets`);
    const suggestions = await person.api('GET', `/assets/${assets.body.items[0].id}/suggestions`);
    const [one] = suggestions.body.items;
    assert.equal(one.model_version, 'bright@bright-1');
    assert.equal(one.label_id, project.labels[0].id);
    assert.ok(iou(corners(one.shape), corners(light)) > 0.95);
  });

  test('masks, polygons, points and tags become shapes of the image', async () => {
    for (const [task, types] of [
      ['segmentation', ['mask', 'polygon']],
      ['keypoints', ['points']],
      ['classification', ['tag']],
    ]) {
      const card = await add({ name: `As ${task}`, task, labels: ['bright'] });
      assert.equal(card.status, 201, card.text);
      const said = await analyze(card.body.id);
      assert.equal(said.status, 200, said.text);
      assert.deepEqual(said.body.findings.map((f) => f.shape.type), types);
      for (const { shape, class: name } of said.body.findings) {
        assert.equal(name, 'bright');
        if (shape.type === 'mask') assert.deepEqual(shape.rle.size, [height, width]);
        if (shape.type === 'points') {
          assert.ok(Math.hypot(shape.points[0][0] - 160, shape.points[0][1] - 80) < 6);
        }
        if (shape.type === 'polygon') {
          const xs = shape.parts[0].points.map((p) => p[0]);
          assert.ok(Math.abs(Math.min(...xs) - light.x) <= 8);
        }
      }
    }
  });

  test('another organization neither sees nor runs it', async () => {
    const other = await server.person();
    assert.equal((await other.api('GET', '/models/bright')).status, 404);
    assert.equal((await analyze('bright', other)).status, 404);
    assert.equal((await other.api('DELETE', '/models/bright')).status, 404);
    assert.equal((await other.api('GET', '/models?kind=remote')).body.items.length, 0);
    const own = await add({}, other);
    assert.equal(own.status, 201, 'the same name is free there');
    assert.equal((await analyze(`remote:${person.organization.id}:bright`, other)).status, 404);
  });

  test('what it answers wrongly is an error with the place, and the card follows', async () => {
    const region = (type, value, more = {}) => (send) =>
      send(200, { results: [{ result: [{ type, value, ...more }], score: 0.5 }] });
    const box = { x: 1, y: 1, width: 5, height: 5, rectanglelabels: ['a'] };
    for (const [what, answer] of [
      ['no JSON', (send) => send(200, '<html>')],
      ['no results', (send) => send(200, {})],
      ['no number', region('rectanglelabels', { ...box, x: 'left' })],
      ['infinite', (send) => send(200, '{"results":[{"result":[{"type":"rectanglelabels","value":'
        + '{"x":1e999,"y":0,"width":1,"height":1,"rectanglelabels":["a"]}}]}]}')],
      ['no size', region('rectanglelabels', { ...box, width: 0 })],
      ['a score of 7', region('rectanglelabels', box, { score: 7 })],
      ['a cut mask', region('brushlabels', { rle: [0, 0, 1, 0], brushlabels: ['a'] })],
      ['a mask of another size', region('brushlabels',
        { rle: [0, 0, 0, 4, 56, 0, 0, 0, 0, 0, 0, 0], brushlabels: ['a'] })],
      ['many', (send) => send(200, { results: [{ result: Array(10_001).fill({}) }] })],
    ]) {
      backend.answers['/predict'] = answer;
      const said = await analyze('bright');
      assert.equal(said.status, 422, `${what}: ${said.text}`);
      assert.equal(said.body.code, 'remote_answer', what);
      assert.ok(said.text.length < 2048 && !said.text.includes('<html>'));
    }
    assert.equal((await person.api('GET', '/models/bright')).body.state, 'failed');
    backend.answers['/predict'] = (send) => send(500, { traceback: 'secret stack' });
    const failed = await analyze('bright');
    assert.equal(failed.status, 503);
    assert.equal(failed.body.code, 'remote_failed');
    assert.ok(!failed.text.includes('secret'));
    delete backend.answers['/predict'];
    assert.equal((await analyze('bright')).status, 200);
    const card = await person.api('GET', '/models/bright');
    assert.equal(card.body.state, 'ready', card.text);
  });

  test('it can be removed, once', async () => {
    assert.equal((await person.api('DELETE', '/models/bright')).status, 204);
    assert.equal((await person.api('DELETE', '/models/bright')).status, 404);
    assert.equal((await analyze('bright')).status, 404);
    const audit = await person.api('GET', `/organizations/${person.organization.id}/audit`);
    const actions = audit.body.items.map((entry) => entry.action);
    assert.ok(actions.includes('model.add_remote') && actions.includes('model.delete'));
  });
});

test('161 an address inside is refused unless the operator lists it', async () => {
  const backend = await startBackend();
  const server = await TestServer.start();
  const person = await server.person();
  const port = new URL(backend.url).port;
  for (const url of [backend.url, `http://localhost:${port}`, `http://[::1]:${port}`,
    `http://[::ffff:127.0.0.1]:${port}`, `http://2130706433:${port}`, `http://0x7f000001:${port}`,
    `http://127.1:${port}`, 'http://169.254.169.254/latest', 'http://10.0.0.1', 'file:///etc/x',
    `http://user:pw@127.0.0.1:${port}`]) {
    const answer = await person.api('POST', '/models/remote', { json: { name: 'x', url } });
    assert.equal(answer.status, 422, `${url}: ${answer.text}`);
  }
  assert.deepEqual(backend.requests, []);
  await backend.stop();
  await server.stop();
});
