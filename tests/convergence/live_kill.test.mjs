// kill -9 while people edit together: nothing that was acknowledged is lost, nothing stands twice,
// and they go on by themselves. ANNOTATEAI_TEST_KILLS sets the rounds (20 here, 200 in
// script/soak).
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { databaseOf, postgres, seeded, sleep, start } from '../security/world.mjs';
import {
  checked,
  controlRedis,
  furnish,
  program,
  redis,
  redisSettings,
  settings,
} from './people.mjs';

const rounds = Number(process.env.ANNOTATEAI_TEST_KILLS ?? 20);
const rooms = 10;
const rate = 200;
const hour = { timeout: 3_600_000 };
const withPostgres = { ...hour, skip: postgres ? false : 'no PostgreSQL here' };
const withBoth = { ...hour, skip: postgres && redis ? false : 'no PostgreSQL or no Redis here' };

function edit(ports, seats) {
  const words = ['gestures=0', `rate=${rate}`, 'people_min=4', 'people_max=6', 'cuts=1'];
  return program('convergence_editors', [ports.join(','), seats, ...words]);
}

async function finish(people, name) {
  people.child.stdin.end();
  const report = checked(await people.ended);
  console.log(`  ${name}: ${JSON.stringify({ ...report, shown: undefined })}`);
  assert.ok(report.acknowledged > rounds * 20, `${report.acknowledged} acknowledged`);
}

async function withServers(engine, count, work) {
  const data = mkdtempSync(path.join(tmpdir(), 'aa-live-kill-'));
  const shared = count > 1 ? redisSettings : {};
  const options = { data, env: { ...settings, ...databaseOf(engine), ...shared } };
  const servers = [];
  for (let i = 0; i < count; ++i) servers.push(await start(options));
  const seats = await furnish(servers[0], rooms);
  await work(servers, seats, (port) => start({ ...options, port }));
  for (const server of servers) await server.stop();
  rmSync(data, { recursive: true, force: true });
}

// Kills one server after the other, each while the others go on.
async function killing(engine, count) {
  const random = seeded(rounds);
  await withServers(engine, count, async (servers, seats, again) => {
    const people = edit(servers.map((server) => server.port), seats);
    await sleep(1000);
    for (let kills = 0; kills < rounds; ++kills) {
      const which = kills % count;
      await sleep(150 + random() * 500);
      assert.equal(people.child.exitCode, null, 'the people went home');
      await servers[which].stop('SIGKILL');
      servers[which] = await again(servers[which].port);
    }
    await finish(people, `${engine} x ${count}, ${rounds} kills`);
  });
}

test(`179 ${rounds} kills lose nothing that was acknowledged live [sqlite]`, hour, () =>
  killing('sqlite', 1));

test(`179 ${rounds} kills lose nothing that was acknowledged live [postgres]`, withPostgres, () =>
  killing('postgres', 1));

test(`179 ${rounds} kills, one of two servers each time`, withBoth, () => killing('postgres', 2));

test('186 Redis killed and started again: slower, not wrong', withBoth, () =>
  withServers('postgres', 2, async (servers, seats) => {
    const people = edit(servers.map((server) => server.port), seats);
    for (let kills = 0; kills < Math.max(2, rounds / 10); ++kills) {
      await sleep(1500);
      controlRedis('stop');
      await sleep(1500);
      controlRedis('start');
    }
    await finish(people, 'Redis killed');
  }));
