// 179: kill -9 while annotations are being written: no acknowledged one is lost, none is half
// there.
// ANNOTATEAI_TEST_KILLS sets the rounds (20 here, 500 in script/soak).
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { boxOperation, tinyPng } from '../functional/harness.mjs';
import { databaseOf, onEachEngine, start } from './world.mjs';

const rounds = Number(process.env.ANNOTATEAI_TEST_KILLS ?? 20);
const writers = 4;

async function write(person, asset, label, acknowledged, state) {
  let base = state.revision;
  while (!state.stopped) {
    const operation = boxOperation(label);
    try {
      const answer = await person.api('POST', `/assets/${asset}/operations`, {
        json: { base_revision: base, operations: [operation] },
      });
      if (answer.status === 200) {
        base = answer.body.revision;
        acknowledged.add(operation.annotation.id);
      }
    } catch {
      return;
    }
  }
}

onEachEngine(
  `179 ${rounds} kills lose no acknowledged annotation`,
  { timeout: 3_600_000 },
  async (engine) => {
    const data = mkdtempSync(path.join(tmpdir(), 'aa-kill-'));
    const options = { data, env: { ANNOTATEAI_RATE_LIMIT: 'false', ...databaseOf(engine) } };
    let server = await start(options);
    const person = await server.person();
    const project = await server.project(person);
    const asset = (await server.upload(person, project.id, [['a.png', tinyPng()]])).body.items[0];
    const acknowledged = new Set();
    let kills = 0;
    for (; kills < rounds; ++kills) {
      const login = await server.call('POST', '/auth/login', {
        json: { email: person.email, password: 'a good long password' },
      });
      const api = (method, route, extra) =>
        server.call(method, route, { token: login.body.access_token, ...extra });
      const { body } = await api('GET', `/assets/${asset.id}/annotations`);
      const present = new Set(body.items.map((item) => item.id));
      for (const id of acknowledged) assert.ok(present.has(id), `lost ${id} after ${kills} kills`);
      assert.equal(present.size, body.items.length, 'an annotation stands twice');
      assert.equal(
        body.items.every((item) => item.shape.width === 10),
        true,
      );
      const state = { stopped: false, revision: body.revision };
      const running = Array.from({ length: writers }, () =>
        write({ api }, asset.id, project.labels[0].id, acknowledged, state),
      );
      await new Promise((resolve) => setTimeout(resolve, 40 + ((kills * 37) % 160)));
      await server.stop('SIGKILL');
      state.stopped = true;
      await Promise.all(running);
      server = await start(options);
    }
    assert.equal(kills, rounds);
    assert.ok(acknowledged.size > rounds, `${acknowledged.size} acknowledged`);
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  },
);
