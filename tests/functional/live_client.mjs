// A live connection as a test drives it: docs/live-protocol.md over the `ws` package.
import { createRequire } from 'node:module';
import path from 'node:path';

import { root, uuidv7 } from './harness.mjs';

const WebSocket = createRequire(path.join(root, 'web/package.json'))('ws');

const PATIENCE_MS = 15000;

export async function ticketFor(person, assetId, server) {
  const json = { asset_id: assetId };
  const answer = server
    ? await server.call('POST', '/live/tickets', { token: person.token, json })
    : await person.api('POST', '/live/tickets', { json });
  if (answer.status !== 201) throw new Error(`ticket: ${answer.status} ${answer.text}`);
  return answer.body.ticket;
}

export function socketUrl(server, ticket) {
  return `${server.url.replace('http', 'ws')}/api/v1/live?ticket=${encodeURIComponent(ticket)}`;
}

// What the server answers to a handshake: 101, or the status and body of its refusal.
export function handshake(url, headers = {}) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.on('open', () => resolve({ status: 101, socket }));
    socket.on('error', reject);
    socket.on('unexpected-response', (request, response) => {
      let text = '';
      response.on('data', (chunk) => { text += chunk; });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
  });
}

export class LiveClient {
  constructor(socket) {
    this.socket = socket;
    this.messages = [];
    this.waiting = [];
    this.told = new Map();  // operations of others, by id
    this.n = 0;
    socket.on('message', (data) => {
      const message = JSON.parse(data.toString());
      this.messages.push({ ...message, at: performance.now() });
      for (const operation of message.t === 'ops' ? message.operations : []) {
        this.told.set(operation.id, operation);
        this.revision = Math.max(this.revision, message.revision);
      }
      this.wake();
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.close = { code, reason: reason.toString() };
        resolve(this.close);
        this.wake();
      });
    });
    socket.on('error', () => {});
  }

  wake() {
    for (const check of [...this.waiting]) check();
  }

  static async open(server, person, assetId, { revision = null, via = server } = {}) {
    const ticket = await ticketFor(person, assetId, via);
    const { status, text, socket } = await handshake(socketUrl(server, ticket));
    if (status !== 101) throw new Error(`live: ${status} ${text}`);
    const client = new LiveClient(socket);
    client.send({ t: 'hello', revision });
    client.welcome = await client.next('welcome');
    client.revision = client.welcome.revision;
    return client;
  }

  send(message) {
    this.socket.send(JSON.stringify(message));
  }

  // What `look` finds, once it finds something.
  wait(what, look, patience = PATIENCE_MS) {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting = this.waiting.filter((check) => check !== take);
      };
      const take = () => {
        const found = look();
        if (found === undefined && !this.close) return;
        done();
        if (found !== undefined) resolve(found);
        else reject(new Error(`closed (${JSON.stringify(this.close)}) while waiting for ${what}`));
      };
      const timer = setTimeout(() => {
        done();
        const had = JSON.stringify(this.messages).slice(0, 500);
        reject(new Error(`no ${what} came; there are ${had}`));
      }, patience);
      this.waiting.push(take);
      take();
    });
  }

  // The first message of the kind that fits, taken out.
  next(t, fits = () => true, patience = PATIENCE_MS) {
    return this.wait(t, () => {
      const at = this.messages.findIndex((m) => m.t === t && fits(m));
      return at < 0 ? undefined : this.messages.splice(at, 1)[0];
    }, patience);
  }

  // The operation of that id as others were told of it.
  heard(id) {
    return this.wait(`operation ${id}`, () => this.told.get(id));
  }

  post(operations, base = this.revision) {
    this.n += 1;
    this.send({ t: 'ops', n: this.n, base, operations });
    return this.n;
  }

  async apply(operations, base) {
    const n = this.post(operations, base);
    const answer = await Promise.race([
      this.next('ack', (m) => m.n === n), this.next('error', (m) => m.n === n)]);
    if (answer.revision) this.revision = answer.revision;
    return answer;
  }

  async end() {
    this.socket.close();
    await this.closed;
  }
}

export function setField(target, field, value, prev) {
  return { id: uuidv7(), op: 'set', target, field, value, ...(prev === undefined ? {} : { prev }) };
}
