// Servers with rooms, and the programs that stand in for people.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { root, tinyPng } from '../functional/harness.mjs';

const build = process.env.ANNOTATEAI_BENCH_BUILD ?? path.join(root, 'build');
const owners = 4;
const labels = ['thing', 'other'].map((name) => ({
  name,
  kind: 'any',
  attributes: [
    { name: 'note', kind: 'text' },
    { name: 'count', kind: 'number' },
    { name: 'open', kind: 'checkbox' },
  ],
}));

export const settings = {
  ANNOTATEAI_RATE_LIMIT: 'false',
  ANNOTATEAI_LOG_LEVEL: 'warning',
  // A few people stand for all, with a window for each.
  ANNOTATEAI_LIVE_CONNECTIONS_PER_USER: '10000',
};

// `rooms` assets of a few people, as lines for the programs.
export async function furnish(server, rooms) {
  const lines = [];
  for (let owner = 0; owner < owners && lines.length < rooms; ++owner) {
    const person = await server.person();
    const project = await server.project(person, { labels });
    const count = Math.ceil((rooms - lines.length) / (owners - owner));
    for (let made = 0; made < count; made += 100) {
      const files = Array.from({ length: Math.min(100, count - made) }, (_, i) => [
        `${made + i}.png`,
        tinyPng(60, 40),
      ]);
      const { status, body, text } = await server.upload(person, project.id, files);
      assert.equal(status, 201, text);
      for (const { id } of body.items) {
        const { token, email } = person;
        lines.push(JSON.stringify({ email, token, asset_id: id, project_id: project.id }));
      }
    }
  }
  const file = path.join(server.data, 'seats.jsonl');
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

// A program of ours that ends with a line of JSON; `ended` resolves to it.
export function program(name, words) {
  const child = spawn(path.join(build, name), words.map(String), { stdio: 'pipe' });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => { out += chunk; });
  child.stderr.on('data', (chunk) => { err += chunk; });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
  return { child, ended };
}

export async function convergence(ports, seats, options) {
  const words = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  return checked(await program('convergence_editors', [ports.join(','), seats, ...words]).ended);
}

export function checked({ code, out, err }) {
  const last = out.trim().split('\n').at(-1);
  assert.ok(last?.startsWith('{'), `no report, code ${code}: ${err}${out}`);
  const report = JSON.parse(last);
  assert.equal(code, 0, `${report.problems} problems:\n${report.shown.join('\n')}`);
  return report;
}

// Of script/with_redis.
export const redis = process.env.ANNOTATEAI_TEST_REDIS;
export const redisSettings = { ANNOTATEAI_REDIS_URL: redis };
export const controlRedis = (word) =>
  execFileSync(process.env.ANNOTATEAI_TEST_REDIS_CTL, [word], { stdio: 'ignore' });
