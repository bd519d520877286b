// Resumable uploads by tus 1.0, spoken by hand and by the protocol's own client, with cuts, kills
// and strangers; and what the gallery asks the server for.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { TestServer, root, tinyPng } from './harness.mjs';

const require = createRequire(path.join(root, 'web/package.json'));
const tus = require('tus-js-client');

let server;
let person;
let project;
before(async () => {
  server = await TestServer.start();
  person = await server.person('tus');
  project = await server.project(person);
});
after(() => server.stop());

const base64 = (text) => Buffer.from(text).toString('base64');
const named = (filename, into = project.id) =>
  `filename ${base64(filename)},project_id ${base64(into)}`;
const version = { 'tus-resumable': '1.0.0' };
const piece = { ...version, 'content-type': 'application/offset+octet-stream' };

async function begin(size, filename = 'a.png', who = person, into = project.id) {
  return who.api('POST', '/uploads', {
    headers: { ...version, 'upload-length': String(size),
      'upload-metadata': named(filename, into) },
  });
}
async function begun(...words) {
  const answer = await begin(...words);
  assert.equal(answer.status, 201, answer.text);
  return answer.headers.get('location');
}
const append = (location, offset, body, who = person, headers = {}) =>
  who.api('PATCH', location, {
    headers: { ...piece, 'upload-offset': String(offset), ...headers }, body });
const offsetOf = async (location) =>
  Number((await person.api('HEAD', location, { headers: version })).headers.get('upload-offset'));
const assetsOf = async (into = project) =>
  (await person.api('GET', `/projects/${into.id}/assets?limit=200`)).body.items;

// A PNG that does not compress: its size can be chosen.
function noisyPng(megabytes) {
  const side = Math.round(Math.sqrt((megabytes * 1e6) / 3));
  const folder = mkdtempSync(path.join(tmpdir(), 'aa-noise-'));
  const file = path.join(folder, 'noise.png');
  execFileSync('python3', ['-c', `
import os, sys, zlib, struct
n = ${side}
def chunk(t, d):
    c = t + d
    return struct.pack('>I', len(d)) + c + struct.pack('>I', zlib.crc32(c))
raw = b''.join(b'\\0' + os.urandom(n * 3) for _ in range(n))
open(sys.argv[1], 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n'
    + chunk(b'IHDR', struct.pack('>IIBBBBB', n, n, 8, 2, 0, 0, 0))
    + chunk(b'IDAT', zlib.compress(raw, 0)) + chunk(b'IEND', b''))`, file]);
  const bytes = readFileSync(file);
  rmSync(folder, { recursive: true });
  return bytes;
}

test('the server says what it speaks, and refuses another version', async () => {
  const { status, headers } = await person.api('OPTIONS', '/uploads');
  assert.equal(status, 204);
  assert.equal(headers.get('tus-version'), '1.0.0');
  assert.match(headers.get('tus-extension'), /creation.*expiration.*termination/);
  assert.ok(Number(headers.get('tus-max-size')) >= 100 << 20);
  for (const wrong of [{}, { 'tus-resumable': '0.2.2' }]) {
    const answer = await person.api('POST', '/uploads', {
      headers: { ...wrong, 'upload-length': '5', 'upload-metadata': named('a.png') } });
    assert.equal(answer.status, 412);
  }
});

test('pieces become an image; a wrong offset changes nothing', async () => {
  const bytes = tinyPng(300, 200);
  const location = await begun(bytes.length, 'in pieces.png');
  const first = await append(location, 0, bytes.subarray(0, 100));
  assert.equal(first.status, 204);
  assert.equal(first.headers.get('upload-offset'), '100');
  assert.ok(Date.parse(first.headers.get('upload-expires')) > Date.now());
  assert.equal((await append(location, 50, bytes.subarray(50))).status, 409);
  assert.equal((await append(location, 100, Buffer.alloc(bytes.length))).status, 413);
  assert.equal(await offsetOf(location), 100);
  assert.equal((await append(location, 100, bytes.subarray(100), person,
    { 'content-type': 'image/png' })).status, 415);
  const last = await append(location, 100, bytes.subarray(100));
  assert.equal(last.headers.get('upload-offset'), String(bytes.length));
  const { body } = await person.api('GET', location);
  assert.equal(body.state, 'done');
  assert.deepEqual([body.result.stored, body.result.rejected], [1, []]);
  const asset = (await person.api('GET', `/assets/${body.result.asset_ids[0]}`)).body;
  assert.equal(asset.filename, 'in pieces.png');
  assert.equal(asset.sha256, createHash('sha256').update(bytes).digest('hex'));
});

const checksum = (algorithm, bytes) => ({ 'upload-checksum':
  `${algorithm} ${createHash(algorithm).update(bytes).digest('base64')}` });

test('a piece that is not what its checksum says is thrown away', async () => {
  const { headers } = await person.api('OPTIONS', '/uploads');
  assert.match(headers.get('tus-extension'), /checksum/);
  assert.equal(headers.get('tus-checksum-algorithm'), 'sha1,sha256');
  const bytes = tinyPng(120, 90);
  const location = await begun(bytes.length, 'checked.png');
  const half = bytes.subarray(0, 60);
  const send = (at, body, header) => append(location, at, body, person, header);
  const damaged = await send(0, half, checksum('sha1', bytes));
  assert.deepEqual([damaged.status, damaged.body.code], [460, 'checksum_mismatch']);
  for (const wrong of ['md5 AAAA', 'sha1', 'sha1 AAAA', 'sha256 ###', '']) {
    assert.equal((await send(0, half, { 'upload-checksum': wrong })).status, 400, wrong);
  }
  assert.equal(await offsetOf(location), 0);
  assert.equal((await send(0, half, checksum('sha1', half))).status, 204);
  assert.equal(await offsetOf(location), 60);
  const rest = bytes.subarray(60);
  assert.equal((await send(60, rest, checksum('sha256', bytes))).status, 460);
  assert.equal((await send(60, rest, checksum('sha256', rest))).status, 204);
  assert.equal((await person.api('GET', location)).body.result.stored, 1);
});

test("tus's own client with checksums, one of them damaged on its way", async () => {
  const into = await server.project(person);
  const bytes = noisyPng(2);
  const chunkSize = 512 * 1024;
  let damages = 0;
  await new Promise((resolve, reject) => {
    new tus.Upload(bytes, {
      endpoint: `${server.url}/api/v1/uploads`,
      headers: { Authorization: `Bearer ${person.token}` },
      metadata: { filename: 'noise.png', project_id: into.id },
      chunkSize,
      retryDelays: [10, 10, 10],
      onShouldRetry: () => true,
      onBeforeRequest: (request) => {
        if (request.getMethod() !== 'PATCH') return;
        const at = Number(request.getHeader('Upload-Offset'));
        const damaged = at === chunkSize && damages === 0;
        if (damaged) damages += 1;
        const sent = damaged ? bytes : bytes.subarray(at, at + chunkSize);
        request.setHeader('Upload-Checksum', checksum('sha1', sent)['upload-checksum']);
      },
      onError: reject,
      onSuccess: resolve,
    }).start();
  });
  assert.equal(damages, 1);
  const [asset] = await assetsOf(into);
  assert.equal(asset.sha256, createHash('sha256').update(bytes).digest('hex'));
});

test('headers and names that lie are refused or are text', async () => {
  const post = (headers) => person.api('POST', '/uploads', { headers: { ...version, ...headers } });
  const metadata = named('a.png');
  for (const headers of [
    { 'upload-metadata': metadata },
    { 'upload-length': '-1', 'upload-metadata': metadata },
    { 'upload-length': '1e3', 'upload-metadata': metadata },
    { 'upload-length': '99999999999999999999', 'upload-metadata': metadata },
    { 'upload-length': '5' },
    { 'upload-length': '5', 'upload-metadata': `filename ${base64('a.png')}` },
    { 'upload-length': '5', 'upload-metadata': `project_id !!!,filename ${base64('a')}` },
    { 'upload-length': '5', 'upload-metadata': `${metadata},filename ${base64('b')}` },
  ]) {
    const answer = await post(headers);
    assert.equal(answer.status, 422, JSON.stringify(headers));
  }
  assert.equal((await begin(3 * 2 ** 30)).status, 413);
  const bytes = tinyPng(20, 20);
  const location = await begun(bytes.length, '../../etc/passwd\u0000.png');
  await append(location, 0, bytes);
  const [id] = (await person.api('GET', location)).body.result.asset_ids;
  const { filename } = (await person.api('GET', `/assets/${id}`)).body;
  assert.doesNotMatch(filename, /\u0000/);
});

test('what is no image is told with its reason; a zip becomes its images', async () => {
  const refused = await begun(5, 'notes.txt');
  await append(refused, 0, 'hello');
  const { result } = (await person.api('GET', refused)).body;
  assert.deepEqual([result.stored, result.rejected[0].filename], [0, 'notes.txt']);
  assert.ok(result.rejected[0].detail.length > 10);

  const folder = mkdtempSync(path.join(tmpdir(), 'aa-tus-zip-'));
  execFileSync('python3', ['-c', `
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1], 'w')
z.writestr('deep/0.png', sys.stdin.buffer.read())
for i in (1, 2): z.writestr('deep/%d.png' % i, b'no image')
z.close()`, path.join(folder, 'x.zip')], { input: tinyPng(64, 48) });
  const zip = readFileSync(path.join(folder, 'x.zip'));
  rmSync(folder, { recursive: true });
  const into = await server.project(person);
  const location = await begun(zip.length, 'photos.zip', person, into.id);
  await append(location, 0, zip.subarray(0, 20));
  await append(location, 20, zip.subarray(20));
  const zipped = (await person.api('GET', location)).body.result;
  assert.equal(zipped.stored, 1);
  assert.deepEqual(zipped.rejected.map((one) => one.filename),
    ['photos.zip/deep/1.png', 'photos.zip/deep/2.png']);
  assert.deepEqual((await assetsOf(into)).map((one) => one.filename), ['deep/0.png']);
});

test('strangers and those who may only look see nothing of it', async () => {
  const location = await begun(1000);
  await append(location, 0, Buffer.alloc(100));
  const eve = await server.person('eve');
  for (const [method, headers] of [['HEAD', version], ['GET', version], ['DELETE', version],
    ['PATCH', { ...piece, 'upload-offset': '100' }]]) {
    const body = method === 'PATCH' ? 'x' : undefined;
    const answer = await eve.api(method, location, { headers, body });
    assert.equal(answer.status, 404, method);
  }
  assert.equal((await begin(5, 'a.png', eve, project.id)).status, 404);
  assert.equal(await offsetOf(location), 100);
  assert.equal((await person.api('DELETE', location, { headers: version })).status, 204);
  assert.equal((await person.api('HEAD', location, { headers: version })).status, 404);
});

// Sends the head and some of a body, then cuts the connection.
function cut(location, offset, announced, bytes) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, '127.0.0.1', () => {
      socket.write(`PATCH ${location} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`
        + `Authorization: Bearer ${person.token}\r\nTus-Resumable: 1.0.0\r\n`
        + `Content-Type: application/offset+octet-stream\r\nUpload-Offset: ${offset}\r\n`
        + `Content-Length: ${announced}\r\n\r\n`);
      socket.write(bytes, () => setTimeout(() => { socket.destroy(); resolve(); }, 300));
    });
    socket.on('error', reject);
  });
}

async function until(what, ms = 10_000) {
  const end = Date.now() + ms;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('it did not come true');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a cut connection leaves what it brought', async () => {
  const bytes = noisyPng(2);
  const location = await begun(bytes.length, 'cut.png');
  await cut(location, 0, bytes.length, bytes.subarray(0, 900_000));
  await until(async () => (await offsetOf(location)) > 0);
  const offset = await offsetOf(location);
  assert.ok(offset <= 900_000);
  await append(location, offset, bytes.subarray(offset));
  const { result } = (await person.api('GET', location)).body;
  const asset = (await person.api('GET', `/assets/${result.asset_ids[0]}`)).body;
  assert.equal(asset.sha256, createHash('sha256').update(bytes).digest('hex'));
});

test("the protocol's own client goes on over a server that is killed, and loses no byte",
  { timeout: 120_000 }, async () => {
    const own = await TestServer.start();
    const data = own.data;
    const ada = await own.person('ada');
    const into = await own.project(ada);
    const bytes = noisyPng(30);
    let running = own;
    const acknowledged = [];
    let kills = 0;
    const kill = async () => {
      kills += 1;
      const { port } = running;
      await running.stop('SIGKILL');
      running = await TestServer.start({ data, port });
    };
    await new Promise((resolve, reject) => {
      const upload = new tus.Upload(bytes, {
        endpoint: `${own.url}/api/v1/uploads`,
        headers: { Authorization: `Bearer ${ada.token}` },
        metadata: { filename: 'noise.png', project_id: into.id },
        chunkSize: 3 << 20,
        retryDelays: [200, 500, 1000, 1000, 2000, 2000, 4000],
        onChunkComplete: (_size, accepted) => {
          acknowledged.push(accepted);
          if (acknowledged.length === 2 || acknowledged.length === 5) void kill().catch(reject);
        },
        onAfterResponse: (request, response) => {
          if (request.getMethod() !== 'HEAD' || acknowledged.length === 0) return;
          const at = Number(response.getHeader('Upload-Offset'));
          if (response.getStatus() < 300 && at < Math.max(...acknowledged)) {
            reject(new Error(`acknowledged ${Math.max(...acknowledged)}, there are ${at}`));
          }
        },
        onError: reject,
        onSuccess: resolve,
      });
      upload.start();
    });
    assert.ok(kills >= 2);
    const { items } = (await ada.api('GET', `/projects/${into.id}/assets`)).body;
    assert.deepEqual(items.map((one) => one.filename), ['noise.png']);
    assert.equal(items[0].sha256, createHash('sha256').update(bytes).digest('hex'));
    await running.stop();
    rmSync(data, { recursive: true, force: true });
  });

test('a file of 120 MB costs little memory', { timeout: 180_000 }, async () => {
  // A zip of things that are no images: only receiving and unpacking are measured.
  const folder = mkdtempSync(path.join(tmpdir(), 'aa-tus-big-'));
  const file = path.join(folder, 'big.zip');
  execFileSync('python3', ['-c', `
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as z:
    for i in range(12): z.writestr('%d.bin' % i, os.urandom(10_000_000))`, file]);
  const bytes = readFileSync(file);
  rmSync(folder, { recursive: true });
  const before = server.rssMiB();
  let most = before;
  const watch = setInterval(() => { most = Math.max(most, server.rssMiB()); }, 50);
  const location = await begun(bytes.length, 'big.zip');
  for (let at = 0; at < bytes.length; at += 32 << 20) {
    const answer = await append(location, at, bytes.subarray(at, at + (32 << 20)));
    assert.equal(answer.status, 204, answer.text);
  }
  clearInterval(watch);
  const { result } = (await person.api('GET', location)).body;
  assert.deepEqual([result.stored, result.rejected.length], [0, 12]);
  assert.ok(most - before < 90, `${(most - before).toFixed(0)} MiB more`);
});

test('positions, filters, notes, counts and deletions over HTTP', async () => {
  const into = await server.project(person);
  const files = ['d.png', 'b.png', 'a.png', 'c.png', 'e.png'];
  await server.upload(person, into.id, files.map((name, index) => [name, tinyPng(10 + index, 10)]));
  const list = async (query) =>
    (await person.api('GET', `/projects/${into.id}/assets?${query}`)).body;
  const names = async (query) => (await list(query)).items.map((one) => one.filename);
  const page = await list('around_rank=2&limit=2&count=true');
  assert.deepEqual([page.position, page.total], [1, 5]);
  assert.deepEqual(page.items.map((one) => one.filename), ['b.png', 'a.png']);
  assert.deepEqual(await names('sort=name&limit=3'), ['a.png', 'b.png', 'c.png']);
  for (const [sort, all] of [['name', 'abcde'], ['oldest', 'dbace'], ['newest', 'ecabd']]) {
    for (const filter of ['', '&name=png']) {
      const walked = [];
      for (let cursor = ''; cursor !== null;) {
        const next = await list(
          `sort=${sort}&limit=2&cursor=${encodeURIComponent(cursor)}${filter}`);
        walked.push(...next.items.map((one) => one.filename[0]));
        cursor = next.next_cursor;
      }
      assert.equal(walked.join(''), all, sort + filter);
    }
  }
  const middle = (await list('sort=name&limit=2')).next_cursor;
  assert.deepEqual(await names(`sort=name&skip=1&cursor=${middle}`), ['d.png', 'e.png']);
  for (const query of ['cursor=x', `cursor=${middle}`, 'sort=name&cursor=1', 'cursor=1x',
    'skip=-1']) {
    assert.equal((await person.api('GET', `/projects/${into.id}/assets?${query}`)).status, 422);
  }
  assert.deepEqual(
    (await person.api('GET', `/projects/${into.id}/assets/marks?sort=name&name=png`)).body,
    { every: 1000, cursors: [] });
  const [, second] = page.items;
  const wrote = await person.api('PATCH', `/assets/${second.id}`, {
    json: { note: 'Too dark' }, headers: { 'if-match': '"0"' } });
  assert.deepEqual([wrote.status, wrote.body.note, wrote.headers.get('etag')],
    [200, 'Too dark', '"1"']);
  const late = await person.api('PATCH', `/assets/${second.id}`, {
    json: { note: 'Late' }, headers: { 'if-match': '"0"' } });
  assert.equal(late.status, 412);
  assert.equal((await person.api('PATCH', `/assets/${second.id}`, {
    json: { note: 'x'.repeat(50_000) } })).status, 422);
  assert.deepEqual(await names('with_note=true'), ['a.png']);
  assert.deepEqual(await names('name=B'), ['b.png']);
  assert.equal((await person.api('GET', `/projects/${into.id}/assets?sort=size`)).status, 422);
  const gone = await person.api('POST', `/projects/${into.id}/assets/delete`, {
    json: { asset_ids: page.items.map((one) => one.id) } });
  assert.deepEqual(gone.body, { deleted: 2 });
  assert.deepEqual(await names('around_rank=1&limit=2&sort=newest'), ['e.png', 'c.png']);
  assert.equal((await list('count=true&limit=1')).total, 3);
  assert.deepEqual((await person.api('GET', `/projects/${into.id}/histogram`)).body, { items: [] });
});
