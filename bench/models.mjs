// Clicks, detection over HTTP and bulk labelling, each beside the bare model in the same minutes.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { binary, root } from '../tests/functional/harness.mjs';
import { Bare, build, cores, expect, madePhotos, median, modelFile, ms, realPhotos, sleep,
  temporary, withServer } from './machine.mjs';

const detector = 'yolox-nano';
const clicksPerPhoto = 6;
const detectRuns = 40;
const bulkPhotos = 160;
const bulkCopies = 4;  // so that starting the program is no part of it
// Of different families; the first five that are installed.
const overheadGraphs = [['yolox-nano', 'detector'], ['centernet', 'detector'],
  ['mobilesam', 'encoder'], ['mobilesam', 'decoder'], ['coco-ssd', 'detector'],
  ['blazeface', 'model'], ['nsfw-mobilenet', 'model'], ['pp-ocr-detect', 'model'],
  ['yolov5s', 'detector']];
const overheadModels = 5;

// Between a bare run and ours the threads of the other process must have gone to sleep.
const settle = () => sleep(20);

// What the server itself says about where the time went, medians over the answers.
function printTimings(what, bodies) {
  const parts = Object.keys(bodies[0].timing_ms)
    .map((part) => `${part} ${ms(median(bodies.map((body) => body.timing_ms[part])))}`);
  console.log(`  ${what}: ${parts.join(', ')}`);
}

async function timed(answering) {
  const from = performance.now();
  const body = await expect(200, answering());
  return { ms: performance.now() - from, body };
}

async function clickPhoto(bare, person, asset) {
  const { id, width, height } = asset;
  const click = (x, y) => timed(() => person.api('POST', '/inference/segment',
    { json: { asset_id: id, points: [{ x: width * x, y: height * y, label: 1 }] } }));
  await settle();
  const [encoder] = await bare.ask('run', 'encoder', 1);
  await settle();
  const first = await click(0.5, 0.5);
  if (first.body.embedding_was_ready) throw new Error('the first click was not the first');
  const next = [];
  const bodies = [];
  const decoder = [];
  for (let i = 0; i < clicksPerPhoto; ++i) {
    await settle();
    const answer = await click(0.3 + 0.07 * i, 0.4 + 0.03 * i);
    next.push(answer.ms);
    bodies.push(answer.body);
    await settle();
    decoder.push(...await bare.ask('run', 'decoder', 1, height, width));
  }
  return { encoder, first: first.ms, firstBody: first.body, next, bodies, decoder };
}

export async function click() {
  const bare = new Bare();
  await bare.ask('load', 'encoder', modelFile('mobilesam', 'encoder.onnx'));
  await bare.ask('load', 'decoder', modelFile('mobilesam', 'decoder.onnx'));
  const photos = await withServer(async (server, person, project) => {
    const files = realPhotos().map((file) => [path.basename(file), readFileSync(file)]);
    const assets = (await expect(201, server.upload(person, project.id, files))).items;
    await clickPhoto(bare, person, assets.pop());  // loads the sessions on both sides
    const out = [];
    for (const asset of assets) out.push(await clickPhoto(bare, person, asset));
    return out;
  });
  bare.stop();
  printTimings('first clicks', photos.map((p) => p.firstBody));
  printTimings('next clicks', photos.flatMap((p) => p.bodies));
  const first = median(photos.map((p) => p.first));
  const encoder = median(photos.map((p) => p.encoder));
  const next = median(photos.flatMap((p) => p.next));
  const decoder = median(photos.flatMap((p) => p.decoder));
  return [
    { what: 'first click to mask over HTTP', ours: ms(first),
      baseline: `bare encoder ${ms(encoder)}`, rule: `+ 20 % + 40 ms = ${ms(encoder * 1.2 + 40)}`,
      met: first <= encoder * 1.2 + 40 },
    { what: 'next clicks over HTTP', ours: ms(next), baseline: `bare decoder ${ms(decoder)}`,
      rule: `+ 15 ms = ${ms(decoder + 15)}`, met: next <= decoder + 15 },
  ];
}

export async function detect() {
  const [file] = madePhotos('detect', 1, [640, 640], 480);
  const bytes = readFileSync(file);
  const bare = new Bare();
  await bare.ask('load', 'detector', modelFile(detector, 'model.onnx'));
  const ours = [];
  const bodies = [];
  const model = [];
  await withServer(async (server, person) => {
    const once = () => timed(() => {
      const body = new FormData();
      body.append('file', new Blob([bytes]), 'photo.jpg');
      body.append('model', detector);
      return person.api('POST', '/inference/detect', { body });
    });
    for (let i = 0; i < 3; ++i) await once();
    await bare.ask('run', 'detector', 3);
    for (let i = 0; i < detectRuns; ++i) {
      await settle();
      const answer = await once();
      ours.push(answer.ms);
      bodies.push(answer.body);
      await settle();
      model.push(...await bare.ask('run', 'detector', 1));
    }
  });
  bare.stop();
  printTimings('server', bodies);
  return [{ what: 'detect over HTTP, 640x480 JPEG', ours: ms(median(ours)),
    baseline: `bare model ${ms(median(model))}`, rule: `+ 15 ms = ${ms(median(model) + 15)}`,
    met: median(ours) <= median(model) + 15 }];
}

function annotate(folder) {
  const from = performance.now();
  const run = spawnSync('bash', ['-c', 'TIMEFORMAT="cpu %U %S"; time "$@"', 'bash', binary,
    'annotate', folder, '--out', temporary('bulk.json'), '--format', 'coco', '--detector',
    detector], { encoding: 'utf8' });
  const wall = (performance.now() - from) / 1e3;
  if (run.status !== 0) throw new Error(`annotate: ${run.stderr}`);
  const [, user, system] = /^cpu (\S+) (\S+)$/m.exec(run.stderr);
  return { wall, cpu: Number(user) + Number(system) };
}

async function bareBulk(bare, list, count) {
  const decode = await bare.ask('decode', cores, list);
  const model = await bare.ask('bulk', 'detector', cores, count);
  return { decode: decode.cpu_s, model: model.cpu_s };
}

export async function bulk() {
  const folder = temporary('bulk');
  mkdirSync(folder);
  const files = [];
  for (const photo of madePhotos('mixed', bulkPhotos, [640, 4000])) {
    for (let copy = 0; copy < bulkCopies; ++copy) {
      files.push(path.join(folder, `${copy}_${path.basename(photo)}`));
      copyFileSync(photo, files.at(-1));
    }
  }
  const list = temporary('bulk.txt');
  writeFileSync(list, files.map((file) => `${file}\n`).join(''));
  const bare = new Bare();
  await bare.ask('load', 'detector', modelFile(detector, 'model.onnx'));
  const before = await bareBulk(bare, list, files.length);
  const { wall, cpu } = annotate(folder);
  const after = await bareBulk(bare, list, files.length);
  bare.stop();
  const decode = (before.decode + after.decode) / 2;
  const model = (before.model + after.model) / 2;
  const limit = 1.1 * (decode + model) / cores;
  console.log(`  bare, on ${cores} cores: decode ${before.decode.toFixed(2)} and `
    + `${after.decode.toFixed(2)} CPU s, model ${before.model.toFixed(2)} and `
    + `${after.model.toFixed(2)} CPU s; ours ${cpu.toFixed(2)} CPU s`);
  return [{ what: `annotate ${files.length} photos of 640 to 4000 px, boxes only`,
    ours: `${wall.toFixed(2)} s`,
    baseline: `bare decode ${decode.toFixed(2)} + model ${model.toFixed(2)} CPU s`,
    rule: `x 1.10 / ${cores} = ${limit.toFixed(2)} s`, met: wall <= limit }];
}

// The file of a graph as its manifest names it; undefined unless it is installed.
function graphFile(id, role) {
  const manifest = path.join(root, 'models', `${id}.json`);
  if (!existsSync(manifest)) return undefined;
  const name = JSON.parse(readFileSync(manifest)).graphs?.[role];
  return name && existsSync(modelFile(id, name)) ? modelFile(id, name) : undefined;
}

function benchmark(id) {
  const run = spawnSync(binary, ['models', 'bench', id, '--json', '--data', temporary('data')],
    { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`models bench ${id}: ${run.stderr}`);
  return JSON.parse(run.stdout)[0].rows;
}

// The engine's whole call, from the coroutine that asks to the one that gets its answer, beside the
// bare run before and after it.
export async function overhead() {
  const rows = [];
  for (const [id, role] of overheadGraphs) {
    const file = graphFile(id, role);
    if (!file || rows.length === overheadModels) continue;
    const bare = new Bare();
    await bare.ask('load', 'model', file);
    await bare.ask('run', 'model', 3);
    const model = await bare.ask('run', 'model', 20);
    await settle();
    const ours = benchmark(id).find((row) => row.role === role && row.batch === 1).latency_ms;
    model.push(...await bare.ask('run', 'model', 20));
    bare.stop();
    const limit = Math.max(median(model) * 1.1, median(model) + 5);
    rows.push({ what: `engine, ${id} ${role}, batch 1`, ours: ms(ours),
      baseline: `bare ${ms(median(model))}`, rule: `+ 10 % or 5 ms = ${ms(limit)}`,
      met: ours <= limit });
  }
  if (rows.length < overheadModels) {
    console.log(`  ${rows.length} of ${overheadModels} models; pull more: annotateai models pull`);
  }
  return rows;
}

// Loads every graph of every installed model, runs it once, unloads all; and once more.
export async function memory() {
  const run = spawnSync(path.join(build, 'test_service_modelzoo'),
    ['--gtest_filter=*memory_comes_back*'], { encoding: 'utf8' });
  const after = [...run.stdout.matchAll(/(\d+) graphs: .* (\d+) MiB after unloading/g)];
  if (after.length !== 2) throw new Error(run.stdout + run.stderr);
  const [first, second] = after.map((match) => Number(match[2]));
  return [{ what: `memory after ${after[0][1]} graphs were loaded and unloaded twice`,
    ours: `${second} MiB`, baseline: `${first} MiB after the first time`,
    rule: `x 1.10 = ${(first * 1.1).toFixed(0)} MiB`, met: second <= first * 1.1 }];
}
