// 140-149: HTTP as bytes. The second request on a connection must never be answered as a third.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { test } from 'node:test';

import {
  assertAlive,
  exchange,
  longForm,
  median,
  sleep,
  start,
  statusesIn,
  stopClean,
  suite,
} from './world.mjs';

suite('wire', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  const host = () => `Host: 127.0.0.1:${server().port}\r\n`;
  const smuggled = () => `GET /healthz HTTP/1.1\r\n${host()}\r\n`;
  const post = (headers, body, line = 'POST /api/v1/auth/login HTTP/1.1') =>
    `${line}\r\n${host()}Content-Type: application/json\r\n${headers}\r\n${body}`;

  async function refused(bytes, statuses, what) {
    const { text, closed } = await exchange(server().port, bytes, { quietMs: 2500 });
    const found = statusesIn(text);
    assert.equal(found.length, 1, `${what}: ${found} ${text.slice(0, 300)}`);
    assert.ok(statuses.includes(found[0]), `${what}: ${found[0]}`);
    assert.ok(closed, `${what}: stayed open`);
  }

  test('140 transfer codings that two readers may take differently', async () => {
    for (const coding of [
      'blegh',
      'chunked, gzip',
      'gzip',
      ',chunked',
      '\x0bchunked',
      'chunked,',
      'chunked, chunked',
      'identity',
      'Chunked;x=1',
      '"chunked"',
      'chunked\t ,identity',
    ]) {
      await refused(
        post(`Transfer-Encoding: ${coding}\r\n`, `0\r\n\r\n${smuggled()}`),
        [400, 501],
        coding,
      );
    }
    for (const pair of [
      'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n',
      'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n',
      'Content-Length: 4\r\n' + 'Transfer-Encoding: chunked\r\n',
      'Transfer-Encoding:\r\n chunked\r\n',
      'Transfer-Encoding : chunked\r\n',
      'Transfer_Encoding: x\r\nTransfer-Encoding: x, chunked\r\n',
    ]) {
      await refused(post(pair, `0\r\n\r\n${smuggled()}`), [400, 501], pair);
    }
    await refused(
      post(
        'Transfer-Encoding: chunked\r\n',
        `0\r\n\r\n${smuggled()}`,
        'POST /api/v1/auth/login HTTP/1.0',
      ),
      [400],
      'HTTP/1.0',
    );
  });

  test('141 lengths, 142 chunks', async () => {
    for (const length of [
      '1, 1',
      '+1',
      '-1',
      '0x10',
      '1_0',
      '',
      '18446744073709551616',
      '18446744073709551617',
      '010',
      '1 1',
      '1\r\nContent-Length: 2',
      '1\r\nContent-Length: 1',
      '1;',
    ]) {
      await refused(post(`Content-Length: ${length}\r\n`, `{}${smuggled()}`), [400], length);
    }
    for (const chunk of [
      '0_2e\r\n',
      '0x5\r\nabcde\r\n',
      'FFFFFFFFFFFFFFFFF\r\nx\r\n',
      '5;a\rb\r\nabcde\r\n',
      '-5\r\nabcde\r\n',
      ' 5\r\nabcde\r\n',
      '5\nabcde\r\n',
      '5\r\nabcdeXX0\r\n\r\n',
      `5;${'e'.repeat(1 << 20)}\r\nabcde\r\n`,
    ]) {
      await refused(
        post('Transfer-Encoding: chunked\r\n', `${chunk}0\r\n\r\n${smuggled()}`),
        [400, 413],
        JSON.stringify(chunk.slice(0, 30)),
      );
    }
    const trailer = await exchange(
      server().port,
      post(
        'Transfer-Encoding: chunked\r\n',
        `2\r\n{}\r\n0\r\nContent-Length: 50\r\nHost: evil\r\n\r\n${smuggled()}`,
      ),
    );
    const found = statusesIn(trailer.text);
    assert.ok(found[0] === 400 ? found.length === 1 : found.length === 2, found.join());
  });

  test('143 hosts, targets, versions and names', async () => {
    const get = (line, headers) => `${line}\r\n${headers}\r\n`;
    for (const [line, headers] of [
      ['GET / HTTP/1.1', ''],
      ['GET / HTTP/1.1', 'Host: a\r\nHost: b\r\n'],
      ['GET / HTTP/1.1', 'Host: a b\r\n'],
      ['GET / HTTP/1.1', 'Host: a\r\n folded\r\n'],
      ['GET ! HTTP/1.1', host()],
      ['GET http://evil.test/ HTTP/1.1', host()],
      ['GET /\xff HTTP/1.1', host()],
      ['GET /a b HTTP/1.1', host()],
      ['GET / HTTP/2.0', host()],
      ['GET / HTTP/1.2', host()],
      ['GET  / HTTP/1.1', host()],
      ['G\x00T / HTTP/1.1', host()],
      ['GET / HTTP/1.1', `${host()}X : y\r\n`],
      ['GET / HTTP/1.1', `${host()}X: a\x00b\r\n`],
      ['GET / HTTP/1.1', `${host()}X: a\rb\r\n`],
      ['GET / HTTP/1.1', `${host()}: y\r\n`],
      ['GET / HTTP/1.1', `Host: evil.test\r\nHost: 127.0.0.1\r\n`],
    ]) {
      await refused(
        Buffer.from(get(line, headers), 'latin1'),
        [400, 404, 405, 505],
        JSON.stringify(line + headers),
      );
    }
  });

  test('144 heads that are too large', async () => {
    for (const headers of [
      `X: ${'a'.repeat(20_000)}\r\n`,
      'X: y\r\n'.repeat(200),
      `${'N'.repeat(9000)}: y\r\n`.repeat(2),
    ]) {
      await refused(`GET / HTTP/1.1\r\n${host()}${headers}\r\n`, [431], headers.slice(0, 20));
    }
    await refused(
      `GET /${'u'.repeat(20_000)} HTTP/1.1\r\n${host()}\r\n`,
      [414, 431],
      'a long target',
    );
  });

  test('145 slow heads, 146 slow bodies: ended, and others do not notice', async () => {
    const port = server().port;
    const once = async () => {
      const began = performance.now();
      await fetch(`${server().url}/healthz`);
      return performance.now() - began;
    };
    const calm = [];
    for (let i = 0; i < 15; ++i) calm.push(await once());
    const closed = [];
    const slow = (first, each) =>
      new Promise((resolve) => {
        const began = Date.now();
        const socket = net.connect(port, '127.0.0.1', () => socket.write(first));
        const timer = setInterval(() => socket.write(each), 1000);
        let text = '';
        socket.on('data', (chunk) => {
          text += chunk;
        });
        socket.on('error', () => {});
        socket.on('close', () => {
          clearInterval(timer);
          closed.push(Date.now() - began);
          resolve(text);
        });
      });
    const heads = Array.from({ length: longForm ? 500 : 100 }, () =>
      slow(`GET /healthz HTTP/1.1\r\n${host()}X: `, 'a'),
    );
    const bodies = Array.from({ length: 10 }, () =>
      slow(post('Content-Length: 5000\r\n', '{'), ' '),
    );
    await sleep(1500);
    const busy = [];
    for (let i = 0; i < 15; ++i) busy.push(await once());
    assert.ok(median(busy) < median(calm) + 200, `${median(calm)} ms, then ${median(busy)} ms`);
    const answers = await Promise.all([...heads, ...bodies]);
    assert.ok(Math.max(...closed) < 22_000, `closed after ${Math.max(...closed)} ms`);
    for (const text of answers.slice(heads.length)) assert.match(text, /^HTTP\/1\.1 408/);
    await assertAlive(server());
  });

  test('bytes that are no text, in headers that are kept', async () => {
    const person = await server().person();
    const body = JSON.stringify({ email: person.email, password: 'a good long password' });
    for (const agent of ['\xff\xfe', 'é'.repeat(400), '\x1b[31m', '\x7f', '\t']) {
      const bytes = Buffer.from(
        post(`User-Agent: ${agent}\r\nContent-Length: ${body.length}\r\n`, body),
        'latin1',
      );
      const { text } = await exchange(server().port, bytes, { quietMs: 2500 });
      assert.ok([200, 400].includes(statusesIn(text)[0]), `${JSON.stringify(agent)}: ${text}`);
    }
  });

  test('pipelined requests are answered in order, garbage ends the connection', async () => {
    const { text, closed } = await exchange(
      server().port,
      `${smuggled()}${smuggled()}\x16\x03\x01 what is this\r\n\r\n`,
    );
    assert.deepEqual(statusesIn(text), [200, 200, 400]);
    assert.ok(closed);
  });
});

test('149 TLS: 1.3 alone, no plain HTTP, no renegotiation', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'aa-tls-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
    ],
    { stdio: 'ignore' },
  );
  const port = await new Promise((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const chosen = probe.address().port;
      probe.close(() => resolve(chosen));
    });
  });
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  const server = await start({ port, env: { ANNOTATEAI_TLS_CERT: cert, ANNOTATEAI_TLS_KEY: key } });
  const shake = (options) =>
    new Promise((resolve) => {
      const socket = tls.connect(
        { port, host: '127.0.0.1', rejectUnauthorized: false, ...options },
        () => {
          resolve(socket.getProtocol());
          socket.destroy();
        },
      );
      socket.on('error', (error) => resolve(error.code));
    });
  assert.equal(await shake({}), 'TLSv1.3');
  for (const version of ['TLSv1', 'TLSv1.1', 'TLSv1.2']) {
    assert.doesNotMatch(String(await shake({ minVersion: version, maxVersion: version })), /^TLSv/);
  }
  const plain = await exchange(port, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  assert.doesNotMatch(plain.text, /200 OK/);
  const page = await fetch(`${server.url}/healthz`);
  assert.match(page.headers.get('strict-transport-security'), /max-age=(3153600\d|[4-9]\d{7})/);
  await stopClean(server);
  if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  rmSync(folder, { recursive: true });
});
