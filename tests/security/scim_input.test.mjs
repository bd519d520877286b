// SCIM 2.0: versions, pages, filters, and bodies that nobody should send.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { uuidv7 } from '../functional/harness.mjs';
import {
  GROUP,
  PATCH,
  USER,
  assertScimError,
  directory,
  makeGroup,
  newUser,
  patchOf,
  provision,
} from './scim_world.mjs';
import { auditOf, suite } from './world.mjs';

suite('scim input', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  let owner;
  let d;
  before(async () => {
    owner = await server().person();
    d = await directory(server(), owner);
  });

  const actionsSince = async (sequence) =>
    (await auditOf(owner)).filter((e) => e.sequence > sequence).map((e) => e.action);
  const lastEntry = async () => (await auditOf(owner))[0].sequence;

  test('versions: If-Match and If-None-Match', async () => {
    const user = await provision(d.scim);
    const first = user.meta.version;
    assert.match(first, /^W\/"/);
    const read = await d.scim('GET', `/Users/${user.id}`, undefined, { 'if-none-match': first });
    assert.equal(read.status, 304);
    const body = patchOf({ op: 'replace', path: 'displayName', value: 'A' });
    const stale = await d.scim('PATCH', `/Users/${user.id}`, body, { 'if-match': 'W/"99"' });
    assertScimError(stale, 412);
    const done = await d.scim('PATCH', `/Users/${user.id}`, body, { 'if-match': first });
    assert.equal(done.status, 200, done.text);
    assert.notEqual(done.headers.get('etag'), first);
    for (const [method, json] of [
      ['PATCH', body],
      ['PUT', newUser()],
      ['DELETE', undefined],
    ]) {
      assertScimError(await d.scim(method, `/Users/${user.id}`, json, { 'if-match': first }), 412);
    }
    const group = await makeGroup(d.scim, 'Versioned');
    const rename = patchOf({ op: 'replace', path: 'displayName', value: 'Versioned 2' });
    const now = { 'if-match': group.meta.version };
    const ok = await d.scim('PATCH', `/Groups/${group.id}`, rename, now);
    assert.equal(ok.status, 204, ok.text);
    const old = await d.scim('DELETE', `/Groups/${group.id}`, undefined, now);
    assertScimError(old, 412);
  });

  test('pages, filters and attributes', async () => {
    const { scim } = await directory(server(), await server().person());
    const made = [];
    for (let i = 0; i < 5; ++i) made.push(await provision(scim, i === 4 ? { active: false } : {}));
    const page = async (query) => (await scim('GET', `/Users${query}`)).body;
    const seen = [];
    for (let start = 1; start <= 5; start += 2) {
      const answer = await page(`?startIndex=${start}&count=2`);
      assert.equal(answer.totalResults, 5);
      seen.push(...answer.Resources.map((one) => one.id));
    }
    assert.deepEqual(seen, made.map((one) => one.id));
    assert.equal((await page('?startIndex=0&count=-3')).itemsPerPage, 0);
    assert.equal((await page('?startIndex=99')).Resources.length, 0);
    assert.equal((await page('?count=100000')).itemsPerPage, 5);
    assert.equal((await page('?filter=active eq true')).totalResults, 4);
    assert.equal((await page('?filter=active eq "False"')).totalResults, 1);
    const both = `externalId eq "${made[1].externalId}" and active eq true`;
    assert.equal((await page(`?filter=${both}`)).totalResults, 1);
    const some = (await page('?attributes=userName')).Resources[0];
    assert.deepEqual(Object.keys(some).toSorted(), ['id', 'schemas', 'userName']);
    assert.ok(!('emails' in (await page('?excludedAttributes=emails')).Resources[0]));
    for (const query of ['?startIndex=x', '?count=1e3', '?attributes=a&excludedAttributes=b']) {
      assertScimError(await scim('GET', `/Users${query}`), 400, 'invalidValue', query);
    }
    for (const filter of [
      'userName',
      'userName ne "x"',
      'userName co "x"',
      'userName sw "x"',
      'userName pr',
      'userName eq "x" or active eq true',
      'not (userName eq "x")',
      '(userName eq "x")',
      'title eq "x"',
      'meta.lastModified gt "2011-05-13T04:42:34Z"',
      'userName eq "x',
      "userName eq 'x'",
      'userName eq 1',
      "userName eq \"' OR 1=1--\" or",
      `userName eq "${'a'.repeat(2100)}"`,
      Array(12).fill('id eq "x"').join(' and '),
    ]) {
      assertScimError(await scim('GET', `/Users?filter=${filter}`), 400, 'invalidFilter', filter);
    }
    for (const value of ["' OR 1=1--", '%', '_', "'); DROP TABLE scim_users;--"]) {
      assert.equal((await page(`?filter=userName eq "${value}"`)).totalResults, 0, value);
    }
  });

  test('bad input of every kind changes nothing', async () => {
    const user = await provision(d.scim);
    const group = await makeGroup(d.scim, 'Steady', [user.id]);
    const state = async () =>
      (await d.scim('GET', '/Users')).text + (await d.scim('GET', '/Groups')).text;
    const was = await state();
    const last = await lastEntry();
    const deep = (n) => `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`;
    const write = (method, path, body, headers) => d.scim(method, path, body, headers);
    const bodies = [
      ['', 400],
      ['{', 400],
      ['nothing', 400],
      ['[]', 400],
      ['null', 400],
      ['"x"', 400],
      ['{}', 400],
      [deep(40), 400],
      [`{"schemas":["${USER}"],"userName":1e999}`, 400],
      [`{"schemas":["${USER}"],"userName":"a\\u0000@b.test"}`, 400],
      [`{"schemas":["${USER}"],"userName":"\\ud800@b.test"}`, 400],
      [Buffer.from(`{"schemas":["${USER}"],"userName":"\xff@b.test"}`, 'latin1'), 400],
      [{ schemas: [USER] }, 400],
      [{ schemas: [GROUP], userName: 'a@b.test' }, 400],
      [{ ...newUser(), userName: 7 }, 400],
      [{ ...newUser(), userName: ['a@b.test'] }, 400],
      [{ ...newUser(), active: 'yes' }, 400],
      [{ ...newUser(), active: 1 }, 400],
      [{ ...newUser(), emails: 'a@b.test' }, 400],
      [{ ...newUser(), emails: [{ value: 'no address', primary: true }] }, 400],
      [{ ...newUser(), emails: [{ value: 'a@b.test\r\nBcc: x@y.test', primary: true }] }, 400],
      [{ ...newUser(), emails: Array(11).fill({ value: 'a@b.test' }) }, 400],
      [{ ...newUser(), name: [] }, 400],
      [{ ...newUser(), isAdmin: true }, 400],
      [{ ...newUser(), userName: 'a'.repeat(401) }, 400],
      [{ ...newUser(), displayName: 'x'.repeat(300_000) }, 413],
    ];
    for (const [body, status] of bodies) {
      const what = JSON.stringify(body).slice(0, 100);
      for (const [method, path] of [
        ['POST', '/Users'],
        ['PUT', `/Users/${user.id}`],
      ]) {
        const raw = Buffer.isBuffer(body) ? new TextDecoder('latin1').decode(body) : body;
        const answer = Buffer.isBuffer(body)
          ? await server().call(method, `/scim/v2${path}`, {
              token: d.secret,
              body,
              headers: { 'content-type': 'application/scim+json' },
            })
          : await write(method, path, raw);
        assert.equal(answer.status, status, `${method} ${what}: ${answer.status} ${answer.text}`);
        assertScimError(answer, status, answer.body.scimType, what);
      }
    }
    const operations = [
      [],
      {},
      [1],
      [null],
      [{}],
      [{ op: 'move', path: 'displayName', value: 'x' }],
      [{ op: 'remove' }],
      [{ op: 'add', path: 'displayName' }],
      [{ op: 'add', path: 7, value: 'x' }],
      [{ op: 'add', path: 'displayName[', value: 'x' }],
      [{ op: 'add', path: '__proto__', value: {} }],
      [{ op: 'add', value: 'x' }],
      [{ op: 'replace', path: 'id', value: uuidv7() }],
      [{ op: 'replace', path: 'displayName', value: { a: 1 } }],
      Array(101).fill({ op: 'replace', path: 'displayName', value: 'x' }),
      // The first is sound, the last is not: neither is done.
      [
        { op: 'replace', path: 'displayName', value: 'half-done' },
        { op: 'replace', path: 'members[value eq "x"].y', value: 'x' },
      ],
    ];
    for (const Operations of operations) {
      for (const path of [`/Users/${user.id}`, `/Groups/${group.id}`]) {
        const answer = await write('PATCH', path, { schemas: [PATCH], Operations });
        const what = `${path} ${JSON.stringify(Operations).slice(0, 120)} ${answer.text}`;
        assert.equal(answer.status, 400, what);
        assertScimError(answer, 400, answer.body.scimType);
      }
    }
    const tooMany = Array.from({ length: 5001 }, () => ({ value: uuidv7() }));
    const nested = [{ value: user.id, type: 'Group' }];
    for (const members of [[{ value: uuidv7() }], ['x'], [{}], 'x', nested, tooMany]) {
      const whole = { schemas: [GROUP], displayName: 'Steady', members };
      const answer = await write('PUT', `/Groups/${group.id}`, whole);
      assert.equal(answer.status, 400, answer.text.slice(0, 300));
    }
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x']) {
      const headers = { 'content-type': type };
      const answer = await write('POST', '/Users', JSON.stringify(newUser()), headers);
      assertScimError(answer, 415, undefined, type);
    }
    assert.equal(await state(), was);
    const written = (await actionsSince(last)).filter((action) => action !== 'denied');
    assert.deepEqual(written, []);
    const plain = await write('POST', '/Users', newUser(), { 'content-type': 'application/json' });
    assert.equal(plain.status, 201, plain.text);
  });
});
