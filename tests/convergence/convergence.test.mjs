// Many people on bad networks: in the end everybody has the server's document, byte for byte, and
// every acknowledged operation stands in its log once. Each room is a seed.
// ANNOTATEAI_TEST_SEEDS sets how many (500 here, 10,000 in script/soak).
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { databaseOf, postgres, start } from '../security/world.mjs';
import { convergence, furnish, program, redis, redisSettings, settings } from './people.mjs';

const seeds = Number(process.env.ANNOTATEAI_TEST_SEEDS ?? 500);
const roomsAtOnce = 170;
const gestures = 12;
const hour = { timeout: 3_600_000 };

test(`157 ${seeds} seeds converge in a simulated network`, hour, async () => {
  const { code, out, err } = await program('convergence_simulation', [1, seeds]).ended;
  assert.equal(code, 0, out + err);
});

// A third of the seeds on each; as many servers as there are ports.
async function onServers(engine, count, from) {
  const data = mkdtempSync(path.join(tmpdir(), 'aa-convergence-'));
  const env = { ...settings, ...databaseOf(engine), ...(count > 1 ? redisSettings : {}) };
  const servers = [];
  for (let i = 0; i < count; ++i) servers.push(await start({ data, env }));
  const ports = servers.map((server) => server.port);
  const total = Math.ceil(seeds / 3);
  for (let done = 0; done < total; done += roomsAtOnce) {
    const rooms = Math.min(roomsAtOnce, total - done);
    const seats = await furnish(servers[0], rooms);
    const report = await convergence(ports, seats, { seed: from + done, gestures });
    console.log(`  ${engine} x ${count}: ${JSON.stringify({ ...report, shown: undefined })}`);
    assert.equal(report.rooms, rooms);
    assert.ok(report.acknowledged > rooms * gestures, 'few were acknowledged');
    assert.ok(report.cuts > rooms, 'few were cut off');
  }
  for (const server of servers) await server.stop();
  rmSync(data, { recursive: true, force: true });
}

const withPostgres = { ...hour, skip: postgres ? false : 'no PostgreSQL here' };
const withBoth = { ...hour, skip: postgres && redis ? false : 'no PostgreSQL or no Redis here' };

test('157 people converge on a server with SQLite', hour, () => onServers('sqlite', 1, 1));

test('157 people converge on a server with PostgreSQL', withPostgres, () =>
  onServers('postgres', 1, 100_001));

test('157 people converge on two servers with PostgreSQL and Redis', withBoth, () =>
  onServers('postgres', 2, 200_001));
