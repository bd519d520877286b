// Comment threads over HTTP: routes, statuses, bad input, pages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer, tinyPng, uuidv7 } from './harness.mjs';
import { LiveClient } from './live_client.mjs';

let server;
let ada;
let asset;
let project;
before(async () => {
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  ada = await server.person('ada');
  project = await server.project(ada);
  const uploaded = await server.upload(ada, project.id, [['a.png', tinyPng()]]);
  asset = uploaded.body.items[0];
});
after(() => server.stop());

const open = (json) => ada.api('POST', `/assets/${asset.id}/threads`, { json });

test('a thread is opened, answered, changed, settled, taken up again and emptied', async () => {
  const id = uuidv7();
  const opened = await open({ id, x: 10.5, y: 0, body: 'Is this a dog?' });
  assert.equal(opened.status, 201, opened.text);
  assert.equal(opened.body.id, id);
  assert.deepEqual([opened.body.x, opened.body.y], [10.5, 0]);
  assert.deepEqual(opened.body.created_by, { id: ada.user.id, name: 'ada' });
  assert.equal((await open({ id, x: 10.5, y: 0, body: 'Is this a dog?' })).text, opened.text);
  const comment = opened.body.comments[0].id;
  const answered = await ada.api('POST', `/threads/${id}/comments`, {
    json: { body: 'A wolf.', mentions: [ada.user.id] },
  });
  assert.equal(answered.status, 201, answered.text);
  assert.equal(answered.body.comment_count, 2);
  const edited = await ada.api('PATCH', `/comments/${comment}`, { json: { body: 'A dog?' } });
  assert.equal(edited.status, 200, edited.text);
  assert.equal(edited.body.comments[0].body, 'A dog?');
  assert.equal(edited.body.comments[0].version, 2);
  assert.ok(edited.body.comments[0].edited_at);
  const resolved = await ada.api('POST', `/threads/${id}/resolve`, { json: {} });
  assert.equal(resolved.body.resolved_by.name, 'ada');
  const openOnes = await ada.api('GET', `/projects/${project.id}/threads?open=true`);
  assert.deepEqual(openOnes.body, { items: [], next_cursor: null });
  assert.equal((await ada.api('GET', `/assets/${asset.id}/threads`)).body.items.length, 1);
  const reopened = await ada.api('POST', `/threads/${id}/reopen`);
  assert.equal(reopened.body.resolved_by, undefined);
  const all = await ada.api('GET', `/threads/${id}/comments?limit=1`);
  assert.equal(all.body.items[0].id, comment);
  const rest = await ada.api('GET', `/threads/${id}/comments?cursor=${all.body.next_cursor}`);
  assert.equal(rest.body.items[0].body, 'A wolf.');
  for (const one of reopened.body.comments) {
    assert.equal((await ada.api('DELETE', `/comments/${one.id}`)).status, 204);
  }
  const emptied = await ada.api('GET', `/threads/${id}`);
  assert.ok(emptied.body.comments.every((one) => one.deleted && one.body === ''));
  assert.deepEqual((await ada.api('GET', `/assets/${asset.id}/threads`)).body.items, []);
});

test('whoever has the image open sees each change of a thread', { timeout: 60_000 }, async () => {
  const live = await LiveClient.open(server, ada, asset.id);
  const heard = async (fits) => (await live.next('thread', (m) => fits(m.thread))).thread;
  const opened = await open({ x: 7, y: 7, body: 'Look here' });
  const id = opened.body.id;
  assert.deepEqual(await heard((thread) => thread.id === id), opened.body);
  const answered = await ada.api('POST', `/threads/${id}/comments`, { json: { body: 'Yes.' } });
  const two = await heard((thread) => thread.revision === answered.body.revision);
  assert.deepEqual(two, answered.body);
  await ada.api('POST', `/threads/${id}/resolve`);
  assert.equal((await heard((thread) => thread.resolved_at)).resolved_by.name, 'ada');
  await ada.api('DELETE', `/comments/${opened.body.comments[0].id}`);
  assert.equal((await heard((thread) => thread.comments[0].deleted)).comments[0].body, '');
  await live.end();
});

test('edits made on one version are merged', async () => {
  const opened = await open({ x: 1, y: 1, body: 'a big dog' });
  const comment = opened.body.comments[0].id;
  const edit = (json) => ada.api('PATCH', `/comments/${comment}`, { json });
  const id = uuidv7();
  const change = { id, base_version: 1, edit: [2, { d: 3 }, 'small'] };
  const first = await edit(change);
  assert.equal(first.body.comments[0].body, 'a small dog');
  assert.equal((await edit(change)).text, first.text);
  const merged = await edit({ base_version: 1, edit: [9, '?'] });
  assert.equal(merged.body.comments[0].body, 'a small dog?');
  for (const [json, pointer] of [
    [{ edit: [9, '?'] }, '/edit'],
    [{ base_version: 1, edit: [1000, '?'] }, '/edit'],
    [{ base_version: 9, edit: ['?'] }, '/base_version'],
    [{ base_version: 3, edit: [{ d: -1 }] }, '/edit/0/d'],
    [{ base_version: 3, edit: 'all' }, '/edit'],
  ]) {
    const answer = await edit(json);
    assert.equal(answer.status, 422, answer.text);
    assert.equal(answer.body.errors[0].pointer, pointer, answer.text);
  }
});

test('mentions are listed until they are read', async () => {
  const opened = await open({ x: 1, y: 2, body: 'see @ada', mentions: [ada.user.id] });
  const { body } = await ada.api('GET', '/mentions');
  assert.equal(body.items[0].thread_id, opened.body.id);
  assert.equal(body.items[0].comment.body, 'see @ada');
  assert.equal(body.items[0].by.name, 'ada');
  assert.equal((await ada.api('POST', `/mentions/${body.items[0].id}/read`)).status, 204);
  const unread = await ada.api('GET', '/mentions?unread=true');
  assert.deepEqual(unread.body.items, []);
});

test('all mentions up to one are read at once', async () => {
  const mention = () => open({ x: 1, y: 2, body: 'see @ada', mentions: [ada.user.id] });
  for (let i = 0; i < 3; ++i) assert.equal((await mention()).status, 201);
  const { body } = await ada.api('GET', '/mentions');
  const up_to = body.items[0].id;
  const read = await ada.api('POST', '/mentions/read', { json: { up_to } });
  assert.equal(read.status, 200, read.text);
  const unread = await ada.api('GET', '/mentions?unread=true');
  assert.deepEqual(unread.body.items, []);
  const wrong = await ada.api('POST', '/mentions/read', { json: { up_to: 'all' } });
  assert.equal(wrong.status, 422);
  assert.equal(wrong.body.errors[0].pointer, '/up_to');
});

test('lists are pages', async () => {
  const ids = [];
  for (let i = 0; i < 5; ++i) ids.push((await open({ x: i, y: 1, body: `${i}` })).body.id);
  const seen = [];
  let cursor = '';
  do {
    const page = await ada.api('GET', `/assets/${asset.id}/threads?limit=2${cursor}`);
    assert.equal(page.status, 200, page.text);
    seen.push(...page.body.items.map((thread) => thread.id));
    cursor = page.body.next_cursor ? `&cursor=${page.body.next_cursor}` : '';
  } while (cursor);
  assert.deepEqual(seen.slice(0, 5), ids.reverse());
});

test('what makes no sense is refused with its place', async () => {
  for (const [json, pointer] of [
    [{ x: 1, y: 1 }, '/body'],
    [{ x: 1, y: 1, body: '' }, '/body'],
    [{ x: 1, y: 1, body: 7 }, '/body'],
    [{ x: 1, y: 1, body: '🐺'.repeat(10_001) }, '/body'],
    [{ x: 1, body: 'x' }, ''],
    [{ body: 'x' }, ''],
    [{ x: -1, y: 1, body: 'x' }, '/x'],
    [{ x: 1, y: 1e9, body: 'x' }, '/y'],
    [{ x: 1, y: 1, frame: -1, body: 'x' }, '/frame'],
    [{ x: 1, y: 1, body: 'x', mentions: [uuidv7()] }, '/mentions/0'],
    [{ x: 1, y: 1, body: 'x', mentions: ['ada'] }, '/mentions/0'],
    [{ x: 1, y: 1, body: 'x', admin: true }, '/admin'],
    [{ id: 'x', x: 1, y: 1, body: 'x' }, '/id'],
  ]) {
    const answer = await open(json);
    assert.equal(answer.status, 422, answer.text);
    assert.equal(answer.body.errors[0].pointer, pointer, answer.text);
  }
  assert.equal((await open({ annotation_id: uuidv7(), body: 'x' })).status, 404);
  for (const query of ['open=maybe', 'cursor=x', 'limit=0']) {
    assert.equal((await ada.api('GET', `/assets/${asset.id}/threads?${query}`)).status, 422);
  }
});
