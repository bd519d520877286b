// script/bench: see there.
import { readFileSync } from 'node:fs';
import os from 'node:os';

import { binary } from '../tests/functional/harness.mjs';
import { audit } from './audit.mjs';
import { auth } from './auth.mjs';
import { brush } from './brush.mjs';
import { clickers } from './clickers.mjs';
import { gallery } from './gallery.mjs';
import { live } from './live.mjs';
import { cores } from './machine.mjs';
import { micro } from './micro.mjs';
import { bulk, click, detect, memory, overhead } from './models.mjs';
import { preview } from './preview.mjs';
import { relay } from './relay.mjs';
import { search } from './search.mjs';
import { crud, start, upload } from './service.mjs';
import { web } from './web.mjs';

const sections = {
  click,
  clickers,
  preview,
  detect,
  overhead,
  bulk,
  memory,
  crud,
  start,
  upload,
  search,
  relay,
  live,
  gallery,
  web,
  brush,
  audit,
  auth,
  micro,
};

function table(rows) {
  const head = { what: 'what', ours: 'ours', baseline: 'baseline, same run', rule: 'bar' };
  const columns = Object.keys(head);
  const width = Object.fromEntries(
    columns.map((column) => [
      column,
      Math.max(...[head, ...rows].map((row) => row[column].length)),
    ]),
  );
  const line = (row, last) =>
    `| ${columns.map((column) => row[column].padEnd(width[column])).join(' | ')} | ${last} |`;
  const verdict = (met) => (met === undefined ? '     ' : met ? 'met  ' : 'MISSED');
  console.log(line(head, 'met'));
  console.log(`|${columns.map((column) => '-'.repeat(width[column] + 2)).join('|')}|-----|`);
  for (const row of rows) console.log(line(row, verdict(row.met)));
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in sections));
if (unknown) {
  console.error(`bench: no section ${unknown}; there are ${Object.keys(sections).join(', ')}`);
  process.exit(2);
}
const cpu = /model name\s*: (.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? os.arch();
console.log(`${binary}, ${cores} cores (${cpu}), load ${os.loadavg()[0].toFixed(2)} before`);
if (os.loadavg()[0] > 0.5 * cores) {
  console.log('others use this machine: what follows is slower than the product');
}
const rows = [];
let failed = false;
for (const name of wanted.length > 0 ? wanted : Object.keys(sections)) {
  const from = performance.now();
  console.log(`== ${name}`);
  try {
    rows.push(...(await sections[name]()));
  } catch (error) {
    failed = true;
    console.error(`${name} failed: ${error.stack}`);
    rows.push({ what: name, ours: 'failed', baseline: '', rule: '', met: false });
  }
  console.log(`== ${name}: ${((performance.now() - from) / 1e3).toFixed(0)} s`);
}
table(rows);
process.exit(failed ? 1 : 0);
