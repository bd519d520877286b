// The demo project by API and by command line, the latter beside a running server.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { TestServer, binary } from './harness.mjs';

let server;
before(async () => { server = await TestServer.start(); });
after(() => server?.stop());

const admin = (...args) => execFileSync(binary, ['admin', ...args, '--data', server.data],
  { encoding: 'utf8', stdio: 'pipe' }).trim();

test('an organization has one demo, with photos that can be fetched', async () => {
  const person = await server.person('ada');
  const opened = await person.api('POST', '/projects/demo');
  assert.equal(opened.status, 200, opened.text);
  assert.equal(opened.body.counts.assets, 3);
  assert.equal((await person.api('POST', '/projects/demo')).body.id, opened.body.id);
  const { body } = await person.api('GET', `/projects/${opened.body.id}/assets`);
  for (const asset of body.items) {
    const thumbnail = await person.api('GET', `/assets/${asset.id}/thumbnail`);
    assert.equal(thumbnail.status, 200, asset.filename);
    assert.ok(asset.annotation_count >= 3, asset.filename);
  }
  const stranger = await server.person('eve');
  assert.equal((await stranger.api('GET', `/projects/${opened.body.id}`)).status, 404);
  assert.notEqual((await stranger.api('POST', '/projects/demo')).body.id, opened.body.id);
  assert.equal((await server.call('POST', '/projects/demo')).status, 401);
});

test('the command line makes the same project', async () => {
  const person = await server.person('bea');
  const id = admin('seed-demo', '--email', person.email.toUpperCase());
  const opened = await person.api('POST', '/projects/demo');
  assert.equal(opened.body.id, id, opened.text);
  assert.equal(admin('seed-demo', '--email', person.email), id);
  assert.throws(() => admin('seed-demo', '--email', 'nobody@example.test'), /No such user/);
});

test('a command beside a running server disturbs no write of it', async () => {
  const person = await server.person('cem');
  for (let round = 0; round < 5; ++round) {
    const made = await server.project(person, { name: `Round ${round}` });
    admin('seed-demo', '--email', person.email);
    const got = await person.api('GET', `/projects/${made.id}`);
    assert.equal(got.status, 200, got.text);
  }
  const { data } = server;
  await server.stop('SIGKILL');
  server = await TestServer.start({ data });
  server.ownsData = true;
  const token = (await server.call('POST', '/auth/login', { json: { email: person.email,
    password: 'a good long password' } })).body.access_token;
  const { body } = await server.call('GET', '/projects', { token });
  assert.equal(body.items.length, 6, 'five and the demo');
});

// A process that lost its locks is taken for gone by the next one that opens the database.
test('the server holds its lock on the database file', () => {
  const { ino } = statSync(`${server.data}/annotateai.db`);
  const locks = readFileSync('/proc/locks', 'utf8').split('\n')
    .filter((line) => line.includes(` ${server.process.pid} `) && line.includes(`:${ino} `));
  assert.ok(locks.some((line) => line.includes('READ')), `${locks}`);
});
