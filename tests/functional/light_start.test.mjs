// What the server loads and takes before anyone asks it for anything: heavy libraries come on first
// use (docs/architecture.md), so that it starts in under a second on a laptop.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { TestServer, haveData, photo } from './harness.mjs';

const loadedLater = /libonnxruntime|libopencv|libtorch|libOpen3D|liblasso|libxmlsec|libav/;
const idleMiB = 100 / 1.048576;
const sanitized = /asan|tsan/.test(process.env.ANNOTATEAI_TEST_BINARY ?? '');

function libraries(server) {
  const maps = readFileSync(`/proc/${server.process.pid}/maps`, 'utf8');
  return [...new Set([...maps.matchAll(/\/(lib[^/\s]+\.so[.\d]*)$/gm)].map((match) => match[1]))];
}

const skip = haveData ? false : 'ANNOTATEAI_TEST_DATA is not set';

test('heavy libraries are loaded on first use', { skip }, async () => {
  const server = await TestServer.start();
  try {
    const before = libraries(server);
    assert.ok(before.some((name) => name.startsWith('libsqlite3')), 'maps name no library');
    const heavy = before.filter((name) => loadedLater.test(name));
    assert.deepEqual(heavy, []);
    if (!sanitized) assert.ok(server.rssMiB() < idleMiB, `${server.rssMiB()} MiB when idle`);
    const person = await server.person();
    const body = new FormData();
    body.append('file', new Blob([photo('dog.jpg')]), 'dog.jpg');
    const found = await person.api('POST', '/inference/detect', { body });
    assert.equal(found.status, 200, found.text);
    assert.ok(libraries(server).some((name) => name.startsWith('libonnxruntime')));
  } finally {
    await server.stop();
  }
});
