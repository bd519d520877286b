// A live connection as a program makes it, and as one that breaks the rules: frames of any kind,
// any origin, any pace.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { binary } from '../functional/harness.mjs';
import { ticketFor } from '../functional/live_client.mjs';
import { databaseOf, sleep, start } from './world.mjs';

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
const PONG = 10;

function lengthBytes(size) {
  if (size < 126) return Buffer.from([size]);
  const out = Buffer.alloc(size < 65536 ? 3 : 9);
  out[0] = size < 65536 ? 126 : 127;
  if (size < 65536) out.writeUInt16BE(size, 1);
  else out.writeBigUInt64BE(BigInt(size), 1);
  return out;
}

export function frame(opcode, payload = '', { fin = true, mask = true, rsv = 0, length } = {}) {
  const body = Buffer.from(payload);
  const size = length ?? lengthBytes(body.length);
  const head = Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode]), size]);
  if (!mask) return Buffer.concat([head, body]);
  head[1] |= 0x80;
  const key = randomBytes(4);
  for (let i = 0; i < body.length; ++i) body[i] ^= key[i % 4];
  return Buffer.concat([head, key, body]);
}

// {status, body} of a refusal, or {status: 101, socket, head}.
export function upgrade(server, target, headers = {}) {
  return new Promise((resolve, reject) => {
    const key = randomBytes(16).toString('base64');
    const request = http.request({
      port: server.port,
      host: '127.0.0.1',
      path: target,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': key,
        ...headers,
      },
    });
    request.on('upgrade', (response, socket, head) => {
      const accept = createHash('sha1')
        .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest('base64');
      assert.equal(response.headers['sec-websocket-accept'], accept);
      resolve({ status: 101, socket, head });
    });
    request.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, body: text }));
    });
    request.on('error', reject);
    request.end();
  });
}

export const ticketOf = (server, seat) => ticketFor(seat, seat.asset_id, server);

export class Live {
  constructor(socket, head) {
    this.socket = socket;
    this.messages = [];
    this.bytes = 0;
    this.buffer = Buffer.alloc(0);
    this.batch = 0;
    this.closed = new Promise((resolve) => {
      this.resolveClosed = resolve;
    });
    socket.on('error', () => {});
    socket.on('close', () => this.resolveClosed(this.code ?? 1006));
    socket.on('data', (chunk) => this.take(chunk));
    if (head.length > 0) this.take(head);
  }

  // Says hello and waits for the welcome, which `live.welcome` is then.
  static async join(server, seat, { revision = null } = {}) {
    const live = await Live.open(server, seat);
    live.send({ t: 'hello', revision });
    live.welcome = await live.next((m) => m.t === 'welcome');
    return live;
  }

  static async open(server, seat, headers) {
    const ticket = await ticketOf(server, seat);
    const made = await upgrade(server, `/api/v1/live?ticket=${ticket}`, headers);
    assert.equal(made.status, 101, made.body);
    return new Live(made.socket, made.head);
  }

  take(chunk) {
    this.bytes += chunk.length;
    this.buffer = Buffer.concat([this.buffer, chunk]);
    for (;;) {
      if (this.buffer.length < 2) return;
      let size = this.buffer[1] & 127;
      let at = 2;
      if (size === 126) [size, at] = [this.buffer.readUInt16BE(2), 4];
      else if (size === 127) [size, at] = [Number(this.buffer.readBigUInt64BE(2)), 10];
      if (this.buffer.length < at + size) return;
      const payload = this.buffer.subarray(at, at + size);
      this.heard(this.buffer[0] & 15, payload);
      this.buffer = this.buffer.subarray(at + size);
    }
  }

  heard(opcode, payload) {
    if (opcode === TEXT) this.messages.push(JSON.parse(payload.toString('utf8')));
    if (opcode === PING) this.raw(frame(PONG, payload));
    if (opcode === CLOSE) {
      this.code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
      this.raw(frame(CLOSE, payload));
      this.socket.end();
    }
  }

  raw(bytes) {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  send(message) {
    this.raw(frame(TEXT, typeof message === 'string' ? message : JSON.stringify(message)));
  }

  // The next message that fits, taken out of those that came.
  async next(fits, timeoutMs = 5000) {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const at = this.messages.findIndex(fits);
      if (at >= 0) return this.messages.splice(at, 1)[0];
      if (Date.now() > end) {
        throw new Error(`nothing that fits came: ${JSON.stringify(this.messages).slice(0, 500)}`);
      }
      await sleep(5);
    }
  }

  // What became of a batch: its ack or its error.
  async ops(operations, { base = this.revision ?? this.welcome?.revision ?? 0, n } = {}) {
    const number = n ?? ++this.batch;
    this.send({ t: 'ops', n: number, base, operations });
    const answer = await this.next((m) => (m.t === 'ack' || m.t === 'error') && m.n === number);
    if (answer.t === 'ack') this.revision = answer.revision;
    return answer;
  }

  async closeCode(timeoutMs = 6000) {
    return Promise.race([
      this.closed,
      sleep(timeoutMs).then(() => {
        throw new Error(`still open after ${timeoutMs} ms`);
      }),
    ]);
  }

  end() {
    this.raw(frame(CLOSE, Buffer.from([3, 232])));
    this.socket.destroy();
  }
}

// A server on either engine with people of one organisation: seats[i] is {email, token, asset_id,
// project_id}, those of one room rooms apart.
export async function crowded(engine, { rooms = 2, editors = 4, env = {}, ...options } = {}) {
  const data = mkdtempSync(path.join(tmpdir(), 'aa-live-'));
  const settings = { ANNOTATEAI_RATE_LIMIT: 'false', ...databaseOf(engine), ...env };
  const file = path.join(data, 'seats.jsonl');
  const words = ['admin', 'seed-load', '--data', data, '--rooms', rooms, '--editors', editors];
  execFileSync(binary, [...words.map(String), '--out', file], {
    env: { PATH: process.env.PATH, ...settings },
  });
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const seats = lines.map((line) => JSON.parse(line));
  const server = await start({ ...options, data, env: settings });
  return { server, seats, data, settings, remove: () => rmSync(data, { recursive: true }) };
}
