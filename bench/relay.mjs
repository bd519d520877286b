// What one member of a room says, the others get, nothing is stored: our WebSockets, a Socket.IO
// server in Node, Boost.Beast, and a loop of recv() and send() as the ceiling, each under the same
// client.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';

import { root } from '../tests/functional/harness.mjs';
import { program } from './machine.mjs';

const rooms = 1000;
const members = 10;
const bytes = 200;
const seconds = 10;
const timesDeliveries = 2;
const shareOfMemory = 1 / 3;

const servers = {
  bare: { protocol: 'ws', command: [program('bench_relay_bare')] },
  beast: { protocol: 'ws', command: [program('bench_relay_beast')] },
  ours: { protocol: 'ws', command: [program('bench_relay_server')] },
  socketio: { protocol: 'socketio', command: [process.execPath, '--expose-gc',
    path.join(root, 'bench/live/relay_socketio.mjs')] },
};

async function measure({ protocol, command: [file, ...args] }) {
  const server = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [port] = await once(readline.createInterface({ input: server.stdout }), 'line');
    return JSON.parse(execFileSync(program('bench_relay_client'), [protocol, port,
      ...[server.pid, rooms, members, bytes, seconds].map(String)]));
  } finally {
    server.stdin.end();
  }
}

export async function relay() {
  const found = {};
  for (const [name, server] of Object.entries(servers)) {
    const one = await measure(server);
    found[name] = { rate: one.deliveries_per_cpu_second, memory: one.bytes_per_connection };
    console.log(`  ${name}: ${one.deliveries} deliveries in ${one.seconds} s, `
      + `${one.cpu_seconds} s of processor time, ${one.rss_mib} MiB`);
  }
  const { bare, beast, ours, socketio } = found;
  const what = `${rooms * members} sockets in rooms of ${members}`;
  const per = ({ rate }) => `${Math.round(rate)}/s`;
  const each = ({ memory }) => `${(memory / 1024).toFixed(1)} KiB`;
  return [
    { what: `live relay, deliveries per CPU second, ${what}`, ours: per(ours),
      baseline: `Socket.IO ${per(socketio)} (x ${(ours.rate / socketio.rate).toFixed(2)})`,
      rule: `>= ${timesDeliveries}x`, met: ours.rate >= timesDeliveries * socketio.rate },
    { what: 'live relay, the same', ours: `${per(ours)}, ${each(ours)} a socket`,
      baseline: `Boost.Beast ${per(beast)}, ${each(beast)}`, rule: 'none' },
    { what: 'live relay, the same, ceiling', ours: per(ours),
      baseline: `bare send() ${per(bare)} (x ${(ours.rate / bare.rate).toFixed(2)})`,
      rule: 'none' },
    { what: 'live relay, memory per connection', ours: each(ours),
      baseline: `Socket.IO ${each(socketio)} (x ${(ours.memory / socketio.memory).toFixed(2)})`,
      rule: '<= 1/3', met: ours.memory <= shareOfMemory * socketio.memory },
  ];
}
