// The micro benchmarks that stand beside the sources; no bar, but each has a baseline of its own.
import { execFileSync } from 'node:child_process';

import { program } from './machine.mjs';

const pairs = [
  ['bench_driver_http', 'requests over keep-alive', 'requests<Ours>/real_time/threads:16',
    'requests<BareBeast>/real_time/threads:16', 'bare Beast'],
  ['bench_driver_blob', 'blob store, 64 MiB written', 'store_put/real_time',
    'bare_seal/real_time', 'SHA-256 + AES-GCM alone'],
  ['bench_driver_media', 'decode real photos', 'decode_whole', 'bare_libjpeg', 'bare libjpeg'],
  ['bench_driver_media', 'decode and two thumbnails', 'decode_and_thumbnail', 'bare_libjpeg',
    'bare libjpeg, decode only'],
  ['bench_driver_db', 'SQLite commits, 64 writers', 'measure<transact_some>/64/real_time',
    'measure<transact_some>/1/real_time', 'one writer'],
];
export const microPrograms = [...new Set(pairs.map(([name]) => name))];

function results(name) {
  const text = execFileSync(program(name), ['--benchmark_min_time=0.4', '--benchmark_format=json'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 24 });
  return new Map(JSON.parse(text.slice(text.indexOf('{'))).benchmarks.map((b) => [b.name, b]));
}

function rate(one) {
  if (!one) return NaN;
  return one.items_per_second ?? one.bytes_per_second / 1e6;
}

export async function micro() {
  const measured = new Map(microPrograms.map((name) => [name, results(name)]));
  return pairs.map(([name, what, ours, baseline, label]) => {
    const of = measured.get(name);
    const unit = of.get(ours)?.items_per_second ? '/s' : ' MB/s';
    const a = rate(of.get(ours));
    const b = rate(of.get(baseline));
    return { what, ours: `${a.toFixed(0)}${unit}`, baseline: `${label} ${b.toFixed(0)}${unit}`,
      rule: `${(a / b).toFixed(2)} of it`, met: undefined };
  });
}
