// 132: every field of every JSON body in /api/openapi.json, one wrong value at a time.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { boxOperation, uuidv7 } from '../functional/harness.mjs';
import { assertAlive, assertProblem, furnished, openapi, suite } from './world.mjs';

// Each as JSON text, since some of them no JSON writer makes.
const WRONG = [
  'null',
  '"text"',
  '""',
  '[]',
  '{}',
  '[[[[]]]]',
  '-1',
  '0',
  '1.5',
  'true',
  '2147483648',
  '9223372036854775808',
  '-9223372036854775809',
  '1e309',
  '-1e309',
  '1e-400',
  '"🐎"',
  '"\\u202E"',
  '"\\u0000"',
  '"a\\u0000b"',
  '"__proto__"',
  '{"__proto__":{"x":1}}',
  '"\\ud800"',
  `"${'x'.repeat(1 << 20)}"`,
  `"' OR 1=1--"`,
  '[null]',
  '[{}]',
  '"01a2182e-d982-7446-90d9"',
];

// A body that fits the schema, with ids that exist where the name says what they are of.
function sample(document, schema, known, depth = 0) {
  if (schema.$ref) {
    return sample(
      document,
      document.components.schemas[schema.$ref.split('/').pop()],
      known,
      depth,
    );
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice) return sample(document, choice[0], known, depth);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object') {
    const out = {};
    for (const [name, member] of Object.entries(schema.properties ?? {})) {
      if (depth > 3 && !schema.required?.includes(name)) continue;
      out[name] = known[name] ?? sample(document, member, known, depth + 1);
    }
    return out;
  }
  if (type === 'array') {
    return Array.from({ length: schema.minItems ?? 1 }, () =>
      sample(document, schema.items, known, depth + 1),
    );
  }
  if (type === 'number' || type === 'integer')
    return Math.max(schema.minimum ?? 1, 1) === 1
      ? Math.min(1, schema.maximum ?? 1)
      : schema.minimum;
  if (type === 'boolean') return false;
  if (schema.format === 'uuid') return uuidv7();
  if (schema.format === 'date-time') return '2026-01-01T00:00:00Z';
  return 'a'.repeat(Math.max(schema.minLength ?? 1, 1));
}

// JSON pointers of all values inside, containers too.
function* pointersIn(value, path = []) {
  if (path.length) yield path;
  if (value && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) yield* pointersIn(inner, [...path, key]);
  }
}

const MARK = '@@here@@';
function withText(value, path, text) {
  const copy = structuredClone(value);
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key];
  at[path.at(-1)] = MARK;
  return JSON.stringify(copy).replace(`"${MARK}"`, () => text);
}

suite(
  'API fuzz',
  { env: { ANNOTATEAI_RATE_LIMIT: 'false', ANNOTATEAI_WORKERS: '1' } },
  (server) => {
    let world;
    let document;
    before(async () => {
      world = await furnished(server());
      const opened = await world.person.api('POST', `/assets/${world.asset.id}/threads`, {
        json: { x: 1, y: 1, body: 'a' },
      });
      world.thread = opened.body;
      document = await openapi(server());
    });

    const send = (method, route, text, headers = {}) =>
      world.person.api(method, route, {
        body: text,
        headers: { 'content-type': 'application/json', ...headers },
      });

    // Bodies to bend, by route: fitting ones from the schema, and some that go deeper.
    function* bodies() {
      const label = world.project.labels[0].id;
      const known = {
        label_id: label,
        asset_id: world.asset.id,
        color: '#112233',
        email: 'fuzz@example.test',
        password: 'a good long password',
        model: 'yolox-nano',
      };
      const ids = {
        projects: world.project.id,
        assets: world.asset.id,
        annotations: world.annotation,
        threads: world.thread.id,
        comments: world.thread.comments[0].id,
      };
      for (const [path, methods] of Object.entries(document.paths)) {
        for (const [method, operation] of Object.entries(methods)) {
          const schema = operation.requestBody?.content?.['application/json']?.schema;
          if (!schema || path.includes('/inference/') || path.endsWith('/preannotations')) continue;
          const route = path.replace('{id}', ids[path.split('/')[3]] ?? uuidv7());
          yield [method.toUpperCase(), route, sample(document, schema, known)];
        }
      }
      const person = world.person.user.id;
      yield [
        'POST',
        `/api/v1/assets/${world.asset.id}/threads`,
        { id: uuidv7(), x: 1, y: 1, frame: 0, body: 'a', mentions: [person] },
      ];
      const comment = `/api/v1/comments/${world.thread.comments[0].id}`;
      yield ['PATCH', comment, { id: uuidv7(), base_version: 1, edit: [1, 'b', { d: 0 }] }];
      const operations = `/api/v1/assets/${world.asset.id}/operations`;
      const put = (shape) => ({
        base_revision: 0,
        operations: [
          { ...boxOperation(label), annotation: { ...boxOperation(label).annotation, shape } },
        ],
      });
      yield [
        'POST',
        operations,
        put({ type: 'box', x: 1, y: 1, width: 5, height: 5, rotation: 10 }),
      ];
      yield [
        'POST',
        operations,
        put({
          type: 'polygon',
          parts: [
            {
              points: [
                [1, 1],
                [9, 1],
                [9, 9],
              ],
              keys: ['a', 'b', 'c'],
              holes: [
                [
                  [3, 2],
                  [4, 2],
                  [4, 3],
                ],
              ],
            },
          ],
        }),
      ];
      yield ['POST', operations, put({ type: 'mask', rle: { size: [48, 64], counts: '_`0' } })];
      yield [
        'POST',
        operations,
        put({ type: 'skeleton', points: [{ name: 'a', x: 1, y: 1, visibility: 2 }] }),
      ];
      const target = world.annotation;
      for (const operation of [
        { op: 'set', target, path: 'score', value: 0.5 },
        { op: 'del', target },
        { op: 'vertex_insert', target, part: 0, key: 'k', after: 'a', point: [1, 1] },
        { op: 'vertex_set', target, key: 'a', point: [1, 1] },
        { op: 'reorder', target, z: 'm' },
        { op: 'mask_paint', target, mode: 'add', rle: { size: [48, 64], counts: '_`0' } },
      ]) {
        yield [
          'POST',
          operations,
          { base_revision: 0, operations: [{ id: uuidv7(), ...operation }] },
        ];
      }
      yield [
        'POST',
        '/api/v1/projects',
        {
          name: 'n',
          type: 'keypoints',
          labels: [
            {
              name: 'l',
              color: '#123456',
              kind: 'any',
              attributes: [{ name: 'a', type: 'select', options: ['x', 'y'], required: true }],
              skeleton: { points: ['a', 'b'], edges: [[0, 1]] },
            },
          ],
        },
      ];
      yield [
        'POST',
        '/api/v1/inference/segment',
        { asset_id: uuidv7(), points: [{ x: 1, y: 1, label: 1 }], box: [1, 1, 5, 5], model: 'm' },
      ];
      yield [
        'POST',
        '/api/v1/inference/detect',
        { asset_id: uuidv7(), min_score: 0.5, model: 'm' },
      ];
    }

    test('132 each field in turn: null, other types, far numbers, text that bites', async () => {
      let sent = 0;
      const failures = [];
      const bend = async (method, route, text, what) => {
        ++sent;
        const answer = await send(method, route, text);
        const label = `${method} ${route} ${what.slice(0, 90)}`;
        if (answer.status >= 500 && !(answer.status === 503 && answer.body.code)) {
          failures.push(`${label}: ${answer.status} ${answer.text.slice(0, 200)}`);
        } else if (answer.status >= 400) {
          assertProblem(answer, answer.status, label);
          if (answer.status === 422 && answer.body.code === 'invalid_body') {
            assert.match(answer.body.errors[0].pointer, /^(\/|$)/, label);
          }
        } else if (/1e-?309|9223372036854775808|u0000|ud800/.test(text)) {
          failures.push(`${label}: taken with ${answer.status}`);
        }
      };
      for (const [method, route, body] of bodies()) {
        const jobs = [];
        for (const path of pointersIn(body)) {
          for (const wrong of WRONG) {
            if (wrong.length > 1000 && path.length > 2) continue;
            jobs.push([withText(body, path, wrong), `${path.join('/')}=${wrong}`]);
          }
        }
        for (const wrong of WRONG.slice(0, 12)) jobs.push([wrong, `body=${wrong}`]);
        for (const name of [
          '__proto__',
          'constructor',
          'organization_id',
          'no_such_member',
          '',
          '$ref',
        ]) {
          jobs.push([
            `{${JSON.stringify(name)}:1,${JSON.stringify(body).slice(1)}`,
            `extra ${name}`,
          ]);
        }
        for (let i = 0; i < jobs.length; i += 16) {
          await Promise.all(
            jobs.slice(i, i + 16).map(([text, what]) => bend(method, route, text, what)),
          );
        }
      }
      assert.deepEqual(failures.slice(0, 20), [], `${failures.length} of ${sent}`);
      assert.ok(sent > 1500, `${sent} sent`);
      await assertAlive(server());
    });

    test('132 what was stored in the meantime can all be read', async () => {
      for (const route of [
        '/projects?limit=200',
        `/projects/${world.project.id}`,
        '/jobs?limit=200',
        `/assets/${world.asset.id}/annotations`,
        `/organizations/${world.person.organization.id}/audit?limit=200`,
      ]) {
        const answer = await world.person.api('GET', route);
        assert.equal(answer.status, 200, `${route} ${answer.text.slice(0, 200)}`);
        assert.doesNotMatch(answer.text, /Infinity|NaN|\\u0000|1e309/);
      }
    });

    test('132 operations that nobody may send', async () => {
      const label = world.project.labels[0].id;
      const fresh = await furnished(server());
      const other = await fresh.person.api('POST', '/projects', {
        json: { name: 'other', type: 'detection', labels: [{ name: 'o' }] },
      });
      const route = `/assets/${fresh.asset.id}/operations`;
      const post = (operations, base = 1) =>
        fresh.person.api('POST', route, { json: { base_revision: base, operations } });
      const mine = fresh.project.labels[0].id;
      const shaped = (shape) => ({
        ...boxOperation(mine),
        annotation: { ...boxOperation(mine).annotation, shape },
      });
      const target = fresh.annotation;
      const set = (path, value = 1) => ({ id: uuidv7(), op: 'set', target, path, value });
      for (const operation of [
        { id: uuidv7(), op: 'drop_table', target },
        { id: 'x', op: 'del', target },
        { op: 'del', target },
        { id: uuidv7(), op: 'del' },
        null,
        1,
        'del',
        [],
        boxOperation(other.body.labels[0].id),
        boxOperation(label),
        boxOperation(uuidv7()),
        set('__proto__'),
        set('__proto__/polluted'),
        set('constructor'),
        set(''),
        set('/'),
        set('created_by', uuidv7()),
        set('revision', 99),
        set('organization_id', uuidv7()),
        set('id', uuidv7()),
        set('source', 'model'),
        set('x'.repeat(100_000)),
        shaped({
          type: 'polygon',
          points: Array.from({ length: 300_000 }, (_, i) => [i % 60, i % 40]),
        }),
        shaped({ type: 'box', x: 1e8, y: 0, width: 1, height: 1 }),
        shaped({ type: 'box', x: 0, y: 0, width: -5, height: 1 }),
        shaped({
          type: 'polygon',
          points: [
            [1, 1],
            [2, 2],
          ],
        }),
        shaped({ type: 'hexagon' }),
        shaped({ type: 'mask', rle: { size: [1e9, 1e9], counts: '0' } }),
        shaped({ type: 'mask', rle: { size: [48, 64], counts: 'zzzzzzzz' } }),
        { id: uuidv7(), op: 'del', target: uuidv7() },
      ]) {
        const answer = await post([operation]);
        assert.ok(
          [400, 409, 413, 422].includes(answer.status),
          `${JSON.stringify(operation).slice(0, 99)}: ${answer.status} ${answer.text.slice(0, 99)}`,
        );
      }
      for (const base of [2, 2 ** 31, 2 ** 52, -1]) {
        const answer = await post([boxOperation(mine)], base);
        assert.ok(
          [409, 422].includes(answer.status),
          `base ${base}: ${answer.status} ${answer.text}`,
        );
      }
      const many = await post(Array.from({ length: 1001 }, () => boxOperation(mine)));
      assert.ok([413, 422].includes(many.status), many.text.slice(0, 200));
      const first = boxOperation(mine);
      assert.equal((await post([first])).status, 200);
      const again = await post([first]);
      assert.equal(again.status, 200);
      const bent = await post([
        {
          ...first,
          annotation: {
            ...first.annotation,
            shape: { type: 'box', x: 9, y: 9, width: 9, height: 9 },
          },
        },
      ]);
      const { body } = await fresh.person.api('GET', `/assets/${fresh.asset.id}/annotations`);
      assert.equal(
        body.items.find((item) => item.id === first.annotation.id).shape.x,
        1,
        `the same id with another body took effect: ${bent.status}`,
      );
      assert.equal(body.items.length, 2);
      assert.equal(body.revision, 2);
    });
  },
);
