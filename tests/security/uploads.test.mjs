// 104-113: files that lie about what they are, how large they are and what they are called.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';

import { haveData, photo, uuidv7 } from '../functional/harness.mjs';
import {
  bmp,
  gifSaying,
  jpegSaying,
  png,
  pngSaying,
  tiff,
  webpLosslessSaying,
  webpSaying,
} from './images.mjs';
import {
  assertAlive,
  assertProblem,
  blobFiles,
  exchange,
  longForm,
  seeded,
  sleep,
  statusesIn,
  suite,
} from './world.mjs';

suite('uploads', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  let person;
  let project;
  before(async () => {
    person = await server().person();
    project = await server().project(person);
  });
  const upload = (files) => server().upload(person, project.id, files);
  const count = async () => {
    const { body } = await person.api('GET', `/projects/${project.id}/assets?limit=200`);
    return body.items.length;
  };
  const fresh = () => readdirSync(path.join(server().data, 'blobs/.new')).length;

  // One file that must be refused: nothing of it stays.
  async function refused(name, bytes, codes) {
    const blobs = blobFiles(server()).length;
    const answer = await upload([[name, bytes]]);
    assert.ok([413, 415, 422].includes(answer.status), `${name}: ${answer.status} ${answer.text}`);
    const [rejection] = answer.body.rejected;
    assert.match(rejection.code, codes ?? /^[a-z_]+$/, `${name}: ${answer.text}`);
    assert.ok(rejection.detail.length > 10);
    assert.equal(blobFiles(server()).length, blobs, `${name}: a blob stayed`);
    return rejection;
  }

  function head(method, route, fields, body = '') {
    const lines = Object.entries({
      Host: `127.0.0.1:${server().port}`,
      Authorization: `Bearer ${person.token}`,
      ...fields,
    }).map(([n, v]) => `${n}: ${v}\r\n`);
    return `${method} /api/v1${route} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
  }

  test('104 lengths over the limit, at the limit and longer than what comes', async () => {
    const multipart = { 'Content-Type': 'multipart/form-data; boundary=b' };
    const json = { 'Content-Type': 'application/json' };
    for (const [route, fields, limit] of [
      ['/projects', json, 8 << 20],
      ['/auth/login', json, 16 << 10],
      [`/projects/${project.id}/assets`, multipart, 16 * 2 ** 30],
    ]) {
      const { text, closed } = await exchange(
        server().port,
        head('POST', route, { ...fields, 'Content-Length': limit + 1 }),
        { quietMs: 3000 },
      );
      assert.deepEqual(statusesIn(text), [413], `${route}: ${text}`);
      assert.ok(closed, `${route}: stayed open`);
    }
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const long = await exchange(
      server().port,
      head('POST', '/auth/login', { ...json, 'Transfer-Encoding': 'chunked' }, chunk),
      { quietMs: 3000 },
    );
    assert.deepEqual(statusesIn(long.text), [413], long.text);
    assert.ok(long.closed);
    const part = '--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\nxx';
    const short = await exchange(
      server().port,
      head(
        'POST',
        `/projects/${project.id}/assets`,
        { ...multipart, 'Content-Length': 5000 },
        part,
      ),
      { quietMs: 3000, keepOpen: false },
    );
    assert.ok(
      statusesIn(short.text).every((status) => [400, 408].includes(status)),
      short.text,
    );
    assert.equal(await count(), 0);
    await sleep(100);
    assert.equal(fresh(), 0, 'a temporary file stayed');
  });

  test('105 content that is not what its name says', async () => {
    for (const [name, bytes] of [
      ['a.jpg', Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1')],
      ['b.png', Buffer.from('<!doctype html><script>alert(1)</script>')],
      ['c.png', Buffer.alloc(0)],
      ['d.png', Buffer.from([0x89])],
      ['e.jpg', Buffer.from('#!/bin/sh')],
      ['f.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
      ['g.png', Buffer.from('%PDF-1.7\n')],
      ['h.gif', gifSaying(4, 4)],
      ['i.jpg', Buffer.from('\x7fELF\x02\x01\x01', 'latin1')],
    ]) {
      await refused(name, bytes, /^(unsupported_image|image_empty|image_truncated|image_damaged)$/);
    }
    const misnamed = await upload([['movie.mp4', png()]]);
    assert.equal(misnamed.status, 201);
    const { headers } = await person.api('GET', `/assets/${misnamed.body.items[0].id}/content`);
    assert.equal(headers.get('content-type'), 'image/png', 'the content decides');
  });

  test('106 polyglots are served as what they are, as a download, in a sandbox', async () => {
    const script = Buffer.from('<html><script>alert(document.domain)</script></html>');
    const zip = Buffer.concat([Buffer.from('504b0506', 'hex'), Buffer.alloc(18)]);
    const files = [
      ['page.html', Buffer.concat([png(), script])],
      ['archive.zip', Buffer.concat([png(), zip])],
      ['script.js', Buffer.concat([bmp(8, 8), Buffer.from('*/alert(1)//')])],
    ];
    if (haveData) files.push(['x.html', Buffer.concat([photo('dog.jpg'), script])]);
    for (const file of files) {
      const answer = await upload([file]);
      if (answer.status !== 201) continue;
      const { id } = answer.body.items[0];
      const sizes = [`/assets/${id}/thumbnail`, `/assets/${id}/thumbnail?size=large`];
      for (const route of [`/assets/${id}/content`, ...sizes]) {
        const got = await person.api('GET', route);
        assert.match(got.headers.get('content-type'), /^image\/(png|jpeg|bmp)$/);
        assert.equal(got.headers.get('x-content-type-options'), 'nosniff');
        if (!route.endsWith('/content')) continue;
        assert.match(got.headers.get('content-disposition'), /^attachment/);
        assert.match(got.headers.get('content-security-policy'), /sandbox/);
      }
    }
  });

  test('107 files cut at every twentieth, 108 and with bytes turned over', async () => {
    const whole = { png: png(120, 90), bmp: bmp(60, 40), tiff: tiff(60, 40) };
    if (haveData) whole.jpg = photo('dog.jpg');
    for (const [kind, bytes] of Object.entries(whole)) {
      const good = await upload([[`whole.${kind}`, bytes]]);
      assert.equal(good.status, 201, `${kind}: ${good.text}`);
      for (let part = 5; part < 100; part += 5) {
        const cut = bytes.subarray(0, Math.floor((bytes.length * part) / 100));
        await refused(
          `${part}.${kind}`,
          cut,
          /^(image_truncated|image_damaged|unsupported_image)$/,
        );
      }
    }
    const random = seeded(20);
    const rounds = longForm ? 2500 : 60;
    for (const [kind, bytes] of Object.entries(whole)) {
      for (let round = 0; round < rounds; round += 20) {
        const files = Array.from({ length: 20 }, (_, i) => {
          const bent = Buffer.from(bytes);
          for (let k = 0; k < 1 + random() * 8; ++k) {
            // Headers more often than pixels.
            const span = random() < 0.7 ? Math.min(200, bent.length) : bent.length;
            bent[Math.floor(random() * span)] = Math.floor(random() * 256);
          }
          return [`${i}.${kind}`, bent];
        });
        const answer = await upload(files);
        assert.ok([201, 422].includes(answer.status), answer.text);
        assert.equal(answer.body.items.length + answer.body.rejected.length, 20);
        for (const rejection of answer.body.rejected) assert.notEqual(rejection.code, 'internal');
      }
    }
    await assertAlive(server());
  });

  test('109 bombs are refused by their header alone', async () => {
    const rss = server().rssMiB();
    const bombs = [
      ['png.png', pngSaying(60000, 60000, 1)],
      ['grey.png', pngSaying(30000, 30000)],
      ['over.png', pngSaying(16384, 16385)],
      ['rgba16.png', pngSaying(16000, 16000, 16, 6)],
      ['side.png', pngSaying(2 ** 31 - 1, 1)],
      ['jpeg.jpg', jpegSaying(65500, 65500)],
      ['webp.webp', webpSaying(16383, 16383)],
      ['lossless.webp', webpLosslessSaying(16384, 16384)],
      ['bmp.bmp', bmp(60000, 60000, { pixels: false })],
      ['tiff.tiff', tiff(60000, 60000, { pixels: false })],
      ['scans.jpg', jpegSaying(4000, 4000, { progressive: true, scans: 10_000 })],
      ['few.jpg', jpegSaying(16000, 15000, { progressive: true, scans: 400 })],
    ];
    for (const [name, bytes] of bombs) {
      const began = Date.now();
      await refused(name, bytes, /^(image_too_large|image_truncated|image_damaged)$/);
      assert.ok(Date.now() - began < 2000, `${name} took ${Date.now() - began} ms`);
    }
    for (const [name, bytes] of bombs.filter(([n]) => !/tiff|bmp|rgba16/.test(n))) {
      const { code } = await refused(name, bytes);
      assert.equal(code, 'image_too_large', name);
    }
    await refused('frames.gif', gifSaying(10, 10, 100_000), /^unsupported_image$/);
    assert.ok(server().rssMiB() - rss < 256, `grew by ${server().rssMiB() - rss} MiB`);
  });

  test('112 file names are labels, never paths', async () => {
    const names = [
      '../../x.png',
      '..\\..\\x.png',
      '/etc/x.png',
      'C:\\x.png',
      'a\0b.png',
      'a\r\nSet-Cookie: x=y.png',
      'gnp.\u202Etxt.exe',
      `${'n'.repeat(300)}.png`,
      `${'é'.repeat(2500)}.png`,
      '.',
      '..',
      '-rf',
      'CON',
      'A.png',
      'a.png',
      'e\u0301.png',
      '\u00e9.png',
      '<img src=x onerror=alert(1)>.png',
      '"; filename="evil.html',
      '%2e%2e%2fx.png',
      '🐎.png',
      '',
    ];
    for (const name of names) {
      const boundary = 'xxBxx';
      const quoted = name.replaceAll('"', '%22');
      const body = Buffer.concat([
        Buffer.from(
          `--${boundary}\r\nContent-Disposition: form-data; ` +
            `name="files"; filename="${quoted}"\r\n\r\n`,
        ),
        png(),
        Buffer.from(`\r\n--${boundary}--\r\n`),
      ]);
      await stored(name, body, boundary);
    }
    // Bytes that are no UTF-8 at all.
    const raw = Buffer.concat([
      Buffer.from(
        '--b\r\nContent-Disposition: form-data; name="files"; ' +
          'filename="\xff\xfe\xc3.png"\r\n\r\n',
        'latin1',
      ),
      png(),
      Buffer.from('\r\n--b--\r\n'),
    ]);
    await stored('invalid UTF-8', raw, 'b');
    for (const up of ['..', '../..']) {
      const near = readdirSync(path.join(server().data, up));
      assert.ok(!near.includes('x.png') && !near.includes('x'), near.join());
    }
  });

  async function stored(name, body, boundary) {
    const answer = await person.api('POST', `/projects/${project.id}/assets`, {
      body,
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    });
    const what = JSON.stringify(name.slice(0, 60));
    assert.ok([201, 400, 422].includes(answer.status), `${what}: ${answer.status} ${answer.text}`);
    if (answer.status !== 201) return;
    const [asset] = answer.body.items;
    assert.ok(asset, `${what}: ${answer.text}`);
    assert.ok(asset.filename.length > 0 && Buffer.byteLength(asset.filename) <= 255, what);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(asset.filename, /[\0-\x1f\x7f\ufffe\u202E]/, what);
    const { headers } = await person.api('GET', `/assets/${asset.id}/content`);
    const disposition = headers.get('content-disposition');
    assert.match(
      disposition,
      /^attachment; filename="[^"\\\r\n/]*"(; filename\*=UTF-8''[\w.%~-]+)?$/,
      `${what}: ${disposition}`,
    );
    assert.equal(headers.get('set-cookie'), null);
    for (const file of blobFiles(server()))
      assert.match(file, /^[0-9a-f-]{36}\/[a-z]+\/[\w./@-]+$/);
  }

  test('113 multipart in every wrong shape', async () => {
    const part = (name, file, data = 'x') =>
      `--b\r\nContent-Disposition: form-data; name="${name}"` +
      `${file ? `; filename="${file}"` : ''}\r\n\r\n${data}\r\n`;
    const cases = [
      ['multipart/form-data', part('files', 'a.png')],
      [`multipart/form-data; boundary=${'q'.repeat(1000)}`, part('files', 'a.png')],
      ['multipart/form-data; boundary=""', part('files', 'a.png')],
      ['multipart/mixed; boundary=b', `${part('files', 'a.png')}--b--`],
      ['application/json', '{}'],
      ['text/plain', part('files', 'a.png')],
      ['multipart/form-data; boundary=b', part('files', 'a.png')],
      ['multipart/form-data; boundary=b', ''],
      ['multipart/form-data; boundary=b', '--b--\r\n'],
      [
        'multipart/form-data; boundary=b',
        `--b\r\nX-Long: ${'h'.repeat(1 << 20)}\r\n\r\nx\r\n--b--`,
      ],
      ['multipart/form-data; boundary=b', `${part('other').repeat(10_000)}--b--`],
      ['multipart/form-data; boundary=b', `--b\r\n\r\nx\r\n--b--`],
      [
        'multipart/form-data; boundary=b',
        `--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--`,
      ],
      [
        'multipart/form-data; boundary=b',
        `--b\r\nContent-Disposition: form-data; name="files"; ` +
          'filename="a.png"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n' +
          '--c\r\n\r\nx\r\n--c--\r\n--b--',
      ],
    ];
    for (const [type, body] of cases) {
      const began = Date.now();
      const answer = await person.api('POST', `/projects/${project.id}/assets`, {
        body,
        headers: { 'content-type': type },
      });
      const what = `${type.slice(0, 60)} ${body.slice(0, 40)}: ${answer.text.slice(0, 200)}`;
      assert.ok([400, 413, 415, 422].includes(answer.status), `${answer.status} ${what}`);
      assert.ok(Date.now() - began < 2000, what);
    }
    const many = `${part('files', 'a.png').repeat(2100)}--b--\r\n`;
    const answer = await person.api('POST', `/projects/${project.id}/assets`, {
      body: many,
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    });
    assert.ok([413, 422].includes(answer.status), answer.text.slice(0, 200));
    await assertAlive(server());
  });

  test('another project, a foreign method, replacement by something else', async () => {
    assertProblem(await server().upload(person, uuidv7(), [['a.png', png()]]), 404);
    const one = await upload([['a.png', png(40, 30)]]);
    const { id } = one.body.items[0];
    for (const bytes of [png(41, 30), Buffer.from('x'), Buffer.alloc(0), pngSaying(60000, 60000)]) {
      const answer = await person.api('PUT', `/assets/${id}/content`, {
        body: bytes,
        headers: { 'content-type': 'application/octet-stream' },
      });
      assertProblem(answer, [413, 415, 422]);
    }
    const versions = await person.api('GET', `/assets/${id}/versions`);
    assert.equal(versions.body.items.length, 1);
    for (const version of ['../original', '..%2f..%2fx', 'x', uuidv7(), '%00', 'latest']) {
      const answer = await person.api('POST', `/assets/${id}/versions/${version}/restore`);
      assert.ok([400, 404].includes(answer.status), `${version} ${answer.status}`);
    }
  });
});
