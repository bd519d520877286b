// What the cases of this folder share: our tool, the same graphs in onnxruntime-node, photos, and
// the bars.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { overlap } from './anchors.mjs';
import { readPpm, writePpm } from '../onnx/ppm.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, '../../..');
const require = createRequire(path.join(root, 'tests/conformance/onnx/package.json'));
const ort = require('onnxruntime-node');

export const packages = path.join(root, 'third_party/model_packages/node_modules');
const weights = path.join(root, 'models/weights');
const testData = process.env.ANNOTATEAI_TEST_DATA;
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'conformance-'));
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));

const environment = { ...process.env, ONNXRUNTIME_LIBRARY: process.env.ONNXRUNTIME_LIBRARY
  ?? path.join(root, 'third_party/onnxruntime/lib/libonnxruntime.so.1') };
const run = (tool, words) => execFileSync(path.join(root, 'build', tool), words.map(String),
  { encoding: 'utf8', env: environment, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });

export const graphOf = (id) => path.join(weights, id, 'model.onnx');
export const installed = (...ids) => ids.every((id) => fs.existsSync(graphOf(id)));

export const regionText = ({ cx, cy, size, degrees, mirrored }) => (
  `${cx},${cy},${size},${size},${degrees},${mirrored ? 1 : 0}`);

// Ours: what the family reads of the graph on the photo.
export function analyze(id, family, photo, { region, parameters, preprocess, minScore } = {}) {
  const options = [];
  if (region) options.push('--region', regionText(region));
  if (parameters) options.push('--parameters', JSON.stringify(parameters));
  if (preprocess) options.push('--preprocess', JSON.stringify(preprocess));
  if (minScore !== undefined) options.push('--min-score', minScore);
  return JSON.parse(run('analyze_tool', [graphOf(id), family, photo.file, ...options])).findings;
}

const sessions = new Map();
// Theirs: the outputs by name, of an input from look().
export async function outputsOf(id, { values, shape }, type = 'float32') {
  if (!sessions.has(id)) sessions.set(id, await ort.InferenceSession.create(graphOf(id)));
  const session = sessions.get(id);
  const data = type === 'int32' ? Int32Array.from(values, (v) => Math.floor(v + 0.5)) : values;
  const answer = await session.run({ [session.inputNames[0]]: new ort.Tensor(type, data, shape) });
  return Object.entries(answer).map(([name, { data: numbers, dims }]) => ({ name, numbers, dims }));
}
// By how many numbers they hold; the nth by name.
export const sized = (outputs, count, nth = 0) => outputs
  .filter(({ numbers }) => numbers.length === count)
  .sort((a, b) => (a.name < b.name ? -1 : 1))[nth].numbers;

const decoded = new Map();
function decodePhoto(name, source) {
  if (!decoded.has(name)) {
    const file = path.join(scratch, `${name}.ppm`);
    run('inference_tool', ['decode', source, file]);
    decoded.set(name, { name, source, file, ...readPpm(file) });
  }
  return decoded.get(name);
}

// COCO val2017 (Flickr, CC BY) and Segment Anything's (Apache-2.0) photos of the test data.
export function testPhoto(name) {
  const file = testData && path.join(testData, 'photos', name);
  return file && fs.existsSync(file) ? decodePhoto(name, file) : undefined;
}
// The face and the body that @vladmandic/human (MIT) brings to warm its models up.
export function samplePhoto(name) {
  const source = path.join(packages, '@vladmandic/human/src/sample.ts');
  if (!fs.existsSync(source)) return undefined;
  const literal = new RegExp(`export const ${name}[^\`]*\`([^\`]*)\``);
  const [, text] = literal.exec(fs.readFileSync(source, 'utf8'));
  const file = path.join(scratch, `human_${name}.jpg`);
  fs.writeFileSync(file, Buffer.from(text.replace(/\s/g, ''), 'base64'));
  return decodePhoto(`human_${name}`, file);
}

export function savePhoto(name, image) {
  const file = path.join(scratch, `${name}.ppm`);
  writePpm(file, image);
  return { name, file, ...image };
}

export const counts = { passed: 0, failed: 0, skipped: 0 };
export function skip(name, why) {
  counts.skipped += 1;
  console.log(`skip ${name}: ${why}`);
}
export function have(id) {
  if (!installed(id)) skip(id, 'not installed (annotateai models pull --all)');
  return installed(id);
}
// `body` collects what it compares in a Verdict.
export async function check(name, body) {
  const verdict = new Verdict();
  try {
    await body(verdict);
  } catch (error) {
    verdict.problems.push(error.stack);
  }
  const failed = verdict.problems.length > 0;
  counts[failed ? 'failed' : 'passed'] += 1;
  const problems = failed ? `: ${verdict.problems.slice(0, 3).join('; ')}` : '';
  console.log(`${failed ? 'FAIL' : 'ok  '} ${name}  ${verdict.note()}${problems}`);
}

export class Verdict {
  constructor() {
    this.problems = [];
    this.worst = {};
  }

  note() {
    const notes = Object.entries(this.worst).map(([what, value]) => `${what} ${value.toFixed(4)}`);
    return notes.join(', ');
  }

  atLeast(what, value, bar) {
    this.worst[what] = Math.min(this.worst[what] ?? Infinity, value);
    if (!(value >= bar)) this.problems.push(`${what} is ${value}`);
  }

  atMost(what, value, bar) {
    this.worst[what] = Math.max(this.worst[what] ?? 0, value);
    if (!(value <= bar)) this.problems.push(`${what} is ${value}`);
  }

  same(what, ours, theirs) {
    if (ours !== theirs) this.problems.push(`${what}: ${ours}, not ${theirs}`);
  }

  score(ours, theirs) {
    this.atMost('score gap', Math.abs(ours - theirs), 0.01);
  }

  box(ours, theirs) {
    this.atLeast('IoU', overlap(ours, theirs), 0.98);
  }

  // `step`: pixels of the photo in one of the input; the bar is 1 of the input's.
  points(ours, theirs, step, bar = 1) {
    this.same('points', ours.length, theirs.length);
    ours.forEach((point, i) => {
      const gap = Math.hypot(point[0] - theirs[i][0], point[1] - theirs[i][1]) / step;
      this.atMost('points apart, input px', gap, bar);
    });
  }

  cosine(ours, theirs) {
    const dot = (a, b) => a.reduce((sum, v, i) => sum + v * b[i], 0);
    const lengths = Math.sqrt(dot(ours, ours) * dot(theirs, theirs));
    this.atLeast('cosine', dot(ours, theirs) / lengths, 0.9999);
  }
}

export const pointsOf = ({ shape }) => shape.points.map(({ x, y }) => [x, y]);
export const boxOf = ({ shape: { x, y, width, height } }) => [x, y, x + width, y + height];
