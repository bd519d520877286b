// Zips over HTTP: images in, datasets in, and the hostile ones of cases 115 to 117, 128 and 130.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { TestServer, boxOperation, tinyPng } from './harness.mjs';

let server;
let person;
let folder;
before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'aa-zip-'));
  server = await TestServer.start();
  person = await server.person();
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

// A zip written by Python: `lines` fill the open ZipFile z; `png` is a small image.
function zip(lines) {
  const file = path.join(folder, `${Math.random()}.zip`);
  const png = path.join(folder, 'small.png');
  if (!existsSync(png)) writeFileSync(png, tinyPng());
  execFileSync('python3', ['-W', 'ignore', '-c', `
import sys, zipfile, os
png = open(sys.argv[2], 'rb').read()
def info(name, mode=0o100644):
    i = zipfile.ZipInfo(name)
    i.create_system = 3
    i.external_attr = mode << 16
    i.compress_type = zipfile.ZIP_DEFLATED
    return i
z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)
${lines}
z.close()`, file, png]);
  return readFileSync(file);
}

async function newProject() {
  return server.project(person, { labels: [{ name: 'dog' }] });
}

async function assetsOf(project) {
  return (await person.api('GET', `/projects/${project.id}/assets`)).body.items;
}

async function importFile(project, bytes, format) {
  const form = new FormData();
  form.append('format', format);
  form.append('file', new Blob([bytes]), 'set.zip');
  const answer = await person.api('POST', `/projects/${project.id}/imports`, { body: form });
  assert.equal(answer.status, 202, answer.text);
  return server.job(person, answer.body.job_id);
}

async function exportFile(project, json) {
  const started = await person.api('POST', `/projects/${project.id}/exports`, { json });
  assert.equal((await server.job(person, started.body.job_id)).state, 'succeeded');
  const answer = await fetch(`${server.url}/api/v1/exports/${started.body.job_id}/content`,
    { headers: { authorization: `Bearer ${person.token}` } });
  return Buffer.from(await answer.arrayBuffer());
}

test('a zip of photos: the good are kept in order, the broken are named', async () => {
  const project = await newProject();
  const photos = zip(`
z.writestr('b.png', png)
z.writestr('__MACOSX/._b.png', 'fork')
z.writestr('sub/.DS_Store', 'finder')
z.writestr('sub/bad.jpg', png[:40])
z.writestr('sub/a.png', png)
z.writestr('notes.txt', 'hello')`);
  const answer = await server.upload(person, project.id,
    [['first.png', tinyPng()], ['photos.zip', photos], ['last.png', tinyPng()]]);
  assert.equal(answer.status, 201, answer.text);
  assert.deepEqual(answer.body.items.map((item) => item.filename),
    ['first.png', 'b.png', 'sub/a.png', 'last.png']);
  assert.deepEqual(answer.body.rejected.map((one) => one.filename),
    ['photos.zip/sub/bad.jpg', 'photos.zip/notes.txt']);
  assert.deepEqual((await assetsOf(project)).map((item) => item.rank), [0, 1, 2, 3]);
});

test('115-117 hostile zips are refused whole, and quickly', async () => {
  const project = await newProject();
  const cases = {
    traversal: ['z.writestr("../../canary.png", png)', 'zip_entry_path'],
    absolute: ['z.writestr("/tmp/canary.png", png)', 'zip_entry_path'],
    windows: ['z.writestr("..\\\\canary.png", png)', 'zip_entry_path'],
    link: ['z.writestr(info("canary.png", 0o120777), "/etc/passwd")', 'zip_entry_type'],
    setuid: ['z.writestr(info("canary.png", 0o104755), png)', 'zip_entry_type'],
    bomb: ['z.writestr("canary.png", bytes(1 << 30))', 'zip_bomb'],
    crowd: ['[z.writestr(str(i), "") for i in range(100000)]', 'zip_too_many_entries'],
    twins: ['z.writestr("canary.png", png); z.writestr("canary.png", png)',
      'zip_duplicate_entry'],
  };
  const memory = server.rssMiB();
  for (const [name, [lines, code]] of Object.entries(cases)) {
    const bytes = zip(`z.writestr('good.png', png)\n${lines}`);
    const begun = Date.now();
    const answer = await server.upload(person, project.id, [[`${name}.zip`, bytes]]);
    assert.ok(Date.now() - begun < 5000, `${name} took ${Date.now() - begun} ms`);
    assert.equal(answer.status, 422, answer.text);
    assert.deepEqual(answer.body.items, []);
    assert.equal(answer.body.rejected.length, 1);
    assert.equal(answer.body.rejected[0].filename, `${name}.zip`);
    assert.equal(answer.body.rejected[0].code, code);
    if (name !== 'crowd') assert.match(answer.body.rejected[0].detail, /canary\.png/);
  }
  assert.deepEqual(await assetsOf(project), []);
  assert.ok(server.rssMiB() - memory < 64, `${server.rssMiB() - memory} MiB more`);
  for (const place of ['/tmp/canary.png', path.join(server.data, '../canary.png')]) {
    assert.equal(existsSync(place), false, place);
  }
  const names = readdirSync(server.data, { recursive: true }).filter((n) => /canary/.test(n));
  assert.deepEqual(names, []);
  const trailing = Buffer.concat([zip("z.writestr('good.png', png)"), Buffer.from('more')]);
  const answer = await server.upload(person, project.id, [['trailing.zip', trailing]]);
  assert.equal(answer.body.rejected[0].code, 'zip_damaged');
});

test('COCO and YOLO with images leave, and come into an empty project whole', async () => {
  const project = await newProject();
  const { body } = await server.upload(person, project.id,
    [['a.png', tinyPng()], ['a.png', tinyPng(30, 20)], ['../../canary.png', tinyPng(20, 20)]]);
  for (const asset of body.items) {
    const answer = await person.api('POST', `/assets/${asset.id}/operations`, { json: {
      base_revision: 0, operations: [boxOperation(project.labels[0].id)] } });
    assert.equal(answer.status, 200, answer.text);
  }
  for (const format of ['coco', 'yolo']) {
    const bytes = await exportFile(project, { format, images: true });
    const file = path.join(folder, `${format}.zip`);
    writeFileSync(file, bytes);
    const listed = execFileSync('python3', ['-c',
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip());'
      + ' print("\\n".join(z.namelist()))', file], { encoding: 'utf8' }).split('\n');
    assert.equal(listed[0], 'None', 'another program finds nothing wrong');
    assert.ok(listed.every((name) => !name.includes('../') && name[0] !== '/'), listed.join());
    const copy = await server.project(person, { labels: [] });
    const job = await importFile(copy, bytes, format);
    assert.equal(job.state, 'succeeded', JSON.stringify(job));
    assert.deepEqual(job.result, { imported: 3, skipped: 0, problems: [] });
    const assets = await assetsOf(copy);
    assert.deepEqual(assets.map((asset) => [asset.width, asset.sha256]),
      (await assetsOf(project)).map((asset) => [asset.width, asset.sha256]));
    for (const asset of assets) {
      const { body: found } = await person.api('GET', `/assets/${asset.id}/annotations`);
      assert.equal(found.items.length, 1);
      assert.ok(Math.abs(found.items[0].shape.width - 10) < 1e-3);
    }
    const again = await importFile(copy, bytes, format);
    assert.equal(again.result.imported, 3);
    assert.equal((await assetsOf(copy)).length, 3);
  }
});

test('128, 130 datasets that point elsewhere', async () => {
  const project = await newProject();
  const coco = JSON.stringify({
    images: ['../../canary', '/etc/passwd', 'file:///etc/passwd', 'http://127.0.0.1:1/x.png']
      .map((name, i) => ({ id: i + 1, file_name: name })), categories: [], annotations: [] });
  const job = await importFile(project, Buffer.from(coco), 'coco');
  assert.equal(job.result.problems.length, 4);
  const yaml = await importFile(project,
    zip("z.writestr('data.yaml', 'a: &a [x]\\nnames: *a\\n'); z.writestr('images/a.png', png)"),
    'yolo');
  assert.equal(yaml.state, 'failed');
  assert.equal(yaml.error.code, 'malformed_yaml');
  const hostile = await importFile(project,
    zip("z.writestr('annotations.json', '{}'); z.writestr('../x.png', png)"), 'coco');
  assert.equal(hostile.state, 'failed');
  assert.equal(hostile.error.code, 'zip_entry_path');
  assert.match(hostile.error.detail, /\.\.\/x\.png/);
  assert.deepEqual(await assetsOf(project), []);
});
