// The audit trail: a million entries are verified, and what an entry adds to a durable change.
import { execFileSync } from 'node:child_process';

import { program } from './machine.mjs';

const verifyMs = 5_000;
const addedShare = 0.05;

export async function audit() {
  const text = execFileSync(program('bench_audit'), { encoding: 'utf8', maxBuffer: 1 << 20 });
  const rows = [];
  for (const line of text.trim().split('\n')) {
    const one = JSON.parse(line);
    const added = one.audited_ms / one.plain_ms - 1;
    rows.push(
      { what: `audit: ${one.entries} entries verified, ${one.engine}`,
        ours: `${(one.verify_ms / 1e3).toFixed(2)} s`, baseline: '',
        rule: `< ${verifyMs / 1e3} s`, met: one.holds && one.verify_ms < verifyMs },
      { what: `audit: a durable change with its entry, ${one.engine}`,
        ours: `${one.audited_ms.toFixed(2)} ms (+${(added * 100).toFixed(1)} %)`,
        baseline: `without ${one.plain_ms.toFixed(2)} ms`,
        rule: `+${addedShare * 100} %`, met: added < addedShare },
    );
  }
  return rows;
}
