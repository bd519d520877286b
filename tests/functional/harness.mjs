// Starts the real binary on a free port with an empty data folder and speaks HTTP to it.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = process.env.ANNOTATEAI_TEST_BINARY ?? path.join(root, 'build/annotateai');
export const testData = process.env.ANNOTATEAI_TEST_DATA;

export function photo(name) {
  return readFileSync(path.join(testData, 'photos', name));
}

export class TestServer {
  constructor(options) {
    this.options = options;
    this.data = options.data ?? mkdtempSync(path.join(tmpdir(), 'aa-server-'));
    this.ownsData = !options.data;
    this.stderr = '';
  }

  static async start(options = {}) {
    const server = new TestServer(options);
    await server.boot();
    return server;
  }

  async boot() {
    const args = ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.options.port ?? 0}`,
      ...(this.options.flags ?? [])];
    const clean = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith('ANNOTATEAI_')));
    const [command, ...before] = [...(this.options.prefix ?? []), binary];
    this.process = spawn(command, [...before, ...args], {
      env: { ...clean, ...(this.options.env ?? {}) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stderr.on('data', (chunk) => { this.stderr += chunk; });
    this.exited = new Promise((resolve) => this.process.on('exit', (code, signal) => {
      this.exit = { code, signal };
      resolve(this.exit);
    }));
    const line = await Promise.race([
      new Promise((resolve) => {
        let text = '';
        this.process.stdout.on('data', (chunk) => {
          text += chunk;
          if (text.includes('\n')) resolve(text.split('\n')[0]);
        });
      }),
      this.exited.then(() => { throw new Error(`the server ended:\n${this.stderr}`); }),
    ]);
    const match = /^listening on (https?:\/\/\S+)$/.exec(line);
    if (!match) throw new Error(`the first line was: ${line}`);
    this.url = match[1];
    this.port = Number(new URL(this.url).port);
    for (let i = 0; i < 200; ++i) {
      const ready = await fetch(`${this.url}/readyz`).catch(() => null);
      if (ready?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`never ready:\n${this.stderr}`);
  }

  async stop(signal = 'SIGTERM') {
    if (!this.exit) this.process.kill(signal);
    const exit = await this.exited;
    if (this.ownsData && signal === 'SIGTERM') rmSync(this.data, { recursive: true, force: true });
    return exit;
  }

  rssMiB() { return this.memoryMiB('VmRSS'); }
  peakMiB() { return this.memoryMiB('VmHWM'); }
  memoryMiB(what) {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8');
    return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)[1]) / 1024;
  }

  // `lines`: the answer is JSON, but a value a line: it stays text.
  async call(method, route, { token, json, body, headers = {}, lines = false } = {}) {
    const response = await fetch(this.url + (/^\/(api|scim\/)/.test(route) ? route : `/api/v1${route}`), {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(json !== undefined ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      body: json !== undefined ? JSON.stringify(json) : body,
    });
    const text = await response.text();
    let parsed = text;
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    if (isJson && !lines && text !== '') parsed = JSON.parse(text);  // a HEAD has no body
    return { status: response.status, body: parsed, headers: response.headers, text };
  }

  // A new person with an organization of their own.
  async person(name = `p${Math.random().toString(36).slice(2)}`) {
    const answer = await this.call('POST', '/auth/register', {
      json: { email: `${name}@example.test`, password: 'a good long password', name,
        organization: `Org of ${name}` },
    });
    if (answer.status !== 201) throw new Error(`register: ${answer.text}`);
    const token = answer.body.access_token;
    const api = (method, route, options = {}) => this.call(method, route, { token, ...options });
    return { ...answer.body, token, api, email: `${name}@example.test` };
  }

  async project(person, overrides = {}) {
    const answer = await person.api('POST', '/projects', {
      json: { name: 'Street', type: 'detection',
        labels: [{ name: 'dog' }, { name: 'person' }, { name: 'bowl' }], ...overrides },
    });
    if (answer.status !== 201) throw new Error(`project: ${answer.text}`);
    return answer.body;
  }

  async upload(person, projectId, files) {
    const form = new FormData();
    for (const [name, bytes] of files) form.append('files', new Blob([bytes]), name);
    return person.api('POST', `/projects/${projectId}/assets`, { body: form });
  }

  async job(person, id, timeoutMs = 120000) {
    const until = Date.now() + timeoutMs;
    while (Date.now() < until) {
      const { body } = await person.api('GET', `/jobs/${id}`);
      if (['succeeded', 'failed', 'cancelled'].includes(body.state)) return body;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`job ${id} did not end`);
  }
}

// A UUIDv7 as a client makes it.
export function uuidv7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let ms = Date.now();
  for (let i = 5; i >= 0; --i) {
    bytes[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  bytes[6] = 0x70 | (bytes[6] & 15);
  bytes[8] = 0x80 | (bytes[8] & 63);
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const pngs = new Map();

// A PNG made here: width x height grey pixels; `shade` makes another picture of the same size.
export function tinyPng(width = 64, height = 48, shade = 0) {
  const size = `${width} x ${height}, ${shade}`;
  if (!pngs.has(size)) pngs.set(size, makePng(width, height, shade));
  return pngs.get(size);
}

function makePng(width, height, shade) {
  return execFileSync('python3', ['-c', `
import sys, zlib, struct
w, h = ${width}, ${height}
def chunk(t, d):
    c = t + d
    return struct.pack('>I', len(d)) + c + struct.pack('>I', zlib.crc32(c))
raw = b''.join(b'\\0' + bytes((x * 3 + y * 5 + ${shade}) % 256 for x in range(w)) for y in range(h))
sys.stdout.buffer.write(b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', w, h, 8, 0, 0, 0, 0))
    + chunk(b'IDAT', zlib.compress(raw)) + chunk(b'IEND', b''))`]);
}

export function boxOperation(labelId, box = { x: 1, y: 2, width: 10, height: 12 }) {
  return { id: uuidv7(), op: 'put', annotation: {
    id: uuidv7(), label_id: labelId, shape: { type: 'box', ...box }, attributes: {} } };
}

export const haveData = Boolean(testData && existsSync(path.join(testData, 'photos')));
