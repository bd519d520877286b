// 194, 196: every change and every denial is one entry, and nobody changes an entry.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';

import { binary, boxOperation, tinyPng, uuidv7 } from '../functional/harness.mjs';
import { assertProblem, furnished, onEachEngine, openapi, startOn, stopClean, until } from './world.mjs';

const env = { ANNOTATEAI_RATE_LIMIT: 'false', ANNOTATEAI_OUTBOUND_ALLOW: '127.0.0.1' };

const trailOf = async (person, query = '') => {
  const where = `/organizations/${person.organization.id}/audit`;
  return (await person.api('GET', `${where}?limit=200${query}`)).body.items;
};
const lengthOf = async (person) => (await trailOf(person))[0].sequence;
const since = async (person, sequence) =>
  (await trailOf(person)).filter((entry) => entry.sequence > sequence).reverse();

// Why a route that is no GET writes no entry.
const QUIET = {
  'POST /auth/refresh': 'a session goes on; only reuse is told',
  'PUT /auth/me/preferences': 'what the web UI remembers, no business of the organization',
  'POST /inference/detect': 'nothing is stored',
  'POST /inference/segment': 'nothing is stored',
  'POST /inference/preview': 'nothing is stored',
  'POST /inference/refine': 'nothing is stored',
  'POST /inference/analyze': 'nothing is stored',
  'POST /assets/{id}/prepare': 'nothing is stored',
  'POST /live/tickets': 'nothing is stored',
  'POST /auth/invitation': 'tells what an invitation offers',
  'POST /uploads': 'told when the file is stored: asset.create',
  'PATCH /uploads/{id}': 'told when the file is stored: asset.create',
  'DELETE /uploads/{id}': 'told when the file is stored: asset.create',
  'OPTIONS /uploads': 'tells what the server takes',
};
// Needs a model that is not at hand here; service tests of theirs look at the trail.
const ELSEWHERE = new Set([
  'POST /models',
  'POST /models/{id}/install',
  'POST /models/{id}/benchmark',
  'POST /projects/{id}/preannotations',
  'POST /projects/{id}/embeddings',
  'POST /assets/{id}/similar',
  'POST /assets/{id}/propagate',
  'POST /assets/{id}/suggestions/accept',
  'POST /suggestions/{id}/accept',
  'POST /suggestions/{id}/reject',
]);

// One call of each route that changes something, in an order in which each can succeed.
function calls(server, w) {
  const own = (route) => route.replace('{id}', w.person.organization.id);
  const upload = (name) => {
    const form = new FormData();
    form.append('files', new Blob([tinyPng(40 + name.length, 30)]), name);
    return { body: form };
  };
  const draw = () => ({
    json: { base_revision: 0, operations: [boxOperation(w.project.labels[0].id)] },
  });
  const other = (id) => id;
  return [
    // route, options, expected actions ('+' is an operation of the asset's own log), keep
    ['POST /organizations', { json: { name: 'Second' } }, null],
    ['PATCH /auth/me', { json: { name: 'Ada' } }, ['user.rename']],
    ['PATCH /organizations/{id}', { path: own, json: { name: 'Renamed' } }, 1],
    ['PATCH /organizations/{id}/policy', { path: own, json: {} }, 1],
    [
      'POST /organizations/{id}/roles',
      { path: own, json: { name: 'Looker', description: '', permissions: ['project_read'] } },
      1,
      (body) => {
        w.role = body.id;
      },
    ],
    [
      'PATCH /organizations/{id}/roles/{role}',
      { path: (r) => own(r).replace('{role}', w.role), json: { name: 'Looker 2' } },
      1,
    ],
    [
      'DELETE /organizations/{id}/roles/{role}',
      { path: (r) => own(r).replace('{role}', w.role) },
      1,
    ],
    [
      'POST /organizations/{id}/invitations',
      { path: own, json: { email: 'bob@example.test', role: 'annotator' } },
      1,
      (body) => {
        w.invitation = body.invitation;
        w.invitationToken = body.token;
      },
    ],
    [
      'POST /auth/join',
      {
        json: () => ({ token: w.invitationToken, name: 'Bob', password: 'a good long password' }),
        token: null,
      },
      2,
      (body) => {
        w.bob = body.user.id;
      },
    ],
    [
      'POST /organizations/{id}/invitations',
      { path: own, json: { email: 'carl@example.test', role: 'viewer' } },
      1,
      (body) => {
        w.invitation = body.invitation;
      },
    ],
    [
      'POST /organizations/{id}/invitations/{invitation}/resend',
      { path: (r) => own(r).replace('{invitation}', w.invitation.id) },
      1,
    ],
    [
      'DELETE /organizations/{id}/invitations/{invitation}',
      { path: (r) => own(r).replace('{invitation}', w.invitation.id) },
      1,
    ],
    [
      'PUT /projects/{id}/grants/{user}',
      {
        path: (r) => r.replace('{id}', w.project.id).replace('{user}', w.bob),
        json: { role: 'reviewer' },
      },
      1,
    ],
    [
      'DELETE /projects/{id}/grants/{user}',
      { path: (r) => r.replace('{id}', w.project.id).replace('{user}', w.bob) },
      1,
    ],
    [
      'PATCH /organizations/{id}/members/{user}',
      { path: (r) => own(r).replace('{user}', w.bob), json: { role: 'reviewer' } },
      1,
    ],
    [
      'DELETE /organizations/{id}/members/{user}/sessions',
      { path: (r) => own(r).replace('{user}', w.bob) },
      1,
    ],
    [
      'DELETE /organizations/{id}/members/{user}',
      { path: (r) => own(r).replace('{user}', w.bob) },
      1,
    ],
    [
      'POST /projects',
      { json: { name: 'P', type: 'detection', labels: [{ name: 'a' }] } },
      ['project.create'],
      (body) => {
        w.second = body;
      },
    ],
    [
      'PATCH /projects/{id}',
      { path: (r) => r.replace('{id}', w.second.id), json: { name: 'a\r\nb\u001b[31m' } },
      ['project.update'],
    ],
    ['DELETE /projects/{id}', { path: (r) => r.replace('{id}', w.second.id) }, ['project.delete']],
    [
      'POST /projects/{id}/assets',
      { path: (r) => r.replace('{id}', w.project.id), ...upload('b.png') },
      ['asset.create'],
      (body) => {
        w.more = body.items[0];
      },
    ],
    [
      'PUT /assets/{id}/content',
      {
        path: (r) => r.replace('{id}', w.more.id),
        body: tinyPng(50, 40),
        headers: { 'content-type': 'application/octet-stream' },
      },
      1,
    ],
    [
      'POST /assets/{id}/versions/{version}/restore',
      {
        path: async (r) => {
          const list = await w.person.api('GET', `/assets/${w.more.id}/versions`);
          return r.replace('{id}', w.more.id).replace('{version}', list.body.items.at(-1).id);
        },
      },
      1,
    ],
    [
      'PATCH /assets/{id}',
      { path: (r) => r.replace('{id}', w.more.id), json: { note: 'look here' } },
      ['asset.note'],
    ],
    [
      'POST /assets/{id}/operations',
      { path: (r) => r.replace('{id}', w.asset.id), ...draw() },
      '+',
    ],
    [
      'POST /projects/{id}/annotations',
      {
        path: (r) => r.replace('{id}', w.project.id),
        json: () => ({
          asset_id: w.asset.id,
          label_id: w.project.labels[0].id,
          shape: { type: 'box', x: 1, y: 1, width: 2, height: 2 },
        }),
      },
      '+',
      (body) => {
        w.drawn = body.id;
      },
    ],
    [
      'PATCH /annotations/{id}',
      { path: (r) => r.replace('{id}', w.drawn), json: { label_id: w.project.labels[1].id } },
      '+',
    ],
    ['DELETE /annotations/{id}', { path: (r) => r.replace('{id}', w.drawn) }, '+'],
    ['POST /assets/{id}/undo', { path: (r) => r.replace('{id}', w.asset.id), json: {} }, '+'],
    ['POST /assets/{id}/redo', { path: (r) => r.replace('{id}', w.asset.id), json: {} }, '+'],
    [
      'POST /assets/{id}/restore',
      { path: (r) => r.replace('{id}', w.asset.id), json: { revision: 1 } },
      ['annotation.restore'],
    ],
    [
      'POST /assets/{id}/revert',
      { path: (r) => r.replace('{id}', w.asset.id), json: () => ({ user_id: w.person.user.id }) },
      ['annotation.revert'],
    ],
    [
      'POST /projects/{id}/revert',
      { path: (r) => r.replace('{id}', w.project.id), json: () => ({ user_id: w.person.user.id }) },
      'job',
    ],
    [
      'POST /assets/{id}/suggestions/settle',
      { path: (r) => r.replace('{id}', w.asset.id), json: { annotation_ids: [] } },
      ['suggestion.settle'],
    ],
    [
      'POST /assets/{id}/threads',
      { path: (r) => r.replace('{id}', w.asset.id), json: { x: 1, y: 2, body: 'hm' } },
      1,
      (body) => {
        w.thread = body;
      },
    ],
    [
      'POST /threads/{id}/comments',
      {
        path: (r) => r.replace('{id}', w.thread.id),
        json: () => ({ body: 'yes', mentions: [w.person.user.id] }),
      },
      1,
      (body) => {
        w.comment = body.comments?.at(-1) ?? body;
      },
    ],
    [
      'POST /mentions/{id}/read',
      {
        path: async (r) => {
          const list = await w.person.api('GET', '/mentions');
          return r.replace('{id}', list.body.items[0].id);
        },
      },
      1,
    ],
    [
      'PATCH /comments/{id}',
      { path: (r) => r.replace('{id}', w.comment.id), json: { body: 'no' } },
      1,
    ],
    ['DELETE /comments/{id}', { path: (r) => r.replace('{id}', w.comment.id) }, 1],
    ['POST /threads/{id}/resolve', { path: (r) => r.replace('{id}', w.thread.id) }, 1],
    ['POST /threads/{id}/reopen', { path: (r) => r.replace('{id}', w.thread.id) }, 1],
    [
      'POST /projects/{id}/exports',
      { path: (r) => r.replace('{id}', w.project.id), json: { format: 'coco' } },
      ['export.start'],
      (body) => {
        w.job = body.job_id;
      },
    ],
    [
      'POST /projects/{id}/imports',
      {
        path: (r) => r.replace('{id}', w.project.id),
        ...(() => {
          const form = new FormData();
          form.append('format', 'coco');
          form.append('file', new Blob(['{']), 'a.json');
          return { body: form };
        })(),
      },
      ['import.start'],
      (body) => {
        w.failing = body.job_id;
      },
    ],
    [
      'POST /jobs/{id}/retry',
      {
        path: async (r) => {
          await server.job(w.person, w.failing);
          return r.replace('{id}', w.failing);
        },
      },
      ['job.retry'],
    ],
    ['POST /jobs/{id}/cancel', { path: (r) => r.replace('{id}', w.failing) }, 'maybe'],
    ['POST /projects/demo', { json: {} }, null],
    [
      'POST /projects/{id}/assets/delete',
      { path: (r) => r.replace('{id}', w.project.id), json: () => ({ asset_ids: [w.more.id] }) },
      ['asset.delete'],
    ],
    ['DELETE /assets/{id}', { path: (r) => r.replace('{id}', w.asset.id) }, ['asset.delete']],
    [
      'POST /webhooks',
      { json: { name: 'h', url: 'http://127.0.0.1:9/', events: ['nothing'] } },
      ['webhook.create'],
      (body) => {
        w.hook = body.webhook;
      },
    ],
    [
      'PATCH /webhooks/{id}',
      { path: (r) => r.replace('{id}', w.hook.id), json: { name: 'k' } },
      ['webhook.update'],
    ],
    [
      'POST /webhooks/{id}/secret',
      { path: (r) => r.replace('{id}', w.hook.id) },
      ['webhook.renew_secret'],
    ],
    [
      'POST /webhooks/{id}/ping',
      { path: (r) => r.replace('{id}', w.hook.id) },
      ['webhook.ping'],
      (body) => {
        w.delivery = body.id;
      },
    ],
    ['POST /deliveries/{id}/redeliver', { path: (r) => r.replace('{id}', w.delivery) }, 'maybe'],
    ['DELETE /webhooks/{id}', { path: (r) => r.replace('{id}', w.hook.id) }, ['webhook.delete']],
    [
      'POST /auth/login',
      { json: () => ({ email: w.person.email, password: 'a good long password' }), token: null },
      ['session.start'],
      (body) => {
        w.login = body;
      },
    ],
    [
      'DELETE /auth/sessions/{id}',
      {
        path: async (r) => {
          const list = await w.person.api('GET', '/auth/sessions');
          return r.replace('{id}', list.body.items.find((s) => !s.current).id);
        },
      },
      1,
    ],
    [
      'POST /auth/password',
      { json: { current_password: 'a good long password', password: 'another good long one' } },
      1,
    ],
  ].map(([route, options, expected, keep]) => ({ route, options, expected, keep, other }));
}

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
  const all = (await w.person.api('GET', `/organizations/${w.person.organization.id}/audit/export`))
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

// Ends the world, so tried nowhere here: their own tests look at the trail.
const LAST = new Set([
  'POST /auth/register',
  'POST /auth/logout',
  'POST /auth/switch',
  'POST /auth/accept-invitation',
  'POST /organizations/{id}/leave',
  'DELETE /organizations/{id}',
  'POST /models/remote',
  'DELETE /models/{id}',
]);

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
    const answer = await a.person.api(method, route, method === 'GET' ? {} : { json: {} });
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
    const { text, headers } = await person.api('GET', `${where}/export`);
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
