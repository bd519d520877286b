// The engine under clients that leave, that are too many, and that ask what it measured.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';

import { TestServer, haveData, photo } from './harness.mjs';

const skip = haveData ? false : 'ANNOTATEAI_TEST_DATA is not set';
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const agent = new http.Agent({ maxSockets: Infinity });

let server;
let person;

before(async () => {
  if (skip) return;
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  person = await server.person();
});
after(() => server?.stop());

function multipart(fields) {
  const line = '----engine';
  const parts = [];
  for (const [name, value] of Object.entries(fields)) {
    const file = Buffer.isBuffer(value) ? '; filename="photo.jpg"' : '';
    parts.push(Buffer.from(
      `--${line}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`),
    Buffer.from(value), Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(`--${line}--\r\n`));
  return { type: `multipart/form-data; boundary=${line}`, body: Buffer.concat(parts) };
}

// Resolves with the answer, or with undefined when the connection was cut.
function detect(fields, requests = []) {
  const { type, body } = multipart(fields);
  return new Promise((resolve) => {
    const request = http.request(`${server.url}/api/v1/inference/detect`, { method: 'POST', agent,
      headers: { authorization: `Bearer ${person.token}`, 'content-type': type,
        'content-length': body.length } }, (response) => {
      let text = '';
      response.on('data', (chunk) => { text += chunk; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers,
        body: JSON.parse(text) }));
      response.on('error', () => resolve(undefined));
    });
    request.on('error', () => resolve(undefined));
    requests.push(request);
    request.end(body);
  });
}

async function runs(outcome) {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const line = new RegExp(
    `^annotateai_inference_runs_total\\{.*outcome="${outcome}".*\\} (\\S+)$`, 'gm');
  return [...text.matchAll(line)].reduce((sum, match) => sum + Number(match[1]), 0);
}

const yolox = () => ({ file: photo('dog.jpg'), model: 'yolox-nano' });

test('runs of clients that left are not run', { skip }, async () => {
  assert.equal((await detect(yolox())).status, 200);
  const count = 200;
  const before = { ok: await runs('ok'), cancelled: await runs('cancelled') };
  const requests = [];
  const answers = Array.from({ length: count }, () => detect(yolox(), requests));
  while (await runs('ok') < before.ok + 3) await sleep(5);
  for (const request of requests) request.socket?.resetAndDestroy();
  const answered = (await Promise.all(answers)).filter(Boolean).length;
  assert.ok(answered < count, `${answered} of ${count} were answered before they left`);
  assert.equal((await detect(yolox())).status, 200);
  await sleep(1000);
  const ok = await runs('ok') - before.ok;
  const cancelled = await runs('cancelled') - before.cancelled;
  assert.ok(ok < count, `${ok} runs although the clients were gone`);
  assert.ok(cancelled > 0, 'no run was cancelled');
  assert.equal(await runs('ok') - before.ok, ok, 'runs go on');
});

test('a full queue is said with a time to try again', { skip }, async () => {
  const answers = await Promise.all(Array.from({ length: 700 }, () => detect(yolox())));
  const statuses = new Set(answers.map((answer) => answer?.status));
  assert.deepEqual([...statuses].sort(), [200, 503]);
  const busy = answers.find((answer) => answer.status === 503);
  assert.equal(busy.body.code, 'inference_busy');
  assert.ok(Number(busy.headers['retry-after']) >= 1);
  assert.equal((await detect(yolox())).status, 200);
});

test('tiles are a request field with few values', { skip }, async () => {
  const whole = await detect(yolox());
  const tiled = await detect({ ...yolox(), tiles: '2' });
  assert.equal(tiled.status, 200);
  const classes = (answer) => answer.body.detections.map((found) => found.class);
  for (const name of ['dog', 'bowl']) assert.ok(classes(tiled).includes(name), classes(tiled));
  assert.deepEqual((await detect({ ...yolox(), tiles: 'off' })).body.detections,
    whole.body.detections);
  for (const tiles of ['9', '0', '-1', '2x', 'all']) {
    const refused = await detect({ ...yolox(), tiles });
    assert.equal(refused.status, 422, tiles);
    assert.equal(refused.body.code, 'invalid_tiles');
  }
});

test('a model is measured by a job and the figures are kept', { skip }, async () => {
  const route = '/models/yolox-nano/benchmark';
  assert.equal((await person.api('GET', route)).status, 404);
  assert.equal((await person.api('POST', '/models/absent/benchmark')).status, 404);
  const started = await person.api('POST', route);
  assert.equal(started.status, 202, started.text);
  const job = await server.job(person, started.body.job_id);
  assert.equal(job.state, 'succeeded', JSON.stringify(job));
  assert.equal(job.kind, 'model_benchmark');
  const { status, body } = await person.api('GET', route);
  assert.equal(status, 200);
  assert.match(body.machine, /\d+ cores$/);
  assert.ok(!Number.isNaN(Date.parse(body.measured_at)));
  const [row] = body.rows;
  assert.equal(row.role, 'detector');
  assert.equal(row.batch, 1);
  for (const part of ['load_ms', 'latency_ms', 'per_second', 'memory_bytes']) {
    assert.ok(row[part] >= 0, part);
  }
});
