// 082-097: what belongs to another organization is as absent as what never was.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { boxOperation, tinyPng, uuidv7 } from '../functional/harness.mjs';
import { customRole, member } from './members.mjs';
import { makeGroup, makeToken, speaker } from './scim_world.mjs';
import {
  assertProblem,
  exchange,
  furnished,
  median,
  openapi,
  publicRoutes,
  sqlOf,
  statusesIn,
  suite,
  until,
} from './world.mjs';

const VERBS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
// Answers that may differ although nothing is told.
const UNCOMPARED = new Set(['x-request-id', 'date', 'connection', 'keep-alive']);
const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
// Not a tenant's: the catalogue of models is one for all.
const COMMON = new Set(['models']);

function comparable(answer) {
  const headers = [...answer.headers].filter(([name]) => !UNCOMPARED.has(name)).sort();
  return JSON.stringify({ status: answer.status, headers, text: answer.text });
}

// All that an owner sees of an organization.
async function stateOf(v) {
  const routes = [
    `/projects`,
    `/projects/${v.project.id}`,
    `/projects/${v.project.id}/assets`,
    `/assets/${v.asset.id}`,
    `/assets/${v.asset.id}/annotations`,
    `/assets/${v.asset.id}/versions`,
    `/assets/${v.asset.id}/suggestions`,
    `/assets/${v.asset.id}/threads`,
    `/projects/${v.project.id}/threads`,
    '/mentions',
    `/annotations/${v.annotation}/history`,
    '/jobs',
    '/webhooks',
    '/scim-tokens',
    '/scim-users',
    '/scim-groups',
    '/auth/sessions',
    `/organizations/${v.person.organization.id}`,
    `/organizations/${v.person.organization.id}/members`,
    `/organizations/${v.person.organization.id}/roles`,
    `/organizations/${v.person.organization.id}/invitations`,
    `/organizations/${v.person.organization.id}/policy`,
    `/organizations/${v.person.organization.id}/quota`,
    `/projects/${v.project.id}/grants`,
    `/organizations/${v.person.organization.id}/audit?limit=200`,
  ];
  const out = [];
  for (const route of routes) out.push((await v.person.api('GET', route)).text);
  return out.join('\n');
}

const env = {
  ANNOTATEAI_RATE_LIMIT: 'false',
  ANNOTATEAI_OUTBOUND_ALLOW: '127.0.0.1',
  // A webhook that nobody answers is not tried again while what it shows is compared.
  ANNOTATEAI_WEBHOOK_RETRY_SECONDS: '3600',
};

suite('tenancy', { env }, (server) => {
  let v;
  let a;
  let ids;
  let document;
  before(async () => {
    v = await furnished(server());
    a = await furnished(server());
    document = await openapi(server());
    const started = await v.person.api('POST', `/projects/${v.project.id}/exports`, {
      json: { format: 'coco' },
    });
    await server().job(v.person, started.body.job_id);
    const versions = await v.person.api('GET', `/assets/${v.asset.id}/versions`);
    const thread = await v.person.api('POST', `/assets/${v.asset.id}/threads`, {
      json: { x: 1, y: 2, body: 'ours', mentions: [v.person.user.id] },
    });
    const mentions = await v.person.api('GET', '/mentions');
    const sessions = await v.person.api('GET', '/auth/sessions');
    const base64 = (text) => Buffer.from(text).toString('base64');
    const upload = await v.person.api('POST', '/uploads', {
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': '5',
        'upload-metadata': `filename ${base64('a.png')},project_id ${base64(v.project.id)}`,
      },
    });
    const hook = await v.person.api('POST', '/webhooks', {
      json: { name: 'ours', url: 'http://127.0.0.1:9/', events: ['nothing'] },
    });
    const ping = await v.person.api('POST', `/webhooks/${hook.body.webhook.id}/ping`);
    await until('nobody answered', async () => {
      const { body } = await v.person.api('GET', `/webhooks/${hook.body.webhook.id}`);
      return body.failures > 0;
    });
    const owner = v.person.organization.id;
    const invitation = await v.person.api('POST', `/organizations/${owner}/invitations`, {
      json: { email: 'guest@example.test', role: 'viewer' },
    });
    const role = await customRole(v.person, ['asset_read']);
    const colleague = await member(server(), v.person, role.id);
    await v.person.api('PUT', `/projects/${v.project.id}/grants/${colleague.user.id}`, {
      json: { role: 'annotator' },
    });
    const ofWhom = { json: { name: 'robot', scopes: ['project_read'] } };
    const own = await v.person.api('POST', '/auth/tokens', ofWhom);
    const service = await v.person.api('POST', `/organizations/${owner}/service-tokens`, ofWhom);
    const scimToken = await makeToken(v.person);
    const scimGroup = await makeGroup(speaker(server(), scimToken.secret), 'Ours');
    const passkey = uuidv7();
    sqlOf(
      server(),
      'INSERT INTO passkeys (id, user_id, credential_id, algorithm, public_key, sign_count, ' +
        `name, created_at) VALUES ('${passkey}', '${v.person.user.id}', '${passkey}', -7, ` +
        "'none', 0, 'ours', 1)",
    );
    const provider = await v.person.api('POST', '/sso/providers', {
      json: {
        kind: 'ldap',
        name: 'ours',
        enabled: false,
        config: {
          url: 'ldaps://127.0.0.1:636',
          bind_dn: 'cn=search,dc=test',
          base_dn: 'ou=people,dc=test',
          user_filter: '(uid={user})',
        },
        secret: 'search secret',
      },
    });
    ids = {
      passkeys: passkey,
      sso: provider.body.id,
      provider: provider.body.id,
      tokens: own.body.token.id,
      token_id: service.body.token.id,
      user: colleague.user.id,
      role: role.id,
      invitation: invitation.body.invitation.id,
      webhooks: hook.body.webhook.id,
      deliveries: ping.body.id,
      projects: v.project.id,
      assets: v.asset.id,
      annotations: v.annotation,
      jobs: started.body.job_id,
      exports: started.body.job_id,
      organizations: v.person.organization.id,
      suggestions: uuidv7(),
      threads: thread.body.id,
      comments: thread.body.comments[0].id,
      mentions: mentions.body.items[0].id,
      uploads: upload.headers.get('location').split('/').pop(),
      'scim-tokens': scimToken.token.id,
      'scim-groups': scimGroup.id,
      sessions: sessions.body.items[0].id,
      version: versions.body.items[0].id,
    };
  });

  // Pairs of paths: with V's ids, and with ids that nobody has; of what lies in an organization or
  // a project also V's things in A's own one.
  function pairsOf(pattern) {
    const kind = pattern.replace('/auth/', '/').split('/')[3];
    // By the tokens of directories alone: scim.test.mjs.
    if (pattern.startsWith('/scim/')) return [];
    // Where anybody comes to sign in: saml.test.mjs, oidc.test.mjs, ldap.test.mjs.
    const open = ['/saml/', '/start', '/ldap'].some((part) => pattern.includes(part));
    if (pattern.startsWith('/api/v1/auth/') && open) return [];
    if (COMMON.has(kind) || !pattern.includes('{')) return [];
    assert.ok(ids[kind], `${pattern}: a new kind of resource: say here which of V's it is`);
    const fill = (first, other) =>
      pattern
        .replace('{id}', first)
        .replace('{sequence}', '1')
        .replace('{level}/{x}/{y}', '0/0/0')
        .replace(/\{(\w+)\}/g, (_, name) => {
          assert.ok(ids[name], `${pattern}: a new kind of parameter`);
          return other ? uuidv7() : ids[name];
        });
    const pairs = [[fill(ids[kind], false), fill(uuidv7(), true)]];
    const own = { organizations: a.person.organization.id, projects: a.project.id }[kind];
    if (own && /\{(user|role|invitation|token_id)\}/.test(pattern)) {
      pairs.push([fill(own, false), fill(own, true)]);
    }
    return pairs;
  }

  function bodies() {
    const label = v.project.labels[0].id;
    const form = () => {
      const data = new FormData();
      data.append('files', new Blob([tinyPng()]), 'a.png');
      return { body: data };
    };
    return [
      {},
      { json: {} },
      { json: { name: 'stolen' }, headers: { 'if-match': '*' } },
      { json: { attributes: {} }, headers: { 'if-match': '"1"' } },
      { json: { base_revision: 0, operations: [boxOperation(label)] } },
      {
        json: {
          asset_id: v.asset.id,
          label_id: label,
          shape: { type: 'box', x: 1, y: 1, width: 2, height: 2 },
        },
      },
      { json: { format: 'coco' } },
      { json: { min_score: 0.5 } },
      { json: { body: 'stolen' } },
      { json: { role: 'owner' } },
      { json: { email: 'thief@example.test', role: 'owner' } },
      { json: { permissions: [] } },
      { json: { name: 'stolen', scopes: ['project_read'] } },
      { json: { reencrypt: false } },
      { json: { x: 1, y: 1, body: 'stolen' } },
      form(),
      { body: tinyPng(64, 48), headers: { 'content-type': 'application/octet-stream' } },
    ];
  }

  test('082 TRACE and CONNECT', async () => {
    for (const line of ['TRACE /api/v1/projects', `CONNECT 127.0.0.1:${server().port}`]) {
      const { text } = await exchange(server().port, `${line} HTTP/1.1\r\nHost: x\r\n\r\n`);
      assert.ok([400, 405].includes(statusesIn(text)[0]), text);
      assert.doesNotMatch(text, /Host: x/);
    }
  });

  test('083 without a login every route is 401, but for the named public ones', async () => {
    const open = [];
    let closed = 0;
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods)) {
        const url = path.replace(/\{[^}]+\}/g, ids.projects);
        const answer = await server().call(
          method.toUpperCase(),
          url,
          method === 'get' ? {} : { json: {} },
        );
        if (answer.status === 401) ++closed;
        else open.push(`${method.toUpperCase()} ${path}`);
      }
    }
    assert.deepEqual(open.sort(), publicRoutes);
    assert.ok(closed > 35, `${closed} routes`);
    for (const path of [
      '/api/v1/nothing',
      '/api/v2/projects',
      '/api/',
      '/api/v1',
      '/api/v1/admin',
      '/api/graphql',
      '/api/v1/projects/',
      '/api/v1//projects',
    ]) {
      const answer = await server().call('GET', path);
      assert.ok([401, 404].includes(answer.status), `${path} ${answer.status}`);
    }
  });

  test('091 ids are UUIDs of version 7', () => {
    for (const [kind, id] of Object.entries(ids)) assert.match(id, UUID7, kind);
  });

  test('092, 093 every route and verb answers a foreign id as an unknown one', async () => {
    const before = await stateOf(v);
    let compared = 0;
    for (const [pattern, methods] of Object.entries(document.paths)) {
      for (const paths of pairsOf(pattern)) {
        for (const method of VERBS) {
          const options =
            method === 'GET' || method === 'HEAD'
              ? [{}, { headers: { range: 'bytes=0-0' } }, { headers: { 'if-none-match': '*' } }]
              : bodies();
          for (const option of options) {
            const [foreign, unknown] = await Promise.all(
              paths.map((path) => a.person.api(method, path, option)),
            );
            const what = `${method} ${paths[0]} ${JSON.stringify(option).slice(0, 80)}`;
            assert.equal(comparable(foreign), comparable(unknown), what);
            assert.ok(foreign.status >= 400 && foreign.status < 500, `${what}: ${foreign.status}`);
            ++compared;
          }
          const known = methods[method.toLowerCase()];
          if (known && (method === 'GET' || method === 'DELETE')) {
            const answer = await a.person.api(method, paths[0]);
            assert.equal(answer.status, 404, `${method} ${pattern}`);
          }
        }
      }
    }
    assert.ok(compared > 300, `${compared} compared`);
    assert.equal(await stateOf(v), before, "V's data changed");
  });

  test('092 a foreign id takes as long as an unknown one', async () => {
    const wrong = [];
    for (const [pattern, methods] of Object.entries(document.paths)) {
      if (!methods.get) continue;
      for (const paths of pairsOf(pattern)) {
        let best = Infinity;
        // Whoever else is on the machine disturbs; a real difference stays through all rounds.
        for (let round = 0; round < 12 && best > 0.1; ++round) {
          const times = [[], []];
          for (let i = 0; i < 60; ++i) {
            const which = i % 2;
            const began = performance.now();
            await a.person.api('GET', paths[which]);
            times[which].push(performance.now() - began);
          }
          const [foreign, unknown] = times.map(median);
          best = Math.min(best, Math.abs(foreign - unknown) / unknown);
        }
        if (best > 0.1) wrong.push(`${pattern} ${best.toFixed(2)}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('092 foreign ids inside bodies', async () => {
    const before = await stateOf(v);
    const label = a.project.labels[0].id;
    const foreign = boxOperation(v.project.labels[0].id);
    const taken = boxOperation(label);
    taken.annotation.id = v.annotation;
    const moved = boxOperation(label);
    moved.annotation.asset_id = v.asset.id;
    const post = (json) => a.person.api('POST', `/assets/${a.asset.id}/operations`, { json });
    assertProblem(await post({ base_revision: 1, operations: [foreign] }), 422, 'label');
    const put = await post({ base_revision: 1, operations: [moved] });
    if (put.status === 200) assert.equal(put.body.applied[0].annotation.asset_id, a.asset.id);
    else assertProblem(put, 422, 'another asset');
    for (const operation of [
      taken,
      { id: uuidv7(), op: 'del', target: v.annotation },
      { id: uuidv7(), op: 'set', target: v.annotation, path: 'label_id', value: label },
    ]) {
      const answer = await post({ base_revision: 1, operations: [operation] });
      assert.ok([409, 422].includes(answer.status), `${JSON.stringify(operation)} ${answer.text}`);
    }
    for (const json of [{ asset_id: v.asset.id }, { asset_id: v.asset.id, points: [] }]) {
      for (const kind of ['detect', 'segment']) {
        const bad = await a.person.api('POST', `/inference/${kind}`, { json });
        const random = await a.person.api('POST', `/inference/${kind}`, {
          json: { ...json, asset_id: uuidv7() },
        });
        assert.equal(comparable(bad), comparable(random));
        assert.ok([404, 422].includes(bad.status), bad.text);
      }
    }
    const drawn = await a.person.api('POST', `/projects/${a.project.id}/annotations`, {
      json: {
        asset_id: v.asset.id,
        label_id: label,
        shape: { type: 'box', x: 1, y: 1, width: 2, height: 2 },
      },
    });
    assert.ok([404, 422].includes(drawn.status), drawn.text);
    assert.equal(await stateOf(v), before);
  });

  test('097 lists, searches, cursors and ETags tell nothing of V', async () => {
    const thumbnail = await v.person.api('GET', `/assets/${v.asset.id}/thumbnail`);
    const etag = thumbnail.headers.get('etag');
    assert.ok(etag);
    for (const route of ['thumbnail', 'content']) {
      const answer = await a.person.api('GET', `/assets/${v.asset.id}/${route}`, {
        headers: { 'if-none-match': etag },
      });
      assert.equal(answer.status, 404);
    }
    for (const route of [
      '/projects',
      `/projects?cursor=${v.project.id}`,
      '/jobs?limit=200',
      `/jobs?project_id=${v.project.id}`,
      `/jobs?cursor=${ids.jobs}`,
      `/projects/${a.project.id}/assets?cursor=0`,
      `/projects/${a.project.id}/assets?around_rank=0`,
    ]) {
      const answer = await a.person.api('GET', route);
      for (const id of Object.values(ids)) assert.ok(!answer.text.includes(id), route);
    }
  });

  test('095 download links and ids of another are nothing, altered or not', async () => {
    for (const path of [
      `/assets/${v.asset.id}/content`,
      `/exports/${ids.exports}/content`,
      `/assets/${a.asset.id}/content?organization=${ids.organizations}&asset=${v.asset.id}`,
    ]) {
      const answer = await a.person.api('GET', path);
      const own = path.startsWith(`/assets/${a.asset.id}`);
      assert.ok(own ? answer.status === 200 : [400, 404].includes(answer.status), path);
    }
    // As it stands: fetch would take the dots out.
    const dots = `/api/v1/assets/${a.asset.id}/../${v.asset.id}/content`;
    const { text } = await exchange(
      server().port,
      `GET ${dots} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${a.person.token}\r\n\r\n`,
    );
    assert.match(text, /^HTTP\/1\.1 40[04] /);
  });

  test('100 what runs in V is neither read nor cancelled nor begun by another', async () => {
    for (const [method, path] of [
      ['GET', `/jobs/${ids.jobs}`],
      ['GET', `/jobs/${ids.jobs}/events`],
      ['POST', `/jobs/${ids.jobs}/cancel`],
      ['POST', `/jobs/${ids.jobs}/retry`],
      ['POST', `/projects/${v.project.id}/preannotations`],
      ['POST', `/projects/${v.project.id}/exports`],
    ]) {
      const answer = await a.person.api(method, path, method === 'POST' ? { json: {} } : {});
      assert.ok([404, 422].includes(answer.status), `${method} ${path} ${answer.status}`);
    }
    const own = await v.person.api('POST', `/projects/${v.project.id}/exports`, {
      json: { format: 'coco' },
    });
    assert.equal(own.status, 202);
  });

  test('102 a deleted organization is gone at once, and its name has no memory', async () => {
    const gone = await furnished(server());
    const colleague = await member(server(), gone.person, 'annotator');
    const organization = gone.person.organization;
    const paths = [
      '/projects',
      `/projects/${gone.project.id}`,
      `/assets/${gone.asset.id}`,
      `/assets/${gone.asset.id}/content`,
      `/annotations/${gone.annotation}`,
      `/organizations/${organization.id}`,
      `/organizations/${organization.id}/members`,
    ];
    const ended = await gone.person.api('DELETE', `/organizations/${organization.id}`);
    assert.equal(ended.status, 204, ended.text);
    await new Promise((resolve) => {
      setTimeout(resolve, 5200);
    });
    for (const path of paths) {
      assert.equal((await gone.person.api('GET', path)).status, 401, path);
      assert.equal((await colleague.api('GET', path)).status, 401, path);
      const other = await a.person.api('GET', path);
      assert.ok(path === '/projects' || other.status === 404, path);
    }
    const refreshed = await server().call('POST', '/auth/refresh', {
      json: { refresh_token: gone.person.refresh_token },
    });
    assert.equal(refreshed.status, 401);
    const again = await a.person.api('POST', '/organizations', {
      json: { name: organization.name },
    });
    assert.equal(again.status, 201);
    const there = await a.person.api('POST', '/auth/switch', {
      json: { organization_id: again.body.id },
    });
    const projects = await server().call('GET', '/projects', { token: there.body.access_token });
    assert.deepEqual(projects.body.items, []);
  });
});
