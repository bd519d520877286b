// What every section needs: the programs, a running baseline, real photos, statistics.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

import { TestServer, root, testData } from '../tests/functional/harness.mjs';

export const build = process.env.ANNOTATEAI_BENCH_BUILD ?? path.join(root, 'build');
export const cores = os.availableParallelism();
export const program = (name) => path.join(build, name);
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
export const median = (values) => quantile(values, 0.5);
export const ms = (value) => `${value.toFixed(1)} ms`;

const scratch = mkdtempSync(path.join(os.tmpdir(), 'aa-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
export const temporary = (name) => path.join(scratch, name);

export function realPhotos() {
  if (!testData) throw new Error('set ANNOTATEAI_TEST_DATA to a folder that holds photos/*.jpg');
  const folder = path.join(testData, 'photos');
  return readdirSync(folder).filter((name) => name.endsWith('.jpg')).sort()
    .map((name) => path.join(folder, name));
}

// Distinct photos cut out of the real ones; made once per build folder.
export function madePhotos(name, count, widths, height) {
  const folder = path.join(build, 'bench-photos', name);
  if (!existsSync(folder) || readdirSync(folder).length !== count) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    execFileSync(program('bench_photos'), [folder, String(count), ...widths.map(String),
      ...(height ? [String(height)] : []), ...realPhotos()], { stdio: 'inherit' });
  }
  return readdirSync(folder).sort().map((file) => path.join(folder, file));
}

export const modelFile = (id, file) => path.join(root, 'models/weights', id, file);

// bench_bare, asked one command at a time.
export class Bare {
  constructor() {
    const library = path.join(root, 'third_party/onnxruntime/lib/libonnxruntime.so.1');
    this.process = spawn(program('bench_bare'), [library], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = readline.createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }
  async ask(...words) {
    this.process.stdin.write(`${words.join(' ')}\n`);
    const line = await this.lines.next();
    if (line.done) throw new Error('bench_bare ended');
    return JSON.parse(line.value);
  }
  stop() { this.process.stdin.end(); }
}

export const startServer = ({ env, ...options } = {}) => TestServer.start({ ...options,
  env: { ANNOTATEAI_RATE_LIMIT: 'false', ANNOTATEAI_LOG_LEVEL: 'warning', ...env } });

// The server, a person and a project; `work` gets them, everything is taken away afterwards.
export async function withServer(work) {
  const server = await startServer();
  try {
    const person = await server.person();
    return await work(server, person, await server.project(person));
  } finally {
    await server.stop();
  }
}

export async function expect(status, answering) {
  const answer = await answering;
  if (answer.status !== status) {
    throw new Error(`${answer.status} instead of ${status}: ${answer.text}`);
  }
  return answer.body;
}
