// 082-097: what belongs to another organization is as absent as what never was.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { boxOperation, tinyPng, uuidv7 } from '../functional/harness.mjs';
import { assertProblem, exchange, furnished, openapi, statusesIn, suite } from './world.mjs';

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
    '/auth/sessions',
    `/organizations/${v.person.organization.id}/members`,
    `/organizations/${v.person.organization.id}/audit?limit=200`,
  ];
  const out = [];
  for (const route of routes) out.push((await v.person.api('GET', route)).text);
  return out.join('\n');
}

suite('tenancy', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
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
    ids = {
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
      sessions: sessions.body.items[0].id,
      version: versions.body.items[0].id,
    };
  });

  // The path with V's ids, and with ids that nobody has.
  function bothPaths(pattern) {
    const kind = pattern.replace('/auth/', '/').split('/')[3];
    if (COMMON.has(kind) || !pattern.includes('{')) return null;
    assert.ok(ids[kind], `${pattern}: a new kind of resource: say here which of V's it is`);
    const fill = (id) =>
      pattern
        .replace('{id}', id)
        .replace('{version}', ids.version)
        .replace('{level}/{x}/{y}', '0/0/0');
    assert.ok(!/[{}]/.test(fill('x')), `${pattern}: a new kind of parameter`);
    return [fill(ids[kind]), fill(uuidv7())];
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
        else open.push(`${method} ${path}`);
      }
    }
    assert.deepEqual(open.sort(), [
      'get /api/v1/live',
      'post /api/v1/auth/login',
      'post /api/v1/auth/refresh',
      'post /api/v1/auth/register',
    ]);
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
      const paths = bothPaths(pattern);
      if (!paths) continue;
      for (const method of VERBS) {
        const options =
          method === 'GET' || method === 'HEAD'
            ? [{}, { headers: { range: 'bytes=0-0' } }, { headers: { 'if-none-match': '*' } }]
            : bodies();
        for (const option of options) {
          const [foreign, unknown] = await Promise.all(
            paths.map((path) => a.person.api(method, path, option)),
          );
          const what = `${method} ${pattern} ${JSON.stringify(option).slice(0, 80)}`;
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
    assert.ok(compared > 300, `${compared} compared`);
    assert.equal(await stateOf(v), before, "V's data changed");
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
});
