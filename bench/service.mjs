// Start, memory, steady mixed requests on a filled SQLite file, uploads.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';

import { boxOperation, tinyPng } from '../tests/functional/harness.mjs';
import { cores, expect, madePhotos, median, ms, program, sleep, startServer, temporary,
  withServer } from './machine.mjs';

const filledAssets = 2000;
const annotationsPerAsset = 50;
const statementBarMs = 10;

async function inParallel(count, items, work) {
  const queue = [...items];
  await Promise.all(Array.from({ length: count }, async () => {
    while (queue.length > 0) await work(queue.shift());
  }));
}

let filling;
// A data folder with 2,000 assets and 100,000 annotations, made over HTTP once per run.
function filledFolder() {
  filling ??= (async () => {
    const from = performance.now();
    const data = mkdtempSync(temporary('filled-'));
    const server = await startServer({ data });
    const person = await server.person();
    const project = await server.project(person);
    const png = tinyPng();
    const assets = [];
    await inParallel(2, Array.from({ length: filledAssets / 100 }, (_, i) => i), async (batch) => {
      const files = Array.from({ length: 100 }, (_, i) => [`${batch}_${i}.png`, png]);
      assets.push(...(await expect(201, server.upload(person, project.id, files))).items);
    });
    await inParallel(8, assets, async (asset) => {
      const operations = Array.from({ length: annotationsPerAsset }, () =>
        boxOperation(project.labels[Math.floor(Math.random() * 3)].id));
      await expect(200, person.api('POST', `/assets/${asset.id}/operations`,
        { json: { base_revision: 0, operations } }));
    });
    await server.stop();
    console.log(`  ${filledAssets} assets with ${filledAssets * annotationsPerAsset} annotations `
      + `made in ${((performance.now() - from) / 1e3).toFixed(1)} s`);
    return { data, email: person.email, project, assets: assets.map((asset) => asset.id) };
  })();
  return filling;
}

async function startTimes(options) {
  const times = [];
  let idle = 0;
  for (let i = 0; i < 5; ++i) {
    const from = performance.now();
    const server = await startServer(options());
    times.push(performance.now() - from);
    await sleep(500);
    idle = Math.max(idle, server.rssMiB());
    await server.stop();
  }
  return { ms: median(times), idle };
}

export async function start() {
  const empty = await startTimes(() => ({}));
  const { data } = await filledFolder();
  const full = await startTimes(() => ({ data }));
  const row = (what, ours, rule, met) => ({ what, ours, baseline: '', rule, met });
  return [
    row('start to ready, empty folder', ms(empty.ms), 'under 1 s', empty.ms < 1000),
    row('start to ready, 100,000 annotations', ms(full.ms), 'under 1 s', full.ms < 1000),
    row('idle memory before a model, either folder', `${Math.max(empty.idle, full.idle).toFixed(0)}`
      + ' MiB', 'under 100 MB', Math.max(empty.idle, full.idle) * 1.048576 < 100),
  ];
}

function requestLines(token, project, assets) {
  const lines = [`60 projects_list GET /api/v1/projects ${token}`,
    `60 project_get GET /api/v1/projects/${project.id} ${token}`,
    `120 assets_list GET /api/v1/projects/${project.id}/assets?limit=50 ${token}`];
  assets.slice(0, 120).forEach((asset, i) => {
    const body = JSON.stringify({ base_revision: 0, operations: [{ id: '{uuid}', op: 'put',
      annotation: { id: '{uuid}', label_id: project.labels[i % 3].id, attributes: {},
        shape: { type: 'box', x: 3, y: 4, width: 20, height: 10 } } }] });
    lines.push(`3 annotations_get GET /api/v1/assets/${asset}/annotations ${token}`);
    lines.push(`2 operations_post POST /api/v1/assets/${asset}/operations ${token} ${body}`);
  });
  return `${lines.join('\n')}\n`;
}

// {statement: [[upper bound in ms, count so far], ...]}
async function statementBuckets(server) {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const out = {};
  const line = /^annotateai_db_statement_seconds_bucket\{(.*)\} (\d+)/gm;
  for (const [, labels, count] of text.matchAll(line)) {
    const name = /statement="([^"]*)"/.exec(labels)[1];
    (out[name] ??= []).push([Number(/le="([^"]*)"/.exec(labels)[1].replace('+Inf', 'Infinity'))
      * 1e3, Number(count)]);
  }
  return out;
}

// The 99th percentile lies under the upper bound of the bucket that holds it; between the bounds
// it is interpolated, as Prometheus does.
function p99s(before, after) {
  return Object.entries(after).map(([name, buckets]) => {
    const counts = buckets.map(([bound, count], i) => [bound, count - (before[name]?.[i][1] ?? 0)]);
    const total = counts.at(-1)[1];
    let low = 0;
    let below = 0;
    for (const [bound, count] of counts) {
      if (total > 0 && count >= 0.99 * total) {
        const share = (0.99 * total - below) / (count - below);
        const p99 = bound === Infinity ? Infinity : low + (bound - low) * share;
        return { name, total, p99 };
      }
      [low, below] = [bound, count];
    }
    return { name, total: 0, p99: 0 };
  }).filter(({ total }) => total > 0).sort((a, b) => b.p99 - a.p99);
}

export async function crud() {
  const { data, email, project, assets } = await filledFolder();
  const server = await startServer({ data });
  const login = await expect(200, server.call('POST', '/auth/login',
    { json: { email, password: 'a good long password' } }));
  const file = temporary('requests.txt');
  writeFileSync(file, requestLines(login.access_token, project, assets));
  const load = (rate, seconds) => JSON.parse(execFileSync(program('bench_load'),
    [String(server.port), '32', String(rate), String(seconds), file], { encoding: 'utf8' }));
  load(500, 2);
  const before = await statementBuckets(server);
  const run = load(1000, 20);
  const statements = p99s(before, await statementBuckets(server));
  await server.stop();
  for (const [name, kind] of Object.entries(run.kinds)) {
    console.log(`  ${name.padEnd(18)} ${String(kind.count).padStart(6)}  p50 ${ms(kind.p50_ms)}`
      + `  p99 ${ms(kind.p99_ms)}  max ${ms(kind.max_ms)}  ${JSON.stringify(kind.statuses)}`);
  }
  for (const { name, total, p99 } of statements) {
    console.log(`  statement ${name.padEnd(34)} ${String(total).padStart(7)}  p99 ${ms(p99)}`);
  }
  const rate = run.count / run.seconds;
  const [worst] = statements;
  return [
    { what: 'CRUD on SQLite, 32 connections, mixed', ours: `p50 ${ms(run.p50_ms)}, p99 `
      + `${ms(run.p99_ms)}, ${run.errors} errors`, baseline: `${rate.toFixed(0)} requests/s`,
      rule: 'p99 under 50 ms at 1,000/s, no error',
      met: run.p99_ms < 50 && run.errors === 0 && rate > 990 },
    { what: 'slowest named statement, p99', ours: `${ms(worst.p99)}`, baseline: worst.name,
      rule: `simple ones under ${statementBarMs} ms`, met: worst.p99 < statementBarMs },
  ];
}

// 24-bit rows of noise; a viewer shows static.
function hugeBitmap(width, height) {
  const stride = Math.ceil(width * 3 / 4) * 4;
  const bytes = Buffer.alloc(54 + stride * height);
  for (let at = 54; at < bytes.length; at += 4) bytes.writeInt32LE((at * 2654435761) | 0, at);
  bytes.write('BM', 0);
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  [40, width, height].forEach((value, i) => bytes.writeUInt32LE(value, 14 + 4 * i));
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}

// Sends the file, but its last bytes only when `beforeEnd` is done.
function uploadSlowly(server, token, projectId, file, beforeEnd) {
  const boundary = 'bench-boundary';
  const head = Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="files"; `
    + 'filename="huge.bmp"\r\nContent-Type: application/octet-stream\r\n\r\n');
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: server.port, method: 'POST',
      path: `/api/v1/projects/${projectId}/assets`, headers: { authorization: `Bearer ${token}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': head.length + file.length + tail.length } }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.write(head);
    request.write(file.subarray(0, file.length - 1024), async () => {
      await beforeEnd();
      request.end(Buffer.concat([file.subarray(file.length - 1024), tail]));
    });
  });
}

async function uploadMemory(server, person, project) {
  const file = hugeBitmap(6000, 5556);
  const before = server.rssMiB();
  let peak = before;
  let overall = before;
  let stored = false;
  const watch = setInterval(() => {
    const now = server.rssMiB();
    if (!stored) peak = Math.max(peak, now);
    overall = Math.max(overall, now);
  }, 10);
  const status = await uploadSlowly(server, person.token, project.id, file, async () => {
    await sleep(300);
    stored = true;
  });
  clearInterval(watch);
  if (status !== 201) throw new Error(`the 100 MB file: ${status}`);
  console.log(`  100 MB: memory ${before.toFixed(0)} MiB before, ${peak.toFixed(0)} MiB at most `
    + `until stored, ${overall.toFixed(0)} MiB at most while decoded`);
  return { what: `memory growth, ${(file.length / 1e6).toFixed(0)} MB upload until stored`,
    ours: `${(peak - before).toFixed(1)} MiB`, baseline: '', rule: 'under 32 MB',
    met: (peak - before) * 1.048576 < 32 };
}

async function thumbnailRate(server, person, project) {
  const photos = madePhotos('upload', 1000, [640, 1920]);
  const batches = [];
  for (let i = 0; i < photos.length; i += 20) batches.push(photos.slice(i, i + 20));
  let done = 0;
  let last;
  const from = performance.now();
  await inParallel(2, batches, async (batch) => {
    const files = batch.map((file) => [path.basename(file), readFileSync(file)]);
    const { items } = await expect(201, server.upload(person, project.id, files));
    done += items.filter((item) => item.status === 'ready').length;
    last = items.at(-1);
  });
  const rate = done / ((performance.now() - from) / 1e3);
  await expect(200, person.api('GET', `/assets/${last.id}/thumbnail`));
  return { what: `${photos.length} photos of 640 to 1920 px to thumbnail-ready`,
    ours: `${rate.toFixed(1)}/s`, baseline: `${done} ready, ${cores} cores`, rule: '25/s or more',
    met: rate >= 25 && done === photos.length };
}

export const upload = () => withServer(async (server, person, project) => [
  await uploadMemory(server, person, project),
  await thumbnailRate(server, person, project),
]);
