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
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before, describe, test, after } from 'node:test';

import { haveData, photo, root } from '../functional/harness.mjs';
import { solidPng } from './images.mjs';
import {
  field,
  intAttribute,
  ints,
  loopForever,
  lying,
  nestedIf,
  node,
  outside,
  turning,
  yolox,
} from './onnx.mjs';
import { assertAlive, assertProblem, start, stopClean } from './world.mjs';

function runtime() {
  return path.join(root, 'third_party/onnxruntime/lib/libonnxruntime.so.1');
}
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

const noRuntime = existsSync(runtime()) ? false : 'no ONNX Runtime';
const patient = { timeout: 300_000 };

describe('models that are brought', { skip: noRuntime }, () => {
  let server;
  let person;
  before(async () => {
    server = await start({ env: { ANNOTATEAI_MODEL_PROBE_SECONDS: '20' } });
    person = await server.person();
  });
  after(async () => {
    await stopClean(server);
  });

  const upload = (bytes, name, fields = {}, who = person) => {
    const form = new FormData();
    for (const [key, value] of Object.entries(fields)) form.append(key, value);
    form.append('file', new Blob([bytes]), name);
    return who.api('POST', '/models', { body: form });
  };
  // The job's end, or the refusal that came at once.
  const bring = async (bytes, name, fields = {}, who = person) => {
    const answer = await upload(bytes, name, fields, who);
    if (answer.status !== 202) return { state: 'refused', error: answer.body };
    return server.job(who, answer.body.job_id);
  };
  const own = async (who = person) =>
    (await who.api('GET', '/models?kind=own')).body.items.map((card) => card.id);
  const kept = () => {
    const folder = path.join(server.data, 'models', person.organization.id);
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true }).filter((f) => /onnx|json/.test(f));
  };
  const children = () =>
    readFileSync(`/proc/${server.process.pid}/task/${server.process.pid}/children`, 'utf8');
  const run = async (model, image, who = person) => {
    const form = new FormData();
    form.append('file', new Blob([image]), 'a.png');
    form.append('model', model);
    return who.api('POST', '/inference/detect', { body: form });
  };

  test('a good one is probed, listed at once, used, and removed', async () => {
    const job = await bring(yolox(), 'Hens & Eggs.onnx', { name: 'Poultry', licence: 'MIT' });
    assert.equal(job.state, 'succeeded', JSON.stringify(job));
    assert.equal(job.result.model_id, 'hens-eggs');
    const { body: card } = await person.api('GET', '/models/hens-eggs');
    assert.equal(card.kind, 'own');
    assert.equal(card.state, 'ready');
    assert.equal(card.family, 'yolox');
    assert.equal(card.name, 'Poultry');
    assert.deepEqual(card.labels, ['hen', 'egg']);
    assert.deepEqual(card.outputs, ['box']);
    const found = await run('hens-eggs', solidPng(64, 64, 100));
    assert.equal(found.status, 200, found.text);
    assert.equal(found.body.detections[0].class, 'egg');
    assert.equal(found.body.model, 'hens-eggs');
    const again = await bring(yolox(), 'x.onnx', { id: 'hens-eggs' });
    assert.equal(again.error.code, 'model_exists');
    assert.equal((await person.api('DELETE', '/models/hens-eggs')).status, 204);
    assert.equal((await run('hens-eggs', solidPng(64, 64, 100))).status, 404);
    assert.deepEqual(kept(), []);
    assert.equal((await person.api('DELETE', '/models/mobilesam')).status, 409);
  });

  test('167 data outside the file is refused wherever it is said to be', async () => {
    for (const place of ['../../SEC', '/etc/passwd', 'weights.bin', 'http://127.0.0.1:1/w', '']) {
      const job = await bring(yolox({ tensors: [outside(place)] }), 'far.onnx');
      assert.equal(job.error?.code, 'onnx_refused', `${place}: ${JSON.stringify(job)}`);
      assert.match(job.error.detail, /other files/);
      assert.ok(!JSON.stringify(job).includes('SEC'));
    }
    assert.deepEqual(kept(), []);
  });

  test('168 lies about structure are refused, endless graphs are ended', patient, async () => {
    const cyclic = yolox({
      nodes: [node('Add', ['b', 'zero'], ['a']), node('Add', ['a', 'zero'], ['b'])],
    });
    const petabytes = Buffer.from('3a8080808080808010', 'hex');
    const overflowing = lying([65536, 65536, 65536, 65536]);
    const crowd = Array.from({ length: 100_001 }, (_, i) => node('Neg', ['zero'], [`n${i}`]));
    for (const [what, bytes, code] of [
      ['a dim of 2^62', yolox({ tensors: [lying([2n ** 62n])] }), 'not_a_model'],
      ['a negative dim', yolox({ tensors: [lying([-1n])] }), 'not_a_model'],
      ['a product that overflows', yolox({ tensors: [overflowing] }), 'not_a_model'],
      ['too few bytes', yolox({ tensors: [lying([1000])] }), 'not_a_model'],
      ['nine petabytes', Buffer.concat([yolox().subarray(0, 2), petabytes]), 'not_a_model'],
      ['100,001 nodes', yolox({ nodes: crowd }), 'onnx_too_large'],
      ['a cycle', cyclic, 'not_a_model'],
      ['If in If', nestedIf(12), 'onnx_too_large'],
      ['opset 999', yolox({ opset: 999 }), 'onnx_refused'],
      ['no opset', yolox({ opset: 0 }), 'onnx_refused'],
      ['cut', yolox().subarray(0, 1500), 'not_a_model'],
      ['nothing', Buffer.from('x'), 'not_a_model'],
    ]) {
      const job = await bring(bytes, 'lie.onnx');
      assert.equal(job.error?.code, code, `${what}: ${JSON.stringify(job)}`);
      assert.ok(job.error.detail.length < 600, what);
      await assertAlive(server);
    }
    const spun = await bring(loopForever(), 'spin.onnx');
    assert.ok(
      ['model_timeout', 'probe_timeout', 'probe_crashed'].includes(spun.error?.code),
      JSON.stringify(spun),
    );
    assert.deepEqual(children(), '', 'its process is gone');
    assert.deepEqual(kept(), []);
    assert.equal((await bring(yolox(), 'next.onnx')).state, 'succeeded', 'the next one is taken');
    await person.api('DELETE', '/models/next');
  });

  test('168 a model that wants more memory than there is ends alone', patient, async () => {
    const huge = yolox({
      nodes: [node('Shape', ['images'], ['s']), node('Mul', ['s', 'by'], ['big']),
        node('ConstantOfShape', ['big'], ['filled']),
        node('ReduceMax', ['filled'], ['one'], { attributes: [intAttribute('keepdims', 0)] })],
      tensors: [ints('by', [512, 256, 64, 64])],
      last: node('Add', ['rows', 'one'], ['output']),
    });
    const job = await bring(huge, 'huge.onnx');
    assert.ok(['model_failed', 'probe_memory', 'probe_crashed', 'model_invalid', 'probe_timeout']
      .includes(job.error?.code), JSON.stringify(job));
    assert.ok(server.rssMiB() < 1024, `${server.rssMiB()} MiB`);
    await assertAlive(server);
    assert.deepEqual(kept(), []);
  });

  test('169 custom operators, training graphs and options for providers are refused', async () => {
    const foreign = node('Run', ['zero'], ['r'], { domain: 'a.b' });
    for (const [what, bytes] of [
      ['a domain', yolox({ domains: ['a.b'], nodes: [foreign] })],
      ['a domain that is not declared', yolox({ nodes: [foreign] })],
      ['training', yolox({ extra: [field(20, field(1, 'x'))] })],
      ['a context of a provider', yolox({ domains: ['com.microsoft'],
        nodes: [node('EPContext', ['zero'], ['r'], { domain: 'com.microsoft' })] })],
      ['session options', yolox({ metadata: { ort_config: '{"session_options": {}}' } })],
    ]) {
      const job = await bring(bytes, 'm.onnx');
      assert.equal(job.error?.code, 'onnx_refused', `${what}: ${JSON.stringify(job)}`);
    }
    const maps = readFileSync(`/proc/${server.process.pid}/maps`, 'utf8');
    assert.ok(!/evil|custom_op/.test(maps));
    assert.deepEqual(kept(), []);
  });

  test('170 files that could run code are refused at once, with what helps', async () => {
    const before = children();
    const pickle = Buffer.from('\x80\x04cposix\nsystem\n', 'latin1');
    const torch = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(26),
      Buffer.from('archive/data.pkl')]);
    for (const [name, bytes, command] of [
      ['best.pt', pickle, /yolo export model=best\.pt format=onnx/],
      ['m.pth', torch, /torch\.onnx\.export/],
      ['s.torchscript', torch, /torch\.onnx\.export/],
      ['m.onnx', torch, /torch\.onnx\.export/],
      ['m.onnx', pickle, /torch\.onnx\.export/],
      ['m.pkl', pickle, /skl2onnx/],
      ['m.joblib', Buffer.from('x'), /skl2onnx/],
      ['m.npy', Buffer.from('\x93NUMPY\x01\x00', 'latin1'), /torch\.onnx\.export/],
      ['m.h5', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), /tf2onnx\.convert --keras m\.h5/],
      ['lambda.keras', Buffer.from('PK\x03\x04', 'latin1'), /--keras lambda\.keras/],
      ['custom_op.so', Buffer.from('\x7fELF\x02', 'latin1'), /ONNX/],
      ['m.onnx', Buffer.from('\x7fELF\x02', 'latin1'), /ONNX/],
      ['m.engine', Buffer.from('x'), /yolo export/],
      ['m.safetensors', Buffer.from('x'), /torch\.onnx\.export/],
    ]) {
      const answer = await upload(bytes, name);
      assertProblem(answer, 415, name);
      assert.match(answer.body.detail, command, name);
    }
    assert.equal(children(), before, 'no process was started');
    assert.deepEqual(await own(), []);
  });

  test('171 a model is what its card says; another organization has its own', async () => {
    const image = solidPng(64, 64, 9);
    const bytes = yolox();
    assert.equal((await bring(bytes, 'same.onnx')).state, 'succeeded');
    const other = await server.person();
    assert.equal((await other.api('GET', '/models/same')).status, 404);
    assert.equal((await run('same', image, other)).status, 404);
    const key = `${person.organization.id}:same`;
    assert.equal((await run(key, image, other)).status, 404);
    assert.equal((await other.api('DELETE', '/models/same')).status, 404);
    const theirs = yolox({ metadata: { names: "{0: 'a', 1: 'b'}" } });
    assert.equal((await bring(theirs, 'same.onnx', {}, other)).state, 'succeeded');
    for (const [who, name, file] of [[person, 'egg', bytes], [other, 'b', theirs]]) {
      const { body: card } = await who.api('GET', '/models/same');
      assert.equal(card.files[0].sha256, createHash('sha256').update(file).digest('hex'));
      const found = await run('same', image, who);
      assert.equal(found.body.detections[0].class, name);
    }
    const folder = path.join(server.data, 'models', other.organization.id, 'weights/same');
    const file = path.join(folder, readdirSync(folder)[0]);
    rmSync(file);
    writeFileSync(file, bytes);
    const swapped = await bring(theirs, 'fresh.onnx', {}, other);
    assert.equal(swapped.state, 'succeeded');
    assertProblem(await run('same', image, other), 503, 'swapped after it was checked');
    await person.api('DELETE', '/models/same');
  });

  test('only administrators bring models', async () => {
    const none = await server.call('POST', '/models', { body: new FormData() });
    assert.equal(none.status, 401);
    for (const fields of [{ id: '../x' }, { id: 'a b' }, { family: 'nonsense' }, { licence: '' }]) {
      const job = await bring(yolox(), 'm.onnx', fields);
      const codes = ['bad_id', 'unknown_family', 'invalid_body'];
      assert.ok(codes.includes(job.error?.code), JSON.stringify(job));
    }
    const twice = new FormData();
    twice.append('file', new Blob([yolox()]), 'a.onnx');
    twice.append('file', new Blob([yolox()]), 'b.onnx');
    assertProblem(await person.api('POST', '/models', { body: twice }), 422, 'two files');
    assertProblem(await upload(yolox(), 'm.onnx', { evil: '1' }), 422, 'an unknown part');
    assert.deepEqual(await own(), []);
  });

  test('173 what a model answers wrongly fails its run and stores nothing', patient, async () => {
    const white = solidPng(64, 64, 255);
    const grey = solidPng(64, 64, 60);
    for (const [id, bad, says] of [
      ['nan', [4, 6, [NaN, NaN, NaN, NaN, NaN, NaN]], /not (a )?numbers?|NaN|finite/i],
      ['infinite', [4, 6, [0, 0, Infinity, 40, 0.9, 1]], /finite|number/i],
      ['many', [10_000_000, 6, [8, 8, 40, 40, 0.9, 1]], /more than|too many|at most/i],
      ['stranger', [4, 6, [8, 8, 40, 40, 0.9, 7]], /class 7/],
      ['narrow', [4, 5, [8, 8, 40, 40, 0.9]], /shape|rows/i],
    ]) {
      const job = await bring(turning(bad), `${id}.onnx`, { family: 'yolo_rows' });
      assert.equal(job.state, 'succeeded', `${id}: ${JSON.stringify(job)}`);
      const good = await run(id, grey);
      assert.equal(good.status, 200, `${id}: ${good.text}`);
      assert.equal(good.body.detections[0].class, 'egg');
      const answer = await run(id, white);
      assertProblem(answer, 422, id);
      assert.equal(answer.body.code, 'model_output', id);
      assert.match(answer.body.detail, says, id);
      const project = await server.project(person);
      await server.upload(person, project.id, [['white.png', white]]);
      const started = await person.api('POST', `/projects/${project.id}/preannotations`, {
        json: { detector: id },
      });
      assert.equal(started.status, 202, started.text);
      const ran = await server.job(person, started.body.job_id);
      assert.equal(ran.state, 'failed', `${id}: ${JSON.stringify(ran)}`);
      assert.match(ran.error.detail, says, id);
      const { body } = await person.api('GET', `/projects/${project.id}/assets`);
      const kept = await person.api('GET', `/assets/${body.items[0].id}/suggestions`);
      assert.deepEqual(kept.body.items, [], id);
      await assertAlive(server);
    }
    assert.equal((await run('nan', grey)).status, 200, 'its next run');
  });

  test('173 one bad image does not fail the images beside it', async () => {
    const project = await server.project(person, { labels: [{ name: 'egg' }] });
    await server.upload(person, project.id, [
      ['white.png', solidPng(64, 64, 255)],
      ['grey.png', solidPng(64, 64, 60)],
    ]);
    const started = await person.api('POST', `/projects/${project.id}/preannotations`, {
      json: { detector: 'nan' },
    });
    const job = await server.job(person, started.body.job_id);
    assert.equal(job.state, 'succeeded', JSON.stringify(job));
    assert.equal(job.result.problems.length, 1);
    const { body } = await person.api('GET', `/projects/${project.id}/assets`);
    const counts = {};
    for (const asset of body.items) {
      const answer = await person.api('GET', `/assets/${asset.id}/suggestions`);
      counts[asset.filename] = answer.body.items.length;
    }
    assert.deepEqual(counts, { 'white.png': 0, 'grey.png': 1 });
  });

  test('174 fifty runs at once are queued or turned away', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => run('nan', solidPng(64, 64, 60))),
    );
    for (const answer of answers) assert.ok([200, 429, 503].includes(answer.status), answer.text);
    assert.ok(answers.some((answer) => answer.status === 200));
    await assertAlive(server);
  });
});
