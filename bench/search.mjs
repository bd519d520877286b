// Search by content in 100,000 embeddings, see search_bench.cpp.
import { execFileSync } from 'node:child_process';

import { ms, program } from './machine.mjs';

const barMs = 10;
const recallBar = 0.95;

export async function search() {
  const text = execFileSync(program('bench_search'), { encoding: 'utf8' });
  const one = JSON.parse(text.slice(text.indexOf('{')));
  console.log(`  ${one.entries} embeddings of ${one.dims} numbers, derived from ${one.real} real `
    + `ones; loaded in ${one.load_s} s, graph built beside exact search in ${one.build_s} s, `
    + `${(one.bytes / 2 ** 20).toFixed(0)} MiB`);
  const exact = `exact ${ms(one.exact_ms)}`;
  const row = (what, ours, rule, met) => ({ what, ours, baseline: exact, rule, met });
  return [
    row('search in 100,000 embeddings, the index', ms(one.index_ms), 'under 10 ms',
      one.index_ms < barMs),
    row('the same, the whole service on SQLite', ms(one.service_ms), 'under 10 ms',
      one.service_ms < barMs),
    row('recall@10 against exact', one.recall.toFixed(3), '0.95 or more',
      one.recall >= recallBar),
  ];
}
