// Lists of jobs over HTTP: filters, pages, bad queries.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, tinyPng } from './harness.mjs';

let server;
let ada;
let exports;
let failed;
before(async () => {
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  ada = await server.person('ada');
  const project = await server.project(ada);
  await server.upload(ada, project.id, [['a.png', tinyPng()]]);
  const start = async () => {
    const answer = await ada.api('POST', `/projects/${project.id}/exports`,
      { json: { format: 'coco' } });
    await server.job(ada, answer.body.job_id);
    return answer.body.job_id;
  };
  exports = [await start(), await start(), await start()].reverse();
  const form = new FormData();
  form.append('format', 'coco');
  form.append('file', new Blob(['no JSON']), 'a.json');
  const refused = await ada.api('POST', `/projects/${project.id}/imports`, { body: form });
  assert.equal(refused.status, 202, refused.text);
  failed = refused.body.job_id;
  for (let state = ''; state !== 'failed'; ) {
    ({ state } = (await ada.api('GET', `/jobs/${failed}`)).body);
    assert.notEqual(state, 'succeeded');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});
after(() => server.stop());

const list = async (query) => (await ada.api('GET', `/jobs?${query}`)).body;
const ids = async (query) => (await list(query)).items.map(({ id }) => id);

test('jobs are listed by kind, state and person, all together', async () => {
  assert.deepEqual(await ids(''), [failed, ...exports]);
  assert.deepEqual(await ids('group=export'), exports);
  assert.deepEqual(await ids('group=import'), [failed]);
  assert.deepEqual(await ids('group=preannotation'), []);
  assert.deepEqual(await ids('state=failed'), [failed]);
  assert.deepEqual(await ids('state=failed&group=export'), []);
  assert.deepEqual(await ids('state=succeeded&group=export&mine=true'), exports);
});

test('pages of a filtered list follow each other', async () => {
  const seen = [];
  for (let cursor = ''; cursor !== null && seen.length < 9; ) {
    const page = await list(`group=export&limit=1${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  assert.deepEqual(seen, exports);
});

test('what the list does not know is refused', async () => {
  for (const query of ['group=work', 'group=', 'state=burnt', 'mine=yes', 'cursor=1',
    "group=export' OR '1'='1"]) {
    const answer = await ada.api('GET', `/jobs?${query}`);
    assert.equal(answer.body.code, 'invalid_query', query);
  }
  const { body } = await ada.api('GET', '/jobs?group=work');
  assert.match(body.detail, /export, import, index, model, other, preannotation/);
});
