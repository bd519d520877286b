// 161-166: whatever a tenant gives an address for, the server goes nowhere inside.
import assert from 'node:assert/strict';
import { hostname, networkInterfaces } from 'node:os';
import { test } from 'node:test';

import { startCanary } from './receiver.mjs';
import { assertProblem, openapi, suite } from './world.mjs';

// Each way in which an address of a tenant's reaches the server. A new route with a field that is
// an address must stand here.
const SINKS = {
  webhook: {
    route: 'POST /webhooks',
    give: (person, url) =>
      person.api('POST', '/webhooks', { json: { name: 'h', url, events: ['*'] } }),
  },
  'webhook, changed': {
    route: 'PATCH /webhooks/{id}',
    give: (person, url, world) => person.api('PATCH', `/webhooks/${world.hook}`, { json: { url } }),
  },
  'OpenID issuer': {
    route: 'POST /sso/providers',
    give: (person, url) =>
      person.api('POST', '/sso/providers', {
        json: {
          kind: 'oidc',
          name: 'p',
          secret: 's',
          config: { issuer: url.replace(/[?#].*$/, ''), client_id: 'x' },
        },
      }),
  },
  'remote model': {
    route: 'POST /models/remote',
    give: (person, url) =>
      person.api('POST', '/models/remote', { json: { name: `m${Math.random()}`, url } }),
  },
};
// Names of fields that hold an address, and where they are no way out.
const ADDRESS = /^(.*_)?(url|uri|endpoint|host|issuer|server|link|webhook|callback)$/i;
const HARMLESS = new Set([]);

function insidePlaces(port) {
  const own = Object.values(networkInterfaces())
    .flat()
    .filter((one) => one.family === 'IPv4' && !one.internal)
    .map((one) => one.address);
  return [
    '127.0.0.1',
    'localhost',
    'LOCALHOST',
    'localhost.',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '0.0.0.0',
    '0',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '[fd00::1]',
    '[fe80::1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    'metadata.google.internal',
    '%31%32%37.0.0.1',
    hostname(),
    ...own,
  ].map((host) => `${host}:${port}`);
}

suite('server-side requests', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  async function world() {
    const person = await server().person();
    return { person };
  }

  test('every field of every body that names an address is a known sink', async () => {
    const document = await openapi(server());
    const known = new Set(Object.values(SINKS).map((sink) => sink.route));
    const found = [];
    const walk = (schema, route, seen) => {
      if (!schema || typeof schema !== 'object') return;
      if (schema.$ref) {
        const name = schema.$ref.split('/').pop();
        if (!seen.has(name))
          walk(document.components.schemas[name], route, new Set([...seen, name]));
        return;
      }
      for (const [name, member] of Object.entries(schema.properties ?? {})) {
        if (ADDRESS.test(name) || member.format === 'uri') found.push([route, name]);
        walk(member, route, seen);
      }
      walk(schema.items, route, seen);
    };
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const body = operation.requestBody?.content ?? {};
        const route = `${method.toUpperCase()} ${path.replace('/api/v1', '')}`;
        for (const { schema } of Object.values(body)) walk(schema, route, new Set());
      }
    }
    assert.ok(found.length >= 3, JSON.stringify(found));
    for (const [route, name] of found) {
      assert.ok(known.has(route) || HARMLESS.has(`${route} ${name}`), `${route} ${name}`);
    }
  });

  for (const [name, sink] of Object.entries(SINKS)) {
    test(`161 ${name}: no spelling of an inner address is reached`, async () => {
      const canary = await startCanary();
      const canary6 = await startCanary('::1').catch(() => null);
      const { person } = await world();
      const at = { person };
      if (name === 'webhook, changed') {
        // Made while 8.8.8.8 is public and never asked: nothing is sent before an event.
        const made = await person.api('POST', '/webhooks', {
          json: { name: 'h', url: 'http://8.8.8.8/', events: ['nothing'] },
        });
        assert.equal(made.status, 201, made.text);
        at.hook = made.body.webhook.id;
      }
      for (const place of insidePlaces(canary.port)) {
        for (const scheme of ['http', 'https']) {
          const answer = await sink.give(person, `${scheme}://${place}/x`, at);
          assertProblem(answer, [422, 503], `${scheme}://${place}`);
          assert.ok(!answer.text.includes('secret upstream'));
        }
      }
      for (const url of [
        'file:///etc/passwd',
        'gopher://8.8.8.8/',
        'dict://8.8.8.8/',
        'ftp://8.8.8.8/',
        'http://user:pass@8.8.8.8/',
        'http://8.8.8.8\\@127.0.0.1/',
        'http://',
        '//8.8.8.8/',
        `http://127.0.0.1:${canary.port}#@8.8.8.8/`,
        'http://8.8.8.8/\r\nX: y',
        'javascript:alert(1)',
      ]) {
        assertProblem(await sink.give(person, url, at), 422, url);
      }
      assert.deepEqual(canary.hits, [], 'nobody called');
      if (canary6) {
        assert.deepEqual(canary6.hits, []);
        await canary6.stop();
      }
      await canary.stop();
    });
  }

  test('161 a refusal leaves nothing behind', async () => {
    const { person } = await world();
    await SINKS.webhook.give(person, 'http://127.0.0.1/');
    await SINKS['remote model'].give(person, 'http://127.0.0.1/');
    assert.deepEqual((await person.api('GET', '/webhooks')).body.items, []);
    assert.deepEqual((await person.api('GET', '/models?kind=remote')).body.items, []);
  });

  test("163 the store of blobs is the operator's: no tenant gives an endpoint", async () => {
    const document = await openapi(server());
    const text = JSON.stringify(document.paths);
    assert.doesNotMatch(text, /s3_|bucket|"endpoint"/i);
  });
});

// 164: a name that is judged anew at each delivery; what it leads to is what is connected to.
suite(
  'names that change',
  {
    env: { ANNOTATEAI_RATE_LIMIT: 'false', ANNOTATEAI_OUTBOUND_ALLOW: '127.0.0.2' },
  },
  (server) => {
    test('164 a name leads where all its addresses may be reached', async () => {
      const person = await server().person();
      const canary = await startCanary('127.0.0.1');
      // localhost is 127.0.0.1 and ::1; the operator lists another address only.
      const answer = await SINKS.webhook.give(person, `http://localhost:${canary.port}/`);
      assertProblem(answer, 422);
      assert.deepEqual(canary.hits, []);
      await canary.stop();
    });
  },
);
