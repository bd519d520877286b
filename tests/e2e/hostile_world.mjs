// An organization in which every text that people can write is hostile, and a member of it who
// wrote none of them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';

import { tinyPng, uuidv7 } from '../functional/harness.mjs';
import { startBackend } from '../functional/ml_backend.mjs';
import { yolox } from '../security/onnx.mjs';
import { corpus, marker, packed } from './hostile.mjs';

const password = 'a good long password';

async function ok(answer) {
  const { status, body, text } = await answer;
  assert.ok(status < 300, text);
  return body;
}

// Invitations are not what is looked at here. The reader is in every organization, the others are
// in the first as well.
function unite(server, writers, reader) {
  const [{ organization: { id: first } }] = writers;
  const rows = writers.flatMap(({ user, organization }, i) => [
    ...(i > 0 ? [[first, user.id, 'annotator', 1]] : []),
    [organization.id, reader.user.id, i > 0 ? 'viewer' : 'admin', i]]);
  execFileSync('python3', ['-c', `
import json, sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=20) as db:
    db.executemany('insert into memberships (organization_id, user_id, role, created_at)'
                   ' values (?, ?, ?, ?)', json.loads(sys.argv[2]))`,
  path.join(server.data, 'annotateai.db'), JSON.stringify(rows)]);
}

async function register(server, email, name, organization) {
  const body = await ok(server.call('POST', '/auth/register',
    { json: { email, password, name, organization } }));
  const api = (method, route, options = {}) =>
    server.call(method, route, { token: body.access_token, ...options });
  return { ...body, email, name, api };
}

// A writer and an organization of each pack of names, and the reader, whose own name is plain.
async function fillOrganizations(server) {
  const writers = [];
  for (const [i, name] of packed(200).entries()) {
    const email = `'onload={{window.__xss=${i}}}&lt|$\`@example.test`; // all that may stand in one
    writers.push(await register(server, email, name, name));
  }
  const reader = await register(server, 'reader@example.test', 'Reader', 'Elsewhere');
  unite(server, writers, reader);
  return { writers, reader };
}

// An object has 64 attributes at most: the first two labels share them.
export const attributesOf = [corpus.slice(0, 40), corpus.slice(40)];

function labelsOf() {
  const choices = [{ name: 'one of', kind: 'select', options: corpus },
    { name: 'this or that', kind: 'radio', options: corpus },
    { name: 'any of', kind: 'checkbox', options: corpus }];
  const attributes = attributesOf.map((names, i) => [
    ...names.map((name) => ({ name, kind: 'text' })), ...(i > 0 ? choices : [])]);
  const skeleton = { points: corpus, edges: corpus.slice(1).map((_, i) => [i, i + 1]) };
  return [
    ...corpus.map((name, i) => ({ name, attributes: attributes[i] ?? [] })),
    { name: 'figure', kind: 'skeleton', skeleton },
    ...corpus.map((text) => ({ name: `# ${text}`, kind: 'tag' }))];
}

// Each label has an object; each object points to the next by a kind of its own; each text is the
// value of the attribute it names, and of the ones that offer it.
async function annotate({ api }, project, asset) {
  const ids = project.labels.map(() => uuidv7()).sort();
  const objects = project.labels.map(({ id, name, kind, skeleton }, i) => {
    const common = { id: ids[i], label_id: id, attributes: {}, source: 'manual' };
    if (kind === 'tag') return { ...common, shape: { type: 'tag' } };
    if (skeleton) {
      const points = skeleton.points.map((joint, at) => ({ name: joint, visibility: 2,
        x: 300 + 4 * at, y: 300 + (at % 7) * 30 }));
      return { ...common, shape: { type: 'skeleton', points } };
    }
    const shape = { type: 'box', x: 2 + 60 * (i % 10), y: 3 + 50 * Math.floor(i / 10),
      width: 50, height: 40 };
    const relations = i + 1 < corpus.length ? [{ to: ids[i + 1], kind: name }] : undefined;
    return { ...common, shape, group: name.slice(0, 40), relations };
  });
  for (const [i, names] of attributesOf.entries()) {
    objects[i].attributes = Object.fromEntries(names.map((name) => [name, name]));
  }
  Object.assign(objects[1].attributes,
    { 'one of': marker, 'this or that': marker, 'any of': corpus });
  await ok(api('POST', `/assets/${asset.id}/operations`, { json: { base_revision: 0,
    operations: objects.map((annotation) => ({ id: uuidv7(), op: 'put', annotation })) } }));
  const { revision } = await ok(api('GET', `/assets/${asset.id}/annotations`));
  const changes = attributesOf.flatMap((names, i) => names.map((name) => ({ id: uuidv7(),
    op: 'set', target: objects[i].id, field: `attributes.${name}`, value: `${name}!` })));
  await ok(api('POST', `/assets/${asset.id}/operations`,
    { json: { base_revision: revision, operations: changes } }));
  return objects;
}

async function discuss({ api }, asset, reader) {
  for (const text of corpus) {
    const { id } = await ok(api('POST', `/assets/${asset.id}/threads`,
      { json: { x: 600, y: 440, body: `@Reader ${text}`, mentions: [reader.user.id] } }));
    await ok(api('POST', `/threads/${id}/comments`, { json: { body: text } }));
  }
}

async function bringModels(server, writer, backend) {
  backend.answers['/setup'] = (send) => send(200, { model_version: marker });
  for (const [i, name] of packed(100).entries()) {
    await ok(writer.api('POST', '/models/remote',
      { json: { id: `remote-${i}`, name, url: backend.url, labels: corpus } }));
  }
  const licences = packed(100);
  const jobs = [];
  for (const [i, name] of packed(200).entries()) {
    const form = new FormData();
    const fields = { id: `own-${i}`, name, licence: licences[i] };
    for (const [key, value] of Object.entries(fields)) form.append(key, value);
    const names = [corpus[2 * i], corpus[2 * i + 1]].join('\n');
    form.append('labels', new Blob([names]), 'labels.txt');
    form.append('file', new Blob([yolox({ names: false })]), `${marker}.onnx`);
    jobs.push((await ok(writer.api('POST', '/models', { body: form }))).job_id);
  }
  for (const job of jobs) {
    const ended = await server.job(writer, job);
    assert.equal(ended.state, 'succeeded', JSON.stringify(ended));
  }
}

// A job that failed over a file of that name.
async function fail(server, writer, project) {
  const failed = new FormData();
  failed.append('file', new Blob(['{"images": ['.concat(marker)]), `${marker}.json`);
  failed.append('format', 'coco');
  const { job_id: job } = await ok(
    writer.api('POST', `/projects/${project.id}/imports`, { body: failed }));
  await server.job(writer, job);
}

async function signInElsewhere(server, reader) {
  const latin = packed(200).filter((text) => /^[\x20-\x7e]+$/.test(text));
  for (const agent of latin) {
    await ok(server.call('POST', '/auth/login',
      { json: { email: reader.email, password }, headers: { 'User-Agent': agent } }));
  }
  return latin;
}

export async function furnish(server) {
  const { writers, reader } = await fillOrganizations(server);
  const [writer] = writers;
  for (const name of corpus) await server.project(writer, { name, labels: [] });
  const project = await server.project(writer,
    { name: `All of it ${marker}`, type: 'segmentation', labels: labelsOf() });
  const { items: assets } = await ok(server.upload(writer, project.id,
    corpus.map((name) => [`${name}.png`, tinyPng(640, 480)])));
  const note = corpus.join('\n');
  await ok(writer.api('PATCH', `/assets/${assets[0].id}`,
    { headers: { 'If-Match': '"0"' }, json: { note } }));
  const objects = await annotate(writer, project, assets[0]);
  await discuss(writer, assets[0], reader);
  const backend = await startBackend();
  await bringModels(server, writer, backend);
  await fail(server, writer, project);
  const agents = await signInElsewhere(server, reader);
  return { server, writer, writers, reader, project, assets, objects, note, agents, backend };
}
