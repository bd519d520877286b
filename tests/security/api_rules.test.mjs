// 134-138: text that means something to a database, verbs, types, preconditions, paths that climb.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { uuidv7 } from '../functional/harness.mjs';
import {
  assertProblem,
  exchange,
  furnished,
  median,
  openapi,
  statusesIn,
  suite,
} from './world.mjs';

suite('API rules', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  let world;
  let document;
  before(async () => {
    world = await furnished(server());
    document = await openapi(server());
  });

  const send = (method, route, text, headers = {}) =>
    world.person.api(method, route, {
      body: text,
      headers: { 'content-type': 'application/json', ...headers },
    });

  test('134, 135 text that means something to a database or a pattern', async () => {
    const normal = [];
    const fetchOnce = async (text) => {
      const began = performance.now();
      const value = encodeURIComponent(text);
      const answers = await Promise.all([
        world.person.api('GET', `/projects?cursor=${value}`),
        world.person.api('GET', `/jobs?project_id=${value}&cursor=${value}`),
        world.person.api('GET', `/projects/${world.project.id}/assets?cursor=${value}`),
        world.person.api('GET', `/projects/${world.project.id}/assets?around_rank=${value}`),
        world.person.api('GET', `/projects?limit=${value}`),
        world.person.api('GET', `/assets/${world.asset.id}/thumbnail?size=${value}`),
        world.person.api(
          'GET',
          `/organizations/${world.person.organization.id}/audit?cursor=${value}`,
        ),
      ]);
      for (const answer of answers) {
        assert.ok(answer.status < 500, `${text.slice(0, 40)}: ${answer.status} ${answer.text}`);
        assert.doesNotMatch(answer.text, /syntax|sqlite|postgres|near "/i);
      }
      return [performance.now() - began, answers];
    };
    for (let i = 0; i < 5; ++i) normal.push((await fetchOnce('x'))[0]);
    for (const text of [
      "' OR 1=1--",
      '";',
      '\\',
      '%',
      '_',
      '$1',
      '?1',
      '1;SELECT pg_sleep(5)',
      "' || randomblob(1000000000) || '",
      '(a+)+$',
      'a'.repeat(5000),
      '%'.repeat(1000),
      '٣',
      '1e3',
      '-1',
      '99999999999999999999',
      '0x10',
      ' 1',
      '1 ',
      '\u202E',
      '{}',
    ]) {
      const [took, answers] = await fetchOnce(text);
      assert.ok(took < median(normal) + 1500, `${text.slice(0, 20)} took ${took} ms`);
      // What is no cursor, number or id is refused, not taken for another one.
      for (const { status } of answers) assert.ok([414, 422].includes(status), text.slice(0, 30));
    }
    const made = await world.person.api('POST', '/projects', {
      json: { name: "Robert'); DROP TABLE projects;--", type: 'detection' },
    });
    assert.equal(made.status, 201);
    const back = await world.person.api('GET', `/projects/${made.body.id}`);
    assert.equal(back.body.name, "Robert'); DROP TABLE projects;--");
  });

  test('136 verbs, types and repeated keys', async () => {
    // "/projects/demo" is an id that does not exist to the other verbs of "/projects/{id}".
    const alsoAnId = (path, verb) =>
      Object.entries(document.paths).some(
        ([other, methods]) =>
          other !== path &&
          methods[verb] &&
          new RegExp(`^${other.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
      );
    for (const [path, methods] of Object.entries(document.paths)) {
      if (path.startsWith('/scim/')) continue; // its own: scim.test.mjs
      const route = path
        .replace('/organizations/{id}', `/organizations/${world.person.organization.id}`)
        .replace(/\{[^}]+\}/g, world.asset.id);
      for (const method of ['PUT', 'PATCH', 'DELETE', 'POST', 'GET']) {
        const operation = methods[method.toLowerCase()];
        const answer = await world.person.api(method, operation ? '/nowhere' : route);
        if (operation) continue;
        if (alsoAnId(path, method.toLowerCase())) {
          assertProblem(answer, 404, `${method} ${path}`);
          continue;
        }
        assertProblem(answer, 405, `${method} ${path}`);
        const allow = answer.headers
          .get('allow')
          .split(', ')
          .map((name) => name.toLowerCase());
        for (const name of Object.keys(methods))
          assert.ok(allow.includes(name), `${path} ${allow}`);
      }
      const post = methods.post?.requestBody?.content?.['application/json'];
      if (!post || path.includes('/inference/')) continue;
      for (const type of [
        'text/plain',
        'application/xml',
        'application/x-www-form-urlencoded',
        '',
      ]) {
        const answer = await world.person.api('POST', route, {
          body: new Blob(['{}']),
          headers: { 'content-type': type },
        });
        assertProblem(answer, 415, `${path} as ${type}`);
      }
    }
    const jsonish = await send('POST', '/projects', '{"name":"n","type":"detection"}', {
      'content-type': 'application/jsonx',
    });
    assertProblem(jsonish, 415, 'application/jsonx');
    assertProblem(await world.person.api('GET', '/projects?limit=1&limit=2'), 422);
    for (const body of [
      '{"name":"a",}',
      "{'a':1}",
      '\ufeff{}',
      '{"a":1}{"b":2}',
      '// x\n{}',
      '{"a":01}',
      '{"a":+1}',
      '{"a":.5}',
      '',
    ]) {
      assertProblem(await send('POST', '/projects', body), [400, 422], body);
    }
  });

  test('137 preconditions and idempotency', async () => {
    const { id } = world.project;
    const patch = (match) =>
      world.person.api('PATCH', `/projects/${id}`, {
        json: { name: 'New' },
        headers: { 'if-match': match },
      });
    for (const match of ['"0"', '"99999"', '"x"', 'x', '"1", "2"', '""']) {
      assertProblem(await patch(match), 412, match);
    }
    const key = uuidv7();
    const json = { name: 'Once', type: 'detection' };
    const make = (body, name = key) =>
      world.person.api('POST', '/projects', { json: body, headers: { 'idempotency-key': name } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => make(json)));
    const made = answers.filter((answer) => answer.status === 201);
    assert.ok(made.length >= 1, answers.map((answer) => answer.text).join());
    assert.equal(new Set(made.map((answer) => answer.body.id)).size, 1, 'made twice');
    assert.ok(
      answers.every((answer) => [201, 409, 503].includes(answer.status)),
      answers.map((answer) => answer.status).join(),
    );
    assertProblem(await make({ ...json, name: 'Other' }), [409, 422]);
    assertProblem(await make(json, 'k'.repeat(5000)), [400, 422, 431]);
  });

  test('138 paths that climb, in every spelling', async () => {
    const paths = [
      '/../etc/passwd',
      '/%2e%2e/etc/passwd',
      '/%2e%2e%2fetc%2fpasswd',
      '/%252e%252e/x',
      '/..%5c..%5cx',
      '/..;/x',
      '//etc/passwd',
      '/static../x',
      '/assets/..%2f..%2fmaster.key',
      '/assets/%00',
      '/.git/config',
      '/.env',
      '/\\\\host\\share',
      '/assets/../../master.key',
      '/annotateai.db',
      '/master.key',
      '/blobs/',
      '/%c0%ae%c0%ae/x',
      '/index.html%00.png',
      '/x#../y',
      '/api/v1/../../master.key',
      '/api/v1/assets/%2e%2e/content',
      '/api/v1/projects/..%2f..%2f',
    ];
    for (const path of paths) {
      const { text } = await exchange(
        server().port,
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:` +
          `${server().port}\r\nConnection: close\r\n\r\n`,
        { quietMs: 3000 },
      );
      const [status] = statusesIn(text);
      assert.ok([200, 400, 401, 404].includes(status), `${path}: ${status}`);
      assert.doesNotMatch(text, /root:|SQLite format|repositoryformatversion|PRIVATE/);
      if (status === 200) assert.match(text, /text\/html/, path);
    }
  });
});
