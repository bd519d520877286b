// 167-173: model files that are damaged, swapped or no models at all.
import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before, describe, test, after } from 'node:test';

import { haveData, photo, root } from '../functional/harness.mjs';
import { assertAlive, assertProblem, start, stopClean } from './world.mjs';

const weights = path.join(root, 'models/weights/yolox-nano/model.onnx');
const skip = !existsSync(weights)
  ? 'the model yolox-nano is not installed'
  : haveData
    ? false
    : 'no test data';

describe('models', { skip }, () => {
  let folder;
  let server;
  let person;
  const file = () => path.join(folder, 'weights/yolox-nano/model.onnx');
  const genuine = skip ? null : readFileSync(weights);

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'aa-models-'));
    cpSync(path.join(root, 'models/labels'), path.join(folder, 'labels'), { recursive: true });
    cpSync(path.join(root, 'models/yolox-nano.json'), path.join(folder, 'yolox-nano.json'));
    mkdirSync(path.dirname(file()), { recursive: true });
    writeFileSync(file(), genuine);
    await boot();
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function boot() {
    server = await start({ env: { ANNOTATEAI_MODELS_DIR: folder } });
    person = await server.person();
  }
  const detect = () => {
    const form = new FormData();
    form.append('file', new Blob([photo('dog.jpg')]), 'dog.jpg');
    return person.api('POST', '/inference/detect', { body: form });
  };

  test('171 a swapped, cut or bent file is refused by name, the server stays up', async () => {
    const bent = Buffer.from(genuine);
    bent[bent.length >> 1] ^= 1;
    for (const [what, bytes] of [
      ['one bit', bent],
      ['cut', genuine.subarray(0, 100_000)],
      ['empty', Buffer.alloc(0)],
      ['a pickle', Buffer.from('\x80\x04cposix\nsystem\n', 'latin1')],
      ['a shared library', Buffer.from('\x7fELF\x02\x01\x01', 'latin1')],
      ['zeros', Buffer.alloc(genuine.length)],
    ]) {
      rmSync(file());
      writeFileSync(file(), bytes);
      const answer = await detect();
      assertProblem(answer, 503, what);
      assert.equal(answer.body.code, 'model_damaged', what);
      assert.match(answer.body.detail, /model\.onnx.*models pull yolox-nano/);
      await assertAlive(server);
    }
    rmSync(file());
    assertProblem(await detect(), 503, 'absent');
    writeFileSync(file(), genuine);
    const answer = await detect();
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.body.detections.some((found) => found.class === 'dog'));
    await stopClean(server);
  });

  test('171 a job with a damaged model ends and says why', async () => {
    rmSync(file());
    writeFileSync(file(), genuine.subarray(0, 1000));
    await boot();
    const project = await server.project(person);
    await server.upload(person, project.id, [['dog.jpg', photo('dog.jpg')]]);
    const started = await person.api('POST', `/projects/${project.id}/preannotations`, {
      json: {},
    });
    assert.equal(started.status, 202, started.text);
    const job = await server.job(person, started.body.job_id);
    const told = JSON.stringify([job.error, job.result]);
    assert.match(told, /model_damaged|SHA-256/, JSON.stringify(job));
    await stopClean(server);
    writeFileSync(file(), genuine);
  });

  test('170 other kinds of files in the model folder are not looked at', async () => {
    const home = path.dirname(file());
    for (const name of ['model.pkl', 'model.pt', 'custom_op.so', 'keras_metadata.pb']) {
      writeFileSync(path.join(home, name), '\x80\x04cposix\nsystem\n');
    }
    symlinkSync('/etc/passwd', path.join(home, 'external.bin'));
    await boot();
    const answer = await detect();
    assert.equal(answer.status, 200, answer.text);
    const maps = readFileSync(`/proc/${server.process.pid}/maps`, 'utf8');
    assert.ok(!maps.includes('custom_op.so'));
    assert.deepEqual(
      readdirSync(`/proc/${server.process.pid}/task/${server.process.pid}`).includes('children') &&
        readFileSync(`/proc/${server.process.pid}/task/${server.process.pid}/children`, 'utf8'),
      '',
    );
    const { text } = await person.api('GET', '/models');
    assert.ok(!text.includes('/etc/') && !text.includes(folder));
    await stopClean(server);
  });

  test('a manifest that is none stops the start, and names itself', async () => {
    for (const text of ['{', '[]', '{"id": "../../x"}', `{"id": "${'x'.repeat(100)}"}`]) {
      writeFileSync(path.join(folder, 'evil.json'), text);
      await assert.rejects(start({ env: { ANNOTATEAI_MODELS_DIR: folder } }), (error) => {
        assert.match(error.message, /evil\.json/);
        return true;
      });
    }
    rmSync(path.join(folder, 'evil.json'));
  });
});
