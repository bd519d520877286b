// 194, 196: every change and every denial is one entry, and nobody changes an entry.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';

import { binary, uuidv7 } from '../functional/harness.mjs';
import {
  assertProblem,
  furnished,
  onEachEngine,
  openapi,
  startOn,
  stopClean,
  until,
} from './world.mjs';
import { calls, ELSEWHERE, LAST, QUIET } from './audit_calls.mjs';

const env = { ANNOTATEAI_RATE_LIMIT: 'false', ANNOTATEAI_OUTBOUND_ALLOW: '127.0.0.1' };

const trailOf = async (person, query = '') => {
  const where = `/organizations/${person.organization.id}/audit`;
  return (await person.api('GET', `${where}?limit=200${query}`)).body.items;
};
const lengthOf = async (person) => (await trailOf(person))[0].sequence;
const since = async (person, sequence) =>
  (await trailOf(person)).filter((entry) => entry.sequence > sequence).reverse();

async function perform(server, w, { route, options }) {
  const [method, pattern] = route.split(' ');
  const { path, json, token, ...rest } = options;
  const url = path ? await path(pattern) : pattern;
  const body = typeof json === 'function' ? json() : json;
  const call = token === null ? server.call.bind(server) : w.person.api;
  return call(method, url, { ...rest, ...(body === undefined ? {} : { json: body }) });
}

onEachEngine('194 every route that changes something writes one entry', {}, async (engine) => {
  const server = await startOn(engine, { env });
  const w = await furnished(server);
  const document = await openapi(server);
  const list = calls(server, w);
  const covered = new Set(list.map((call) => call.route));
  const missing = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of Object.keys(methods)) {
      const route = `${method.toUpperCase()} ${path.replace('/api/v1', '')}`;
      if (['GET ', 'HEAD'].includes(route.slice(0, 4))) continue;
      if (!covered.has(route) && !(route in QUIET) && !ELSEWHERE.has(route)) missing.push(route);
    }
  }
  assert.deepEqual(
    missing.filter((route) => !LAST.has(route)),
    [],
    'say in calls(), QUIET or ELSEWHERE what these write',
  );
  const operations = async () => {
    const { body } = await w.person.api('GET', `/assets/${w.asset.id}/annotations`);
    return body.revision ?? 0;
  };
  for (const call of list) {
    const before = await lengthOf(w.person);
    const revision = call.expected === '+' ? await operations() : 0;
    const answer = await perform(server, w, call);
    const what = `${call.route}: ${answer.status} ${answer.text.slice(0, 300)}`;
    if (call.expected === 'maybe') continue;
    assert.ok(answer.status < 300, what);
    const entries = await since(w.person, before);
    const actions = entries.map((entry) => entry.action);
    const text = `${what}\n${JSON.stringify(actions)}`;
    call.keep?.(answer.body);
    if (call.expected === null) continue;
    for (const entry of entries) {
      assert.match(entry.at, /Z$/, text);
      assert.equal(entry.outcome, 'done', text);
      assert.ok(entry.ip === '127.0.0.1' || entry.action.startsWith('annotation.anchor'), text);
      assert.ok(entry.object_id && entry.request_id, text);
    }
    if (call.expected === '+') {
      assert.equal(await operations(), revision + 1, text);
      assert.ok(
        actions.every((action) => action === 'annotation.anchor'),
        text,
      );
      assert.ok(actions.length <= 1, text);
    } else if (call.expected === 'job') {
      assert.equal(actions[0], 'annotation.revert_project', text);
      await server.job(w.person, answer.body.job_id);
    } else if (typeof call.expected === 'number') {
      assert.equal(actions.length, call.expected, text);
    } else {
      assert.deepEqual(
        actions.filter((a) => a !== 'annotation.anchor'),
        call.expected,
        text,
      );
    }
  }
  const all = (
    await w.person.api('GET', `/organizations/${w.person.organization.id}/audit/export`, {
      lines: true,
    })
  )
    .text;
  for (const secret of [
    'a good long password',
    'whsec_',
    w.person.token,
    w.invitationToken,
    '@example.test',
  ]) {
    assert.ok(!all.includes(secret), `the trail holds ${secret.slice(0, 12)}`);
  }
  await stopClean(server);
});

onEachEngine('194 every denial is one entry, limited by actor', {}, async (engine) => {
  const server = await startOn(engine, { env });
  const v = await furnished(server);
  const a = await furnished(server);
  const before = await lengthOf(a.person);
  const untouched = await lengthOf(v.person);
  for (const [method, route] of [
    ['GET', `/projects/${v.project.id}`],
    ['GET', `/projects/${uuidv7()}`],
    ['PATCH', `/assets/${v.asset.id}`],
    ['GET', `/organizations/${v.person.organization.id}/audit`],
  ]) {
    const sequence = await lengthOf(a.person);
    const options = method === 'GET' ? {} : { json: { note: 'mine' } };
    const answer = await a.person.api(method, route, options);
    assertProblem(answer, 404, route);
    const [entry, ...rest] = await since(a.person, sequence);
    assert.deepEqual(rest, [], route);
    assert.equal(entry.outcome, 'denied');
    assert.equal(entry.action, 'denied');
    assert.equal(entry.object_id, `/api/v1${route}`);
    assert.equal(entry.actor_id, a.person.user.id);
    assert.equal(entry.ip, '127.0.0.1');
    assert.equal(entry.request_id, answer.headers.get('x-request-id'));
    assert.deepEqual(entry.detail, { method, code: 'not_found' });
  }
  for (let i = 0; i < 150; ++i) await a.person.api('GET', `/projects/${uuidv7()}`);
  const written = (await lengthOf(a.person)) - before;
  assert.ok(written >= 60 && written <= 75, `${written} entries of 154 denials`);
  assert.equal(await lengthOf(v.person), untouched, "the victim's chain is not written by others");
  const hold = await a.person.api(
    'GET',
    `/organizations/${a.person.organization.id}/audit/verification`,
  );
  assert.equal(hold.body.holds, true, hold.text);
  // Nobody's: the installation's own chain, which verify-audit walks as well.
  await server.call('GET', '/projects');
  await server.call('GET', '/projects', { token: 'nonsense' });
  await server.call('POST', '/auth/login', { json: { email: 'no@example.test', password: 'x' } });
  await until('the installation tells of three', () =>
    verifyAudit(server).stdout.includes(
      '00000000-0000-0000-0000-000000000000: 3 entries, the chain holds',
    ),
  );
  await stopClean(server);
});

function verifyAudit(server, extra = []) {
  const database = server.options.env.ANNOTATEAI_DATABASE_URL;
  const args = ['admin', 'verify-audit', '--data', server.data, ...extra];
  try {
    const stdout = execFileSync(binary, args, {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...(database ? { ANNOTATEAI_DATABASE_URL: database } : {}) },
    });
    return { code: 0, stdout };
  } catch (error) {
    return { code: error.status, stdout: error.stdout };
  }
}

onEachEngine('196 nobody edits or deletes an entry', {}, async (engine) => {
  const server = await startOn(engine, { env });
  const { person } = await furnished(server);
  const where = `/organizations/${person.organization.id}/audit`;
  const first = await person.api('GET', `${where}/1`);
  assert.equal(first.body.action, 'user.register', first.text);
  for (const route of [where, `${where}/1`, `${where}/head`, `${where}/export`]) {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'POST']) {
      const answer = await person.api(method, route, { json: { action: 'nothing' } });
      assert.equal(answer.status, 405, `${method} ${route} ${answer.text}`);
      assert.equal(answer.headers.get('allow'), 'GET');
    }
  }
  assert.deepEqual((await person.api('GET', `${where}/1`)).body, first.body);
  await stopClean(server);
});

// Without the program: what docs/audit.md tells a reader to do.
onEachEngine(
  'the export and the signed head can be checked without the program',
  {},
  async (engine) => {
    const server = await startOn(engine, { env });
    const { person, project } = await furnished(server);
    await person.api('PATCH', `/projects/${project.id}`, { json: { name: 'x","entry":{\r\n}' } });
    const where = `/organizations/${person.organization.id}/audit`;
    const { text, headers } = await person.api('GET', `${where}/export`, { lines: true });
    assert.match(headers.get('content-disposition'), /audit\.jsonl/);
    let previous = '0'.repeat(64);
    let count = 0;
    for (const line of text.trimEnd().split('\n')) {
      const value = JSON.parse(line);
      const entry = line.slice(83, 83 + JSON.stringify(value.entry).length);
      assert.equal(entry, JSON.stringify(value.entry));
      assert.equal(value.entry.sequence, ++count);
      previous = createHash('sha256')
        .update(previous + entry)
        .digest('hex');
      assert.equal(value.hash, previous);
    }
    const head = (await person.api('GET', `${where}/head`)).body;
    assert.equal(head.hash, previous);
    assert.equal(head.sequence, count);
    const signedText = [
      'annotateai audit head 1',
      head.organization_id,
      head.sequence,
      head.hash,
      head.signed_at,
      '',
    ].join('\n');
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: head.public_key },
      format: 'jwk',
    });
    const signature = Buffer.from(head.signature, 'base64url');
    assert.ok(verify(null, Buffer.from(signedText), key, signature));
    const csv = await person.api('GET', `${where}/export?format=csv&action=project.`);
    const lines = csv.text.trimEnd().split('\r\n');
    assert.equal(lines.length, 3, csv.text);
    assert.match(lines[1], /"project\.create"/);
    assertProblem(await person.api('GET', `${where}/export?format=xml`), [400, 422]);
    await stopClean(server);
  },
);

onEachEngine('verify-audit names the first bad entry', {}, async (engine) => {
  const server = await startOn(engine, { env });
  const { person } = await furnished(server);
  for (let i = 0; i < 5; ++i) await server.project(person, { name: `P${i}` });
  const organization = person.organization.id;
  const good = verifyAudit(server, ['--organization', organization]);
  assert.equal(good.code, 0, good.stdout);
  assert.match(good.stdout, /entries, the chain holds/);
  tamper(
    engine,
    server,
    `update audit_entries set action = 'nothing'
    where organization_id = '${organization}' and sequence = 4`,
  );
  const bad = verifyAudit(server, ['--organization', organization]);
  assert.equal(bad.code, 1, bad.stdout);
  assert.match(bad.stdout, /entry 4 is the first bad one/);
  const route = `/organizations/${organization}/audit/verification`;
  const told = (await person.api('GET', route)).body;
  assert.equal(told.first_bad, 4);
  assert.equal(told.holds, false);
  await stopClean(server);
});

// As someone with the database in his hands.
function tamper(engine, server, sql) {
  if (engine === 'sqlite') {
    const file = `${server.data}/annotateai.db`;
    execFileSync('python3', [
      '-c',
      `
import sqlite3, sys
c = sqlite3.connect(sys.argv[1], timeout=10)
c.executescript("drop trigger audit_entries_stay; drop trigger audit_entries_last;" + sys.argv[2])
c.commit()`,
      file,
      sql,
    ]);
    return;
  }
  const name = server.options.env.ANNOTATEAI_DATABASE_URL.split('/').pop();
  const admin = process.env.ANNOTATEAI_TEST_POSTGRES_ADMIN.replace(/\/[^/]*$/, `/${name}`);
  const text = `alter table audit_entries disable trigger user; ${sql}`;
  execFileSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', '-c', text, admin]);
}

test('the catalogue of quiet routes gives its reasons', () => {
  for (const reason of Object.values(QUIET)) assert.ok(reason.length > 10);
});
