// The audit trail: a million entries are verified, and what an entry adds to a durable change: to
// the bare statements of one, and to a whole request.
import { execFileSync } from 'node:child_process';
import http from 'node:http';

import { boxOperation, tinyPng } from '../tests/functional/harness.mjs';
import { median, program, startServer } from './machine.mjs';

const verifyMs = 5_000;
const addedShare = 0.05;
const rounds = 600;

const added = (ours, bare) => ours / bare - 1;
const percent = (share) => `${share < 0 ? '' : '+'}${(share * 100).toFixed(1)} %`;

function addedRow(what, ours, bare, rule) {
  const share = added(ours, bare);
  return {
    what,
    ours: `${ours.toFixed(3)} ms (${percent(share)})`,
    baseline: `without ${bare.toFixed(3)} ms`,
    rule: rule ? percent(addedShare) : '',
    met: rule ? share < addedShare : undefined,
  };
}

// One keep-alive connection; answers how long a request took.
function client(server, token) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const send = (method, route, json) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(json);
      const began = performance.now();
      const request = http.request(
        `${server.url}/api/v1${route}`,
        {
          agent,
          method,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
        },
        (response) => {
          response.resume();
          response.on('end', () => {
            const took = performance.now() - began;
            if (response.statusCode === 200) resolve(took);
            else reject(new Error(`${method} ${route}: ${response.statusCode}`));
          });
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  return { send, close: () => agent.destroy() };
}

let databases = 0;
function databaseOf(engine) {
  if (engine === 'SQLite') return {};
  const name = `bench_${process.pid}_${++databases}`;
  const admin = process.env.ANNOTATEAI_TEST_POSTGRES_ADMIN;
  execFileSync('psql', ['-qX', '-c', `create database ${name} owner annotateai`, admin]);
  return {
    ANNOTATEAI_DATABASE_URL: process.env.ANNOTATEAI_TEST_POSTGRES.replace(/\/[^/]*$/, `/${name}`),
  };
}

// A server of ours, or the same program linked without the trail; a person, a project, an image.
async function furnished(engine, trailed) {
  const prefix = trailed ? [] : ['bash', '-c', `exec ${program('bench_untrailed')} "$@"`];
  const server = await startServer({ prefix, env: databaseOf(engine) });
  const person = await server.person();
  const project = await server.project(person);
  const uploaded = await server.upload(person, project.id, [['a.png', tinyPng(64, 48)]]);
  const asset = uploaded.body.items[0];
  const wire = client(server, person.token);
  let revision = 0;
  return {
    patch: (i) => wire.send('PATCH', `/projects/${project.id}`, { name: `Street ${i}` }),
    annotate: () =>
      wire.send('POST', `/assets/${asset.id}/operations`, {
        base_revision: revision++,
        operations: [boxOperation(project.labels[0].id)],
      }),
    entries: async () => {
      const route = `/organizations/${person.organization.id}/audit?limit=1`;
      const { body } = await person.api('GET', route);
      return body.items[0]?.sequence ?? 0;
    },
    stop: async () => {
      wire.close();
      await server.stop();
    },
  };
}

// In turns, for neither the disk nor the machine is always as quick.
async function requests(engine) {
  const ours = await furnished(engine, true);
  const bare = await furnished(engine, false);
  try {
    const before = await ours.entries();
    const times = { patch: [[], []], annotate: [[], []] };
    for (let i = 0; i < rounds; ++i) {
      for (const kind of ['patch', 'annotate']) {
        const order = i % 2 === 0 ? [0, 1] : [1, 0];
        for (const k of order) times[kind][k].push(await [ours, bare][k][kind](i));
      }
    }
    if ((await ours.entries()) < before + rounds) throw new Error('changes without an entry');
    if ((await bare.entries()) !== 0) throw new Error('the baseline writes entries');
    const of = (kind) => times[kind].map(median);
    return [
      addedRow(`audit: PATCH of a project over HTTP, ${engine}`, ...of('patch'), true),
      addedRow(`audit: an annotation over HTTP, ${engine}`, ...of('annotate'), true),
    ];
  } finally {
    await ours.stop();
    await bare.stop();
  }
}

export async function audit() {
  const text = execFileSync(program('bench_audit'), { encoding: 'utf8', maxBuffer: 1 << 20 });
  const rows = [];
  for (const line of text.trim().split('\n')) {
    const one = JSON.parse(line);
    rows.push(
      {
        what: `audit: ${one.entries} entries verified, ${one.engine}`,
        ours: `${(one.verify_ms / 1e3).toFixed(2)} s`,
        baseline: '',
        rule: `< ${verifyMs / 1e3} s`,
        met: one.holds && one.verify_ms < verifyMs,
      },
      addedRow(
        `audit: the statements of a change, ${one.engine}`,
        one.audited_ms,
        one.plain_ms,
        true,
      ),
      ...(await requests(one.engine)),
    );
  }
  return rows;
}
