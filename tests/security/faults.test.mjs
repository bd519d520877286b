// 180-191: processes killed, files and databases that go away, stops under load, jobs that poison.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { boxOperation, tinyPng } from '../functional/harness.mjs';
import {
  assertAlive,
  assertProblem,
  blobFiles,
  databaseOf,
  exchange,
  filesUnder,
  furnished,
  longForm,
  onEachEngine,
  postgres,
  seeded,
  sleep,
  start,
  startOn,
  statusesIn,
  stopClean,
  until,
} from './world.mjs';

const quiet = { ANNOTATEAI_RATE_LIMIT: 'false' };

// A statement on the database of a server that is down.
function runSql(server, engine, text) {
  if (engine === 'postgres') {
    const admin = process.env.ANNOTATEAI_TEST_POSTGRES_ADMIN;
    const name = server.options.env.ANNOTATEAI_DATABASE_URL.split('/').pop();
    execFileSync('psql', [
      '-qX',
      '-v',
      'ON_ERROR_STOP=1',
      '-c',
      text,
      admin.replace(/\/[^/]*$/, `/${name}`),
    ]);
    return;
  }
  execFileSync('python3', [
    '-c',
    'import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\n' +
      'c.execute(sys.argv[2])\nc.commit()',
    path.join(server.data, 'annotateai.db'),
    text,
  ]);
}

async function login(server, email) {
  const answer = await server.call('POST', '/auth/login', {
    json: { email, password: 'a good long password' },
  });
  assert.equal(answer.status, 200, answer.text);
  const token = answer.body.access_token;
  return { token, api: (method, route, extra) => server.call(method, route, { token, ...extra }) };
}

// Another set each round: the same boxes again would be known and left alone.
function coco(assets, perImage, round) {
  return JSON.stringify({
    images: assets.map((name, i) => ({ id: i + 1, file_name: name, width: 64, height: 48 })),
    categories: [{ id: 1, name: 'dog' }],
    annotations: assets.flatMap((_, i) =>
      Array.from({ length: perImage }, (__, k) => ({
        id: i * perImage + k + 1,
        image_id: i + 1,
        category_id: 1,
        bbox: [k % 40, 1, 8, 9 + round / 10],
        area: 8 * (9 + round / 10),
      })),
    ),
  });
}

onEachEngine(
  '180 kill -9 during upload, import and export: whole or not at all, and it goes on',
  {
    timeout: 400_000,
  },
  async (engine) => {
    const data = mkdtempSync(path.join(tmpdir(), 'aa-kill-all-'));
    const options = { data, env: { ...quiet, ...databaseOf(engine) } };
    const random = seeded(180);
    let server = await start(options);
    const person = await server.person();
    const project = await server.project(person);
    const names = Array.from({ length: 20 }, (_, i) => `${i}.png`);
    await server.upload(
      person,
      project.id,
      names.map((name) => [name, tinyPng()]),
    );
    const rounds = longForm ? 50 : 3;
    for (let round = 0; round < rounds; ++round) {
      const me = await login(server, person.email);
      const form = new FormData();
      form.append('format', 'coco');
      form.append('file', new Blob([coco(names, 100, round)]), 'set.json');
      const started = [
        await me.api('POST', `/projects/${project.id}/imports`, { body: form }),
        await me.api('POST', `/projects/${project.id}/exports`, {
          json: { format: 'coco', images: true },
        }),
      ];
      const uploads = Array.from({ length: 4 }, (_, k) =>
        server
          .upload(
            me,
            project.id,
            Array.from({ length: 10 }, (__, i) => [`r${round}-${k}-${i}.png`, tinyPng()]),
          )
          .catch(() => null),
      );
      await sleep(30 + random() * 500);
      await server.stop('SIGKILL');
      await Promise.all(uploads);
      // What died with the process holds its lease for a while; nobody waits for that here.
      runSql(server, engine, 'UPDATE jobs SET lease_until = 1 WHERE lease_until IS NOT NULL');
      server = await start(options);
      const next = await login(server, person.email);
      for (const answer of started) {
        const job = await server.job(next, answer.body.job_id);
        assert.equal(job.state, 'succeeded', JSON.stringify(job));
      }
    }
    const me = await login(server, person.email);
    const { body: list } = await me.api('GET', `/projects/${project.id}/assets?limit=200`);
    for (const asset of list.items) {
      for (const part of ['content', 'thumbnail', 'thumbnail?size=large']) {
        assert.equal(
          (await me.api('GET', `/assets/${asset.id}/${part}`)).status,
          200,
          asset.filename,
        );
      }
    }
    const first = list.items.find((asset) => asset.filename === '0.png');
    const { body: drawn } = await me.api('GET', `/assets/${first.id}/annotations`);
    assert.equal(drawn.items.length, 100 * rounds, 'each import once, whole');
    if (engine === 'sqlite') {
      // where the store is one process's alone, orphans go at the start
      await until(
        'no orphans',
        () => {
          const ids = new Set(
            blobFiles(server)
              .filter((file) => file.includes('/assets/'))
              .map((file) => file.split('/')[2]),
          );
          return ids.size === list.items.length;
        },
        15_000,
      );
    }
    assert.deepEqual(readdirSync(path.join(data, 'blobs/.new')), []);
    await stopClean(server);
    rmSync(data, { recursive: true, force: true });
  },
);

onEachEngine('180 a blob whose row never came is gone after the next start', {}, async (engine) => {
  const options = { env: { ...quiet, ...databaseOf(engine) } };
  options.data = mkdtempSync(path.join(tmpdir(), 'aa-orphan-'));
  let server = await start(options);
  const { person, project, asset } = await furnished(server);
  const more = await server.upload(person, project.id, [['b.png', tinyPng()]]);
  await server.stop('SIGKILL');
  runSql(server, engine, `DELETE FROM assets WHERE id = '${more.body.items[0].id}'`);
  // Where others may share the store, only what is old enough is taken for an orphan.
  if (engine === 'postgres') return rmSync(options.data, { recursive: true, force: true });
  server = await start(options);
  const orphans = () => blobFiles(server).filter((file) => file.includes(more.body.items[0].id));
  await until('the orphan goes', () => orphans().length === 0);
  const me = await login(server, person.email);
  assert.equal((await me.api('GET', `/assets/${asset.id}/content`)).status, 200);
  await stopClean(server);
  return rmSync(options.data, { recursive: true, force: true });
});

test('183 no file descriptors left: 503 or a wait, then all is well again', async () => {
  const server = await start({ env: quiet, prefix: ['prlimit', '--nofile=128:128'] });
  const { person, project } = await furnished(server);
  const sockets = Array.from({ length: 300 }, () => {
    const socket = net.connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    return socket;
  });
  await sleep(500);
  const { text } = await exchange(
    server.port,
    'GET /healthz HTTP/1.1\r\nHost: ' + `127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`,
    { quietMs: 2000 },
  );
  assert.equal(statusesIn(text)[0], 503, text || 'no answer at all');
  assert.match(text, /Retry-After: \d/);
  for (const socket of sockets) socket.destroy();
  await until('answers again', async () => {
    const health = await fetch(`${server.url}/healthz`).catch(() => null);
    return health?.status === 200;
  });
  // With room for connections but hardly any for files, uploads say so or succeed.
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) =>
      server.upload(person, project.id, [[`${i}.png`, tinyPng()]]),
    ),
  );
  for (const answer of answers) {
    assert.ok([201, 503].includes(answer.status), `${answer.status} ${answer.text.slice(0, 300)}`);
  }
  assert.equal((await server.upload(person, project.id, [['z.png', tinyPng()]])).status, 201);
  await stopClean(server);
});

test(
  '184 PostgreSQL away and back',
  { skip: postgres ? false : 'no PostgreSQL here' },
  async () => {
    const server = await startOn('postgres', { env: quiet });
    const { person, project, asset } = await furnished(server);
    const control = (...words) =>
      execFileSync(process.env.ANNOTATEAI_TEST_POSTGRES_CTL, words, { stdio: 'ignore' });
    const requests = () => [
      ['GET', '/projects'],
      ['GET', `/projects/${project.id}`],
      ['POST', '/projects', { json: { name: 'x', type: 'detection' } }],
      [
        'POST',
        `/assets/${asset.id}/operations`,
        { json: { base_revision: 0, operations: [boxOperation(project.labels[0].id)] } },
      ],
      ['POST', '/auth/login', { json: { email: person.email, password: 'a good long password' } }],
      ['POST', '/auth/refresh', { json: { refresh_token: person.refresh_token } }],
      ['GET', `/assets/${asset.id}/content`],
      ['GET', '/jobs'],
    ];
    control('stop', '-m', 'fast');
    try {
      for (let round = 0; round < 3; ++round) {
        for (const [method, route, options] of requests()) {
          const began = Date.now();
          const answer = await person.api(method, route, options);
          assertProblem(answer, 503, `${method} ${route}`);
          assert.ok(Number(answer.headers.get('retry-after')) >= 1);
          assert.ok(Date.now() - began < 2000, `${route} took ${Date.now() - began} ms`);
        }
        assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
        assert.equal((await fetch(`${server.url}/readyz`)).status, 503);
        await sleep(longForm ? 10_000 : 500);
      }
      // Many at once must not fill some queue for good.
      const flood = await Promise.all(
        Array.from({ length: 200 }, () => person.api('GET', '/projects')),
      );
      assert.ok(flood.every((answer) => answer.status === 503));
    } finally {
      control('start');
    }
    await until(
      'ready again',
      async () => (await fetch(`${server.url}/readyz`)).status === 200,
      5000,
    );
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => person.api('GET', '/projects')),
    );
    assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200]);
    assert.equal(
      (
        await person.api('POST', `/assets/${asset.id}/operations`, {
          json: { base_revision: 1, operations: [boxOperation(project.labels[0].id)] },
        })
      ).status,
      200,
    );
    const started = await person.api('POST', `/projects/${project.id}/exports`, {
      json: { format: 'coco' },
    });
    assert.equal((await server.job(person, started.body.job_id)).state, 'succeeded', 'workers too');
    await stopClean(server);
  },
);

onEachEngine(
  '189 SIGTERM under load: what is in flight ends, exit 0 within 25 s',
  {},
  async (engine) => {
    const server = await startOn(engine, { env: quiet });
    const { person, project, asset } = await furnished(server);
    const broken = [];
    let done = 0;
    let stopping = false;
    const client = async (n) => {
      while (!stopping) {
        const write = n % 2 === 0;
        try {
          const answer = write
            ? await person.api('POST', `/assets/${asset.id}/operations`, {
                json: { base_revision: 1, operations: [boxOperation(project.labels[0].id)] },
              })
            : await server.upload(person, project.id, [[`${n}.png`, tinyPng()]]);
          if (answer.status >= 500) broken.push(answer.text);
          ++done;
        } catch (error) {
          // Refused before it was sent is no loss; a cut answer is.
          if (
            !['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(error.cause?.code)
          ) {
            broken.push(String(error.cause ?? error));
          }
          return;
        }
      }
    };
    const clients = Array.from({ length: 12 }, (_, n) => client(n));
    const events = fetch(
      `${server.url}/api/v1/jobs/${
        (await person.api('POST', `/projects/${project.id}/exports`, { json: { format: 'coco' } }))
          .body.job_id
      }/events`,
      { headers: { authorization: `Bearer ${person.token}` } },
    )
      .then((r) => r.text())
      .catch(() => '');
    await sleep(700);
    const began = Date.now();
    server.process.kill('SIGTERM');
    await sleep(50);
    stopping = true;
    const exit = await server.exited;
    await Promise.all(clients);
    await events;
    assert.deepEqual(exit, { code: 0, signal: null }, server.stderr.slice(-1000));
    assert.ok(Date.now() - began < 25_000);
    assert.deepEqual(broken, []);
    assert.ok(done > 20, `${done} done`);
    rmSync(server.data, { recursive: true, force: true });
  },
);

onEachEngine(
  '191 a job that kills its worker is given up after three tries, others run',
  {},
  async (engine) => {
    const data = mkdtempSync(path.join(tmpdir(), 'aa-poison-'));
    const options = { data, env: { ...quiet, ...databaseOf(engine) } };
    let server = await start({ ...options, flags: ['--roles', 'api'] });
    const { person, project } = await furnished(server);
    const begin = async () =>
      (await person.api('POST', `/projects/${project.id}/exports`, { json: { format: 'coco' } }))
        .body.job_id;
    const poison = await begin();
    await server.stop('SIGKILL');
    // As a worker leaves it that died three times of this job.
    runSql(
      server,
      engine,
      "UPDATE jobs SET state = 'running', attempts = 3, lease_owner = 'gone', " +
        `lease_until = 1 WHERE id = '${poison}'`,
    );
    server = await start(options);
    const me = await login(server, person.email);
    const next = await me.api('POST', `/projects/${project.id}/exports`, {
      json: { format: 'coco' },
    });
    const ends = await Promise.all([poison, next.body.job_id].map((id) => server.job(me, id)));
    assert.equal(ends[0].state, 'failed');
    assert.equal(ends[0].error.code, 'gave_up');
    assert.equal(ends[1].state, 'succeeded');
    assertProblem(await me.api('GET', `/exports/${poison}/content`), [404, 409]);
    await stopClean(server);
    rmSync(data, { recursive: true, force: true });
  },
);

test('187 a blob that vanished or was bent is said to be so, nothing else suffers', async () => {
  const server = await startOn('sqlite', { env: quiet });
  const { person, asset } = await furnished(server);
  const [file] = filesUnder(path.join(server.data, 'blobs')).filter((name) =>
    name.includes(`${asset.id}/original`),
  );
  const bytes = readFileSync(file);
  bytes[bytes.length - 5] ^= 1;
  writeFileSync(file, bytes);
  const bent = await person
    .api('GET', `/assets/${asset.id}/content`)
    .catch((error) => ({ status: 'cut', error }));
  assert.ok(['cut', 500].includes(bent.status), `served with ${bent.status}`);
  rmSync(file);
  assertProblem(await person.api('GET', `/assets/${asset.id}/content`), [404, 500]);
  assert.equal((await person.api('GET', `/assets/${asset.id}/thumbnail`)).status, 200);
  await assertAlive(server);
  await stopClean(server);
});
