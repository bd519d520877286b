// What every security test stands on: a server on either engine, raw sockets, and the check after
// each suite that it is still the same living process.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { TestServer, binary, boxOperation, tinyPng } from '../functional/harness.mjs';

export const postgres = process.env.ANNOTATEAI_TEST_POSTGRES;
export const longForm = process.env.ANNOTATEAI_TEST_LONG === '1';
const noPostgres = postgres ? false : 'no PostgreSQL here: run under script/with_postgres';
let databases = 0;

// A test that failed leaves its server behind; the file must end all the same.
const servers = new Set();
after(() => {
  for (const server of servers) if (!server.exit) server.process.kill('SIGKILL');
});

// Environment of a server with an empty database of its own.
export function databaseOf(engine) {
  if (engine === 'sqlite') return {};
  const name = `security_${process.pid}_${++databases}`;
  execFileSync('psql', [
    '-qX',
    '-c',
    `create database ${name} owner annotateai`,
    process.env.ANNOTATEAI_TEST_POSTGRES_ADMIN,
  ]);
  return { ANNOTATEAI_DATABASE_URL: postgres.replace(/\/[^/]*$/, `/${name}`) };
}

// What the database's own shell would do; answers the rows as text.
export function typeSql(server, sql) {
  const url = server.options.env?.ANNOTATEAI_DATABASE_URL;
  if (url) {
    const admin = process.env.ANNOTATEAI_TEST_POSTGRES_ADMIN;
    const name = url.slice(url.lastIndexOf('/') + 1);
    return execFileSync('psql', ['-qAtX', '-c', sql, admin.replace(/\/[^/]*$/, `/${name}`)], {
      encoding: 'utf8',
    });
  }
  const script = `import sqlite3, sys
c = sqlite3.connect(sys.argv[1], timeout=10)
print(*c.execute(sys.argv[2]).fetchall(), sep='\\n')
c.commit()`;
  const file = path.join(server.data, 'annotateai.db');
  return execFileSync('python3', ['-c', script, file, sql], { encoding: 'utf8' });
}

// The organisation's trail, newest first.
export async function auditOf(person) {
  const route = `/organizations/${person.organization.id}/audit?limit=200`;
  const { status, body, text } = await person.api('GET', route);
  assert.equal(status, 200, text);
  return body.items;
}

export async function start(options) {
  const server = new TestServer(options);
  servers.add(server);
  await server.boot();
  return server;
}

export async function startOn(engine, { env = {}, ...options } = {}) {
  return start({ ...options, env: { ...databaseOf(engine), ...env } });
}

export async function assertAlive(server) {
  assert.equal(server.exit, undefined, `the server ended:\n${server.stderr.slice(-2000)}`);
  const began = Date.now();
  const health = await fetch(`${server.url}/healthz`, { signal: AbortSignal.timeout(5000) });
  assert.equal(health.status, 200);
  assert.ok(Date.now() - began < 1000, `health took ${Date.now() - began} ms`);
}

export async function stopClean(server) {
  await assertAlive(server);
  assert.deepEqual(await server.stop(), { code: 0, signal: null }, server.stderr.slice(-2000));
}

export function onEachEngine(title, options, body) {
  for (const engine of ['sqlite', 'postgres']) {
    const skip = engine === 'postgres' ? noPostgres : false;
    test(`${title} [${engine}]`, { skip, ...options }, () => body(engine));
  }
}

// The same tests on a server of each engine; `define` gets a function that returns the server.
export function suite(title, options, define) {
  for (const engine of options.engines ?? ['sqlite', 'postgres']) {
    const skip = engine === 'postgres' ? noPostgres : false;
    describe(`${title} [${engine}]`, { skip }, () => {
      let server;
      before(async () => {
        server = await startOn(engine, { env: options.env });
      });
      after(async () => {
        await stopClean(server);
      });
      define(() => server, engine);
    });
  }
}

// A person with a project, one image and one box on it.
export async function furnished(server) {
  const person = await server.person();
  const project = await server.project(person);
  const uploaded = await server.upload(person, project.id, [['a.png', tinyPng()]]);
  const asset = uploaded.body.items[0];
  const operation = boxOperation(project.labels[0].id);
  const drawn = await person.api('POST', `/assets/${asset.id}/operations`, {
    json: { base_revision: 0, operations: [operation] },
  });
  assert.equal(drawn.status, 200, drawn.text);
  return { person, project, asset, annotation: operation.annotation.id };
}

export async function openapi(server) {
  const { body } = await server.call('GET', '/api/openapi.json');
  return body;
}

// What nobody has to sign in for; a live connection asks for its ticket instead.
export const publicRoutes = [
  'GET /api/v1/auth/saml/{provider}/metadata',
  'GET /api/v1/auth/saml/{provider}/request',
  'GET /api/v1/auth/saml/{provider}/slo',
  'GET /api/v1/auth/sso/callback',
  'GET /api/v1/auth/sso/{provider}/start',
  'GET /api/v1/live',
  'POST /api/v1/auth/email/confirm',
  'POST /api/v1/auth/invitation',
  'POST /api/v1/auth/join',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/mfa',
  'POST /api/v1/auth/mfa/options',
  'POST /api/v1/auth/passkey',
  'POST /api/v1/auth/passkey/options',
  'POST /api/v1/auth/password/forgot',
  'POST /api/v1/auth/password/reset',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/auth/register',
  'POST /api/v1/auth/saml/{provider}/acs',
  'POST /api/v1/auth/saml/{provider}/slo',
  'POST /api/v1/auth/sso/discover',
  'POST /api/v1/auth/sso/{provider}/ldap',
];

// RFC 9457, short, with nothing of the inside.
export function assertProblem(answer, statuses, what = '') {
  const list = Array.isArray(statuses) ? statuses : [statuses];
  const text = `${what}: ${answer.status} ${answer.text?.slice(0, 300)}`;
  assert.ok(list.includes(answer.status), text);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, text);
  assert.match(answer.body.code, /^[a-z0-9_]+$/, text);
  assert.ok(answer.text.length <= 2048, text);
  assert.doesNotMatch(
    answer.text,
    /SQLite|PostgreSQL|select |insert |\/src\/|\.cpp|terminate/i,
    text,
  );
}

// Sends bytes as they are and collects what comes until the server closes or `quietMs` passes
// without a byte.
export function exchange(port, bytes, { quietMs = 700, keepOpen = true } = {}) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    let text = '';
    let closed = false;
    const end = () => {
      socket.destroy();
      resolve({ text, closed });
    };
    socket.setTimeout(quietMs, end);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('end', () => {
      closed = true;
    });
    socket.on('close', () => {
      closed = true;
      end();
    });
    socket.on('error', () => {});
    socket.write(bytes);
    if (!keepOpen) socket.end();
  });
}

export const statusesIn = (text) =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((m) => Number(m[1]));

export function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

export function blobFiles(server) {
  const root = path.join(server.data, 'blobs');
  return filesUnder(root)
    .map((file) => path.relative(root, file))
    .filter((file) => !file.startsWith('.') && !file.includes('/embeddings/'));
}

export const modeOf = (file) => statSync(file).mode & 0o777;

export const median = (list) => [...list].sort((x, y) => x - y)[Math.floor(list.length / 2)];

export const sleep = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

export async function until(what, check, timeoutMs = 10_000) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await sleep(50);
  }
}

// Numbers that look random and are the same in each run (mulberry32).
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// The same, as rows of fields; for values without quotes, bars and commas.
export const sqlOf = (server, sql) =>
  typeSql(server, sql)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) =>
      line
        .replace(/^\(|,?\)$/g, '')
        .split(/\||, /)
        .map((field) => field.replace(/^'|'$/g, '')),
    );

// Runs a command of the program with the server's own settings.
export function admin(server, args, { data = server.data, env = server.options.env } = {}) {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('ANNOTATEAI_')),
  );
  return execFileSync(binary, ['admin', ...args, '--data', data], {
    env: { ...clean, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
