// A data folder that is full: writes say 507 and keep nothing by half, reads go on, and when there
// is room again all works without a restart.
import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { boxOperation, tinyPng } from '../functional/harness.mjs';
import { bmp } from './images.mjs';
import {
  assertAlive,
  assertProblem,
  blobFiles,
  databaseOf,
  furnished,
  postgres,
  start,
  until,
} from './world.mjs';

function mountSmall(folder) {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=0700', 'tmpfs', folder], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

const freeBytes = (folder) => {
  const s = statfsSync(folder);
  return s.bavail * s.bsize;
};

// To the last page, as far as that goes.
function fill(folder, leave = 0) {
  const file = path.join(folder, 'filler');
  rmSync(file, { force: true });
  let size = freeBytes(folder) - leave;
  for (; size > 0; size -= 4096) {
    try {
      writeFileSync(file, randomFillSync(Buffer.alloc(size)));
      return;
    } catch {
      rmSync(file, { force: true });
    }
  }
}

for (const engine of ['sqlite', 'postgres']) {
  const data = mkdtempSync(path.join(tmpdir(), 'aa-full-'));
  const mounted = mountSmall(data);
  const skip = !mounted
    ? 'a small tmpfs may not be mounted here'
    : engine === 'postgres' && !postgres
      ? 'no PostgreSQL: run under script/with_postgres'
      : false;
  describe(`disk full [${engine}]`, { skip }, () => {
    let server;
    let world;
    before(async () => {
      server = await start({
        data,
        env: { ANNOTATEAI_RATE_LIMIT: 'false', ...databaseOf(engine) },
      });
      world = await furnished(server);
    });
    after(async () => {
      await server.stop();
    });

    const draw = (base = 1) =>
      world.person.api('POST', `/assets/${world.asset.id}/operations`, {
        json: { base_revision: base, operations: [boxOperation(world.project.labels[0].id)] },
      });
    const upload = (bytes = tinyPng()) =>
      server.upload(world.person, world.project.id, [['u.bmp', bytes]]);
    const listed = async () =>
      (await world.person.api('GET', `/projects/${world.project.id}/assets?limit=200`)).body.items
        .length;

    test('uploads are refused with 507, and nothing of them stays', async () => {
      fill(data, 3 << 20);
      const [assets, blobs] = [await listed(), blobFiles(server).length];
      for (let round = 0; round < 3; ++round) {
        const answer = await upload(bmp(1500, 1000));
        assertProblem(answer, 507, 'a file larger than the room');
        assert.equal(answer.body.code, 'out_of_space');
      }
      const form = new FormData();
      form.append('format', 'coco');
      form.append('file', new Blob([Buffer.alloc(8 << 20, 32)]), 'a.json');
      assertProblem(
        await world.person.api('POST', `/projects/${world.project.id}/imports`, { body: form }),
        507,
        'an import',
      );
      assert.equal(await listed(), assets);
      await until(
        'nothing left over',
        () =>
          blobFiles(server).length === blobs &&
          readdirSync(path.join(data, 'blobs/.new')).length === 0,
      );
    });

    test('annotations are refused with 507 once the database is full, reads go on', async () => {
      fill(data);
      let refused = 0;
      const drawn = [];
      for (let i = 0; i < 400 && refused < 5; ++i) {
        const answer = await draw();
        if (answer.status === 200) drawn.push(answer.body.applied[0].annotation.id);
        else {
          assertProblem(answer, 507, 'an annotation');
          ++refused;
        }
        if (engine === 'postgres' && i > 20) break; // its files lie elsewhere
      }
      assert.equal(refused, engine === 'sqlite' ? 5 : 0);
      assertProblem(await upload(), 507, 'an upload');
      for (const route of [
        '/projects',
        `/assets/${world.asset.id}/annotations`,
        `/assets/${world.asset.id}/content`,
        `/assets/${world.asset.id}/thumbnail`,
        '/auth/me',
      ]) {
        assert.equal((await world.person.api('GET', route)).status, 200, route);
      }
      const { body } = await world.person.api('GET', `/assets/${world.asset.id}/annotations`);
      assert.equal(body.items.length, drawn.length + 1, 'each acknowledged one, and no other');
      if (engine === 'sqlite') {
        const login = await server.call('POST', '/auth/login', {
          json: { email: world.person.email, password: 'a good long password' },
        });
        assert.ok([200, 507].includes(login.status), login.text);
      }
      await assertAlive(server);
    });

    test('with room again writes work, without a restart', async () => {
      rmSync(path.join(data, 'filler'), { force: true });
      const before = await listed();
      await until('annotations', async () => (await draw()).status === 200, 5000);
      assert.equal((await upload(tinyPng(80, 60))).status, 201);
      assert.equal(await listed(), before + 1);
      assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
      const started = await world.person.api('POST', `/projects/${world.project.id}/exports`, {
        json: { format: 'coco', images: true },
      });
      assert.equal((await server.job(world.person, started.body.job_id)).state, 'succeeded');
      await assertAlive(server);
    });
  });
  after(() => {
    if (mounted) execFileSync('umount', ['-l', data], { stdio: 'ignore' });
    rmSync(data, { recursive: true, force: true });
  });
}
