// 158, 159: more requests than one may send, and more costly ones than the machine can carry.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';

import { haveData, photo } from '../functional/harness.mjs';
import { assertAlive, furnished, onEachEngine, startOn, stopClean, until } from './world.mjs';

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
    let slowest = 0;
    let ended = false;
    const all = Promise.all(costly).finally(() => {
      ended = true;
    });
    while (!ended) {
      const began = performance.now();
      assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
      slowest = Math.max(slowest, performance.now() - began);
    }
    for (const answer of await all) {
      assert.ok([200, 202, 429, 503].includes(answer.status), answer.text.slice(0, 200));
    }
    assert.ok(slowest < 1000, `health took ${slowest} ms`);
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

onEachEngine('159 large bodies at once do not fill the memory', {}, async (engine) => {
  const server = await startOn(engine, { env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  const { person, asset } = await furnished(server);
  const rss = server.rssMiB();
  const zeros = Buffer.alloc(80 << 20, 1);
  const peaks = [];
  const timer = setInterval(() => peaks.push(server.rssMiB()), 50);
  const answers = await Promise.all(
    Array.from({ length: 24 }, () =>
      person
        .api('PUT', `/assets/${asset.id}/content`, {
          body: zeros,
          headers: { 'content-type': 'application/octet-stream' },
        })
        .catch((error) => ({ status: error.cause?.code })),
    ),
  );
  clearInterval(timer);
  for (const { status } of answers) {
    assert.ok(
      [413, 415, 422, 503, 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(status),
      `${status}`,
    );
  }
  assert.ok(Math.max(...peaks) - rss < 1500, `${Math.max(...peaks) - rss} MiB more`);
  assert.ok(readdirSync(path.join(server.data, 'blobs/.new')).length === 0);
  await stopClean(server);
});
