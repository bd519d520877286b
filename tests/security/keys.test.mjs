// 180, 193: keys that rotate under load, and a backup taken while others write.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { binary, boxOperation, tinyPng } from '../functional/harness.mjs';
import {
  admin,
  databaseOf,
  furnished,
  longForm,
  onEachEngine,
  sleep,
  start,
  startOn,
  stopClean,
} from './world.mjs';

const run = promisify(execFile);
const ENV = { ANNOTATEAI_RATE_LIMIT: 'false' };

function environment(server) {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('ANNOTATEAI_'));
  return { ...Object.fromEntries(clean), ...server.options.env };
}

const adminLater = (server, args) =>
  run(binary, ['admin', ...args, '--data', server.data], { env: environment(server) });

// Reads an image, its thumbnail and who one is, over and over; every failure counts.
function readers(server, person, asset, many = 4) {
  const state = { reads: 0, failures: [], stop: false };
  const original = createHash('sha256').update(tinyPng()).digest('hex');
  const one = async () => {
    while (!state.stop) {
      for (const route of [`/assets/${asset.id}/content`, `/assets/${asset.id}/thumbnail`]) {
        const response = await fetch(`${server.url}/api/v1${route}`, {
          headers: { authorization: `Bearer ${person.token}` },
        });
        const bytes = Buffer.from(await response.arrayBuffer());
        const right =
          !route.endsWith('/content') ||
          createHash('sha256').update(bytes).digest('hex') === original;
        if (response.status !== 200 || !right) state.failures.push(`${route} ${response.status}`);
        ++state.reads;
      }
      const me = await person.api('GET', '/auth/me');
      if (me.status !== 200) state.failures.push(`me ${me.status}`);
    }
  };
  state.done = Promise.all(Array.from({ length: many }, one));
  state.end = async () => {
    state.stop = true;
    await state.done;
    assert.deepEqual(state.failures, []);
    assert.ok(state.reads > 20, `${state.reads} reads`);
  };
  return state;
}

onEachEngine('rotate-keys while others read: nobody notices', {}, async (engine) => {
  const server = await startOn(engine, { env: ENV });
  const { person, project, asset } = await furnished(server);
  const watch = readers(server, person, asset);
  for (let i = 0; i < 3; ++i) await adminLater(server, ['rotate-keys']);
  const said = await adminLater(server, ['rotate-keys', '--data-keys', '--reencrypt']);
  assert.match(said.stdout, /[1-9]\d* of \d+ encrypted again, 0 damaged/);
  await adminLater(server, ['rotate-keys', '--master-key', '--retire-old']);
  await watch.end();
  const uploaded = await server.upload(person, project.id, [['b.png', tinyPng(5, 5)]]);
  assert.equal(uploaded.status, 201, uploaded.text);
  const state = await person.api('GET', `/organizations/${person.organization.id}/keys`);
  assert.equal(state.body.master_key_version, 5);
  assert.equal(state.body.data_key_wrapped_by, 5);
  assert.equal(state.body.data_key_version, 5);
  assert.equal(
    readFileSync(path.join(server.data, 'master.key'), 'utf8').trim().split('\n').length,
    1,
  );
  await stopClean(server);
});

onEachEngine('an organization rotates its own data key', {}, async (engine) => {
  const server = await startOn(engine, { env: ENV });
  const { person, asset } = await furnished(server);
  const route = `/organizations/${person.organization.id}/keys`;
  const watch = readers(server, person, asset, 2);
  const rotated = await person.api('POST', `${route}/rotate`, { json: { reencrypt: true } });
  assert.equal(rotated.status, 202, rotated.text);
  assert.equal(rotated.body.data_key_version, 2);
  const job = await server.job(person, rotated.body.job_id);
  assert.equal(job.state, 'succeeded', JSON.stringify(job));
  assert.ok(job.result.renewed > 0);
  await watch.end();
  await stopClean(server);
});

onEachEngine('180 a rotation that is killed is ended by the next', {}, async (engine) => {
  const data = mkdtempSync(path.join(tmpdir(), 'aa-killed-rotation-'));
  const server = await startOn(engine, { env: ENV, data });
  const { person, asset } = await furnished(server);
  for (let i = 0; i < 12; ++i) await furnished(server);
  const watch = readers(server, person, asset, 2);
  const rounds = longForm ? 100 : 8;
  for (let i = 0; i < rounds; ++i) {
    const args = ['admin', 'rotate-keys', '--reencrypt', '--data', server.data];
    const child = spawn(binary, args, { env: environment(server), stdio: 'ignore' });
    const ended = new Promise((resolve) => {
      child.on('exit', resolve);
    });
    await sleep(30 + 60 * i);
    child.kill('SIGKILL');
    await ended;
  }
  await adminLater(server, ['rotate-keys', '--master-key']);
  const after = await adminLater(server, ['rotate-keys', '--master-key']);
  assert.doesNotMatch(after.stdout, /had not ended/);
  await watch.end();
  await stopClean(server);
  const again = await start({ data: server.data, env: server.options.env });
  assert.equal(
    (await again.call('GET', `/assets/${asset.id}/content`, { token: person.token })).status,
    200,
  );
  const left = readdirSync(path.join(server.data, 'keys')).filter((name) =>
    /^\.(new|rotate)-/.test(name),
  );
  assert.deepEqual(left, []);
  await stopClean(again);
  rmSync(data, { recursive: true, force: true });
});

// The whole export of a project, as bytes.
async function exported(server, person, project) {
  const begun = await person.api('POST', `/projects/${project.id}/exports`, {
    json: { format: 'coco' },
  });
  assert.equal(begun.status, 202, begun.text);
  const job = await server.job(person, begun.body.job_id);
  assert.equal(job.state, 'succeeded', JSON.stringify(job.error));
  const answer = await person.api('GET', `/exports/${job.id}/content`);
  return createHash('sha256').update(answer.text).digest('hex');
}

const headOf = async (person) =>
  (await person.api('GET', `/organizations/${person.organization.id}/audit?limit=1`)).body.items[0];

async function restored(server, engine, folder) {
  const data = path.join(mkdtempSync(path.join(tmpdir(), 'aa-restored-')), 'data');
  const env = { ...ENV, ...databaseOf(engine) };
  const said = admin(server, ['restore', folder], { data, env });
  assert.match(said, /^restored: /);
  return start({ data, env });
}

onEachEngine('193 a backup taken while others write is one whole state', {}, async (engine) => {
  const server = await startOn(engine, { env: ENV });
  const still = await furnished(server);
  const busy = await furnished(server);
  const hash = await exported(server, still.person, still.project);
  const head = await headOf(still.person);
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'aa-backup-')), 'backup');
  const acknowledged = [];
  let stop = false;
  const write = async () => {
    for (let i = 0; !stop; ++i) {
      const operation = boxOperation(busy.project.labels[0].id);
      const answer = await busy.person.api('POST', `/assets/${busy.asset.id}/operations`, {
        json: { base_revision: 0, operations: [operation] },
      });
      if (answer.status === 200) acknowledged.push(operation.annotation.id);
      if (i % 5 === 0) {
        const files = [[`${i}.png`, tinyPng(3 + (i % 20), 3 + (i % 7))]];
        await server.upload(busy.person, busy.project.id, files);
      }
    }
  };
  const writing = Promise.all([write(), write()]);
  while (acknowledged.length < 20) await sleep(20);
  const before = acknowledged.length;
  const { stdout } = await adminLater(server, ['backup', folder]);
  assert.match(stdout, /^backed up: /);
  stop = true;
  await writing;
  assert.ok(acknowledged.length > before, 'others wrote all the while');

  const copy = await restored(server, engine, folder);
  const seen = (person) => ({
    ...person,
    api: (method, route, options = {}) =>
      copy.call(method, route, { token: person.token, ...options }),
  });
  const person = seen(still.person);
  const audit = await person.api('GET', `/organizations/${person.organization.id}/audit?limit=200`);
  const same = audit.body.items.find((entry) => entry.sequence === head.sequence);
  assert.equal(same.hash, head.hash, 'the audit head');
  assert.equal(await exported(copy, person, still.project), hash, 'the export');
  const list = await seen(busy.person).api('GET', `/assets/${busy.asset.id}/annotations`);
  const ids = new Set(list.body.items.map((item) => item.id));
  for (const id of acknowledged.slice(0, before)) assert.ok(ids.has(id), id);
  let cursor = '';
  do {
    const page = await seen(busy.person).api(
      'GET',
      `/projects/${busy.project.id}/assets?limit=100${cursor && `&cursor=${cursor}`}`,
    );
    for (const asset of page.body.items) {
      const content = await seen(busy.person).api('GET', `/assets/${asset.id}/content`);
      assert.equal(content.status, 200, `${asset.filename}: ${content.text.slice(0, 200)}`);
    }
    cursor = page.body.next_cursor ?? '';
  } while (cursor);
  for (const who of [still.person, busy.person]) {
    const verdict = admin(copy, ['verify-audit', '--organization', who.organization.id]);
    assert.match(verdict, /the chain holds/);
  }
  await stopClean(copy);
  rmSync(path.dirname(folder), { recursive: true });
  await stopClean(server);
});

onEachEngine('a restoration refuses what is not empty, and damaged backups', {}, async (engine) => {
  const server = await startOn(engine, { env: ENV });
  await furnished(server);
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'aa-backup-')), 'backup');
  admin(server, ['backup', folder]);
  const refused = (args, options) => {
    try {
      admin(server, args, options);
    } catch (error) {
      return error.stderr;
    }
    return '';
  };
  assert.match(refused(['backup', folder]), /is not empty/);
  assert.match(refused(['restore', folder]), /not empty|something in the database/);
  assert.ok(existsSync(path.join(folder, 'data/master.key')));
  rmSync(path.join(folder, 'SHA256SUMS'));
  const elsewhere = path.join(tmpdir(), `aa-nowhere-${process.pid}-${engine}`);
  const options = { data: elsewhere, env: { ...ENV, ...databaseOf(engine) } };
  assert.match(refused(['restore', folder], options), /SHA256SUMS/);
  assert.ok(!existsSync(elsewhere));
  await stopClean(server);
});
