// Bad input gets its 4xx with code and pointer, nothing is kept by half, and the server stays up.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';

import { TestServer, boxOperation, tinyPng, uuidv7 } from './harness.mjs';

let server;
let person;
let project;
let asset;
let pid;
before(async () => {
  server = await TestServer.start();
  person = await server.person();
  project = await server.project(person);
  asset = (await server.upload(person, project.id, [['a.png', tinyPng()]])).body.items[0];
  pid = server.process.pid;
});
after(async () => { await server.stop(); });

async function send(operations, base = 0) {
  return person.api('POST', `/assets/${asset.id}/operations`,
    { json: { base_revision: base, operations } });
}

async function raw(text) {
  return person.api('POST', `/assets/${asset.id}/operations`,
    { body: text, headers: { 'content-type': 'application/json' } });
}

test('numbers that are not finite, and text that is no JSON', async () => {
  const operation = JSON.stringify(boxOperation(project.labels[0].id));
  for (const [from, to, status] of [['"x":1', '"x":1e309', 422], ['"x":1', '"x":NaN', 400],
    ['"x":1', '"x":Infinity', 400], ['"x":1', '"x":"1"', 422], ['"x":1', '"x":1e8', 422]]) {
    const body = `{"base_revision":0,"operations":[${operation.replace(from, to)}]}`;
    const answer = await raw(body);
    assert.equal(answer.status, status, `${to}: ${answer.text}`);
    if (status === 422) assert.match(answer.body.errors[0].pointer, /^\/operations\/0\/annotation/);
  }
  for (const text of ['', '{', '[1', '\0', `${'['.repeat(100)}${']'.repeat(100)}`]) {
    assert.equal((await raw(text)).status, 400, text);
  }
});

test('a label that is not the project\'s, unknown fields, a million points', async () => {
  const foreign = await send([boxOperation(uuidv7())]);
  assert.equal(foreign.status, 422, foreign.text);
  assert.match(foreign.body.errors[0].pointer, /label_id/);
  const odd = boxOperation(project.labels[0].id);
  odd.annotation.shape.colour = 'red';
  const unknown = await send([odd]);
  assert.equal(unknown.status, 422);
  assert.match(unknown.body.errors[0].pointer, /\/shape\/colour$/);
  const many = boxOperation(project.labels[0].id);
  many.annotation.shape = { type: 'polygon',
    points: Array.from({ length: 200_000 }, (_, i) => [i % 60, i % 40]) };
  const big = await send([many]);
  assert.ok([413, 422].includes(big.status), big.text.slice(0, 200));
  const huge = { ...many, annotation: { ...many.annotation, shape: { type: 'polygon',
    points: Array.from({ length: 1_000_000 }, (_, i) => [i % 60 + 0.125, i % 40 + 0.25]) } } };
  assert.ok([413, 422].includes((await send([huge])).status));
});

test('a batch with one bad operation leaves nothing behind', async () => {
  const good = boxOperation(project.labels[0].id);
  const answer = await send([good, { id: uuidv7(), op: 'del', target: uuidv7() }]);
  assert.equal(answer.status, 409, answer.text);
  assert.equal(answer.body.rejected[0].code, 'target_gone');
  const { body } = await person.api('GET', `/assets/${asset.id}/annotations`);
  assert.deepEqual(body, { revision: 0, items: [] });
});

test('every field of every body: wrong types are 4xx, never 5xx', async () => {
  const samples = [null, '', 0, -1, 2 ** 31, 1e300, [], {}, true, 'x'.repeat(70000), '\u202E',
    '__proto__', "' OR 1=1--", '%00'];
  for (const [method, route, body] of [
    ['POST', '/projects', { name: 'n', type: 'detection', labels: [{ name: 'l' }] }],
    ['PATCH', `/projects/${project.id}`, { name: 'n' }],
    ['POST', `/projects/${project.id}/preannotations`, { min_score: 0.5, detector: 'd' }],
    ['POST', `/projects/${project.id}/exports`, { format: 'coco', images: true }],
    ['POST', '/inference/detect', { asset_id: asset.id, min_score: 0.5 }],
    ['POST', '/inference/segment', { asset_id: asset.id, points: [] }],
    ['POST', '/auth/login', { email: 'e', password: 'p' }],
    ['POST', `/assets/${asset.id}/suggestions/accept`, { min_score: 1 }],
    ['POST', `/assets/${asset.id}/suggestions/reject`, { suggestion_ids: [] }],
  ]) {
    for (const key of [...Object.keys(body), 'no_such_member']) {
      for (const sample of samples) {
        const answer = await person.api(method, route, { json: { ...body, [key]: sample } });
        assert.ok(answer.status < 500 || answer.status === 503,
          `${method} ${route} ${key}=${JSON.stringify(sample)?.slice(0, 40)}: ${answer.text}`);
        assert.ok(answer.text.length < 100_000);
      }
    }
  }
});

test('images that lie', async () => {
  const bomb = execFileSync('python3', ['-c', `
import sys, zlib, struct
def chunk(t, d):
    return struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
sys.stdout.buffer.write(b'\\x89PNG\\r\\n\\x1a\\n'
  + chunk(b'IHDR', struct.pack('>IIBBBBB', 60000, 60000, 1, 0, 0, 0, 0))
  + chunk(b'IDAT', zlib.compress(b'\\0' * 1000)) + chunk(b'IEND', b''))`]);
  const good = tinyPng(30, 20);
  const before = server.rssMiB();
  const answer = await server.upload(person, project.id, [
    ['bomb.png', bomb], ['cut.png', good.subarray(0, 40)], ['empty.png', Buffer.alloc(0)],
    ['page.png', Buffer.from('<html><script>alert(1)</script></html>')],
    ['../../etc/passwd.png', good], ['one.png', Buffer.from('x')],
    ['svg.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')]]);
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.body.items.length, 1);
  assert.equal(answer.body.rejected.length, 6, JSON.stringify(answer.body.rejected));
  const codes = Object.fromEntries(answer.body.rejected.map((r) => [r.filename, r.code]));
  assert.equal(codes['bomb.png'], 'image_too_large');
  assert.equal(codes['page.png'], 'unsupported_image');
  assert.ok(server.rssMiB() - before < 256);
});

test('136 wrong verb, wrong type, repeated query, unknown path', async () => {
  const verb = await person.api('PUT', '/projects');
  assert.equal(verb.status, 405);
  assert.match(verb.headers.get('allow'), /GET/);
  const type = await person.api('POST', '/projects',
    { body: '{}', headers: { 'content-type': 'text/plain' } });
  assert.equal(type.status, 415);
  assert.equal((await person.api('GET', '/projects?limit=1&limit=2')).status, 422);
  assert.equal((await person.api('GET', '/projects?limit=0')).status, 422);
  assert.equal((await person.api('GET', '/nothing')).status, 404);
  assert.equal((await person.api('GET', '/projects/not-a-uuid')).status, 404);
});

test('137 If-Match and Idempotency-Key', async () => {
  const stale = await person.api('PATCH', `/projects/${project.id}`,
    { json: { name: 'New' }, headers: { 'if-match': '"999"' } });
  assert.equal(stale.status, 412);
  const key = { 'idempotency-key': uuidv7() };
  const json = { name: 'Once', type: 'detection' };
  const one = await person.api('POST', '/projects', { json, headers: key });
  const two = await person.api('POST', '/projects', { json, headers: key });
  assert.equal(one.status, 201);
  assert.equal(two.text, one.text);
  const other = await person.api('POST', '/projects',
    { json: { ...json, name: 'Other' }, headers: key });
  assert.equal(other.status, 422);
});

test('138 paths that climb', async () => {
  for (const path of ['/../etc/passwd', '/%2e%2e/etc/passwd', '/assets/..%2f..%2fetc/passwd',
    '/.git/config', '/.env', '/static/../../x', '/%252e%252e/x', '/a\\..\\b']) {
    const answer = await fetch(server.url + path);
    const text = await answer.text();
    assert.ok([200, 400, 404].includes(answer.status), path);
    assert.ok(!text.includes('root:'), path);
  }
});

test('headers of every answer', async () => {
  for (const path of ['/healthz', '/login', '/api/v1/projects', '/api/docs']) {
    const answer = await fetch(server.url + path);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', path);
    assert.match(answer.headers.get('content-security-policy'), /frame-ancestors 'none'/, path);
    assert.ok(answer.headers.get('x-request-id'), path);
    assert.equal(answer.headers.get('server'), null, path);
  }
});

test('the same process is still healthy', async () => {
  assert.equal(server.process.pid, pid);
  assert.equal(server.exit, undefined);
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  const exit = await server.stop();
  assert.deepEqual(exit, { code: 0, signal: null }, server.stderr);
});
