// 103, 158, 159: another's long queue, more requests than one may send, and more costly ones than
// the machine can carry.
import assert from 'node:assert/strict';
import net from 'node:net';

import { haveData, photo } from '../functional/harness.mjs';
import {
  assertAlive,
  furnished,
  median,
  onEachEngine,
  startOn,
  stopClean,
  until,
} from './world.mjs';

onEachEngine(
  '158 over the limit: 429 with Retry-After, whatever one writes into headers',
  {},
  async (engine) => {
    const server = await startOn(engine);
    const person = await server.person();
    const burst = async (count, call) => {
      const answers = [];
      for (let i = 0; i < count; i += 20) {
        answers.push(...(await Promise.all(Array.from({ length: 20 }, (_, k) => call(i + k)))));
      }
      return answers.filter((answer) => answer.status === 429);
    };
    const project = await server.project(person);
    const route = `/projects/${project.id}/exports`;
    const spellings = [
      {},
      { 'x-forwarded-for': '198.51.100.7' },
      { 'x-real-ip': '198.51.100.8' },
      { 'user-agent': 'other' },
      { 'x-request-id': 'x' },
    ];
    const refused = await burst(60, (i) =>
      person.api('POST', route, {
        json: { format: 'coco' },
        headers: { ...spellings[i % 5], 'x-forwarded-for': `198.51.100.${i}` },
      }),
    );
    assert.ok(refused.length >= 10, `${refused.length} refused`);
    for (const answer of refused) assert.ok(Number(answer.headers.get('retry-after')) >= 1);
    // A new token of the same user is no new budget.
    const fresh = await server.call('POST', '/auth/login', {
      json: { email: person.email, password: 'a good long password' },
    });
    const again = await server.call('POST', route, {
      token: fresh.body.access_token,
      json: { format: 'coco' },
    });
    const other = await server.person();
    assert.equal((await other.api('GET', '/projects')).status, 200, 'others are not held up');
    assert.ok([202, 429].includes(again.status));
    const more = await burst(20, () =>
      server.call('POST', route, { token: fresh.body.access_token, json: { format: 'coco' } }),
    );
    assert.ok(more.length >= 10, `${more.length} refused with a new token`);
    const signups = await burst(80, (i) =>
      server.call('POST', '/auth/login', {
        json: { email: `x${i}@example.test`, password: 'wrong wrong' },
        headers: { 'x-forwarded-for': `192.0.2.${i}` },
      }),
    );
    assert.ok(signups.length >= 30, `${signups.length} logins refused`);
    await stopClean(server);
  },
);

onEachEngine(
  '159 a hundred costly requests at once: bounded, and health stays quick',
  {
    skip: haveData ? false : 'no test data',
  },
  async (engine) => {
    const server = await startOn(engine, { env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
    const { person, project } = await furnished(server);
    const image = photo('dog.jpg');
    const rss = server.rssMiB();
    const costly = Array.from({ length: 100 }, (_, i) => {
      if (i % 2)
        return person.api('POST', `/projects/${project.id}/exports`, { json: { format: 'coco' } });
      const form = new FormData();
      form.append('file', new Blob([image]), 'dog.jpg');
      return person.api('POST', '/inference/detect', { body: form });
    });
    const took = [];
    let ended = false;
    const all = Promise.all(costly).finally(() => {
      ended = true;
    });
    while (!ended) {
      const began = performance.now();
      assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
      took.push(performance.now() - began);
    }
    for (const answer of await all) {
      assert.ok([200, 202, 429, 503].includes(answer.status), answer.text.slice(0, 200));
    }
    assert.ok(median(took) < 250, `health took ${median(took)} ms in the median`);
    assert.ok(Math.max(...took) < 5000, `health took ${Math.max(...took)} ms once`);
    assert.ok(server.rssMiB() - rss < 1500, `grew by ${server.rssMiB() - rss} MiB`);
    await assertAlive(server);
    await until(
      'all exports end',
      async () => {
        const { body } = await person.api('GET', '/jobs?limit=200');
        return body.items.every((job) => ['succeeded', 'failed'].includes(job.state));
      },
      60_000,
    );
    await stopClean(server);
  },
);

onEachEngine(
  '103 behind a hundred jobs of another organisation one waits for one turn, not for them all',
  {},
  async (engine) => {
    const workers = 2;
    const env = { ANNOTATEAI_RATE_LIMIT: 'false', ANNOTATEAI_WORKERS: String(workers) };
    const server = await startOn(engine, { env });
    const a = await furnished(server);
    const v = await furnished(server);
    const begin = async ({ person, project }) => {
      const json = { format: 'coco' };
      const answer = await person.api('POST', `/projects/${project.id}/exports`, { json });
      assert.equal(answer.status, 202, answer.text);
      return answer.body.job_id;
    };
    const waitOf = (job) => Date.parse(job.started_at) - Date.parse(job.created_at);
    const idle = [];
    for (let i = 0; i < 6; ++i) {
      idle.push(waitOf(await server.job(v.person, await begin(v))));
      await new Promise((resolve) => setTimeout(resolve, 90 * i));
    }
    const queued = await Promise.all(Array.from({ length: 100 }, () => begin(a)));
    const mine = await server.job(v.person, await begin(v));
    assert.equal(mine.state, 'succeeded');
    for (const id of queued) assert.equal((await server.job(a.person, id)).state, 'succeeded');
    const { body } = await a.person.api('GET', '/jobs?limit=200');
    const theirs = body.items.filter((job) => queued.includes(job.id));
    assert.equal(theirs.length, 100);
    const later = theirs.filter((job) => job.started_at > mine.started_at);
    const between = theirs.filter(
      (job) => job.started_at > mine.created_at && job.started_at <= mine.started_at,
    );
    assert.ok(later.length >= 20, `only ${later.length} were still waiting: nothing was shown`);
    assert.ok(between.length <= workers, `${between.length} of theirs began before`);
    const wait = waitOf(mine);
    assert.ok(wait <= 2 * Math.max(...idle), `waited ${wait} ms, idle ${idle} ms`);
    await stopClean(server);
  },
);

onEachEngine('159 large bodies at once do not fill the memory', {}, async (engine) => {
  const server = await startOn(engine, { env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  const { person, asset } = await furnished(server);
  const head =
    `PUT /api/v1/assets/${asset.id}/content HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n` +
    `Authorization: Bearer ${person.token}\r\nContent-Type: application/octet-stream\r\n`;
  const rss = server.rssMiB();
  // Announced is not sent: whoever sends slowly holds nothing that others need.
  const slow = Array.from({ length: 8 }, () => net.connect(server.port, '127.0.0.1'));
  for (const socket of slow) socket.write(`${head}Content-Length: ${400 << 20}\r\n\r\nx`);
  const block = Buffer.alloc(1 << 20, 1);
  let refused = 0;
  let peak = 0;
  const send = () =>
    new Promise((resolve) => {
      const socket = net.connect(server.port, '127.0.0.1');
      let left = 100;
      const more = () => {
        peak = Math.max(peak, server.rssMiB());
        while (left-- > 0) if (!socket.write(block)) return;
      };
      socket.on('drain', more);
      socket.on('data', (chunk) => {
        if (chunk.toString('latin1').startsWith('HTTP/1.1 503')) ++refused;
        socket.destroy();
      });
      socket.on('error', () => {});
      socket.on('close', resolve);
      socket.write(`${head}Content-Length: ${101 << 20}\r\n\r\n`); // one MiB never comes
      more();
      setTimeout(() => socket.destroy(), 20_000).unref();
    });
  const senders = Array.from({ length: 14 }, send);
  await until('somebody is refused', () => refused > 0, 60_000);
  assert.equal((await person.api('GET', '/projects')).status, 200);
  const small = { json: { name: 'small', type: 'detection' } };
  assert.equal((await person.api('POST', '/projects', small)).status, 201, 'small bodies pass');
  await Promise.all(senders);
  for (const socket of slow) socket.destroy();
  assert.ok(peak - rss < 1800, `${peak - rss} MiB more`);
  await stopClean(server);
});
