// Live collaboration on SQLite: ten thousand editors, one full room, and how soon what a person
// did is safe. bench/live/ makes the people; what they were told is checked document by document.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import path from 'node:path';

import { binary } from '../tests/functional/harness.mjs';
import { ms, program, startServer, temporary } from './machine.mjs';

const settings = {
  ANNOTATEAI_CONNECTIONS_MAX: '20000',
  ANNOTATEAI_CONNECTIONS_PER_IP: '20000',
};

// Not synchronously: somebody must read what the server logs meanwhile.
async function ended(child) {
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => { out += chunk; });
  child.stderr.on('data', (chunk) => { err += chunk; });
  const code = await new Promise((resolve) => { child.on('close', resolve); });
  if (!out.startsWith('{')) throw new Error(`bench_live: ${err}`);
  return { code, report: JSON.parse(out) };
}

// The server with its seats, and the report of the people who sat there.
async function people({ rooms, editors, rate, seconds, cursors = 0.1 }) {
  const data = mkdtempSync(temporary('live-'));
  const seats = path.join(data, 'seats.jsonl');
  execFileSync(binary, ['admin', 'seed-load', '--data', data, '--rooms', String(rooms),
    '--editors', String(editors), '--out', seats], { stdio: ['ignore', 'ignore', 'pipe'] });
  const server = await startServer({ data, env: settings });
  const words = [server.port, seats, `pid=${server.process.pid}`, `rate=${rate}`,
    `seconds=${seconds}`, `cursors=${cursors}`];
  const { code, report } = await ended(spawn(program('bench_live'), words.map(String)));
  await server.stop();
  const { shown, ...figures } = report;
  console.log(`  ${JSON.stringify(figures)}`);
  shown.forEach((problem) => console.log(`  ${problem}`));
  return { ...report, sound: code === 0 };
}

const per = (number) => `${Math.round(number).toLocaleString('en')}/s`;

export async function live() {
  const many = await people({ rooms: 1000, editors: 10_000, rate: 2000, seconds: 60 });
  const room = await people({ rooms: 1, editors: 50, rate: 50, seconds: 30, cursors: 1 });
  const alone = await people({ rooms: 20, editors: 20, rate: 100, seconds: 20 });
  const sound = (run) => (run.sound ? '' : `, ${run.problems} PROBLEMS`);
  const latencies = ({ p50_ms: p50, p99_ms: p99 }) => `p50 ${ms(p50)}, p99 ${ms(p99)}`;
  return [
    { what: `${many.editors} editors in ${many.rooms} rooms, delivery to the others`,
      ours: latencies(many.delivery) + sound(many),
      baseline: `${per(many.acknowledged_per_s)} durable, ${per(many.deliveries_per_s)} delivered`,
      rule: 'p99 under 150 ms at 2,000/s in, nothing lost',
      met: many.sound && many.delivery.p99_ms < 150 && many.acknowledged_per_s > 1980 },
    { what: 'the same, memory of the server', ours: `${many.server_mib.toFixed(0)} MiB`,
      baseline: `${many.server_cpu_s.toFixed(0)} s of processor in ${many.seconds.toFixed(0)} s`,
      rule: 'under 600 MB', met: many.server_mib * 1.048576 < 600 },
    { what: 'one room of 50 people, echo', ours: latencies(room.delivery) + sound(room),
      baseline: `${per(room.acknowledged_per_s)} in, ${per(room.deliveries_per_s)} delivered`,
      rule: 'p99 under 100 ms', met: room.sound && room.delivery.p99_ms < 100 },
    { what: 'autosave on SQLite, sent to durable', ours: latencies(alone.ack) + sound(alone),
      baseline: `${per(alone.acknowledged_per_s)}`, rule: 'median under 50 ms',
      met: alone.sound && alone.ack.p50_ms < 50 },
  ];
}
