// Prints what each page costs over the wire and fails when the first route or a lazy page
// is over its budget. Sizes are gzip -9, in kB of 1,000 bytes; fonts are not counted.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const firstRouteMax = 230;
const lazyChunkMax = 150;

const assets = join(dist, 'assets');
const sizes = new Map();
for (const name of await readdir(assets)) {
  if (!/\.(?:js|css|wasm)$/.test(name)) continue;
  const bytes = await readFile(join(assets, name));
  sizes.set(name, gzipSync(bytes, { level: 9 }).length / 1000);
}

const html = await readFile(join(dist, 'index.html'), 'utf8');
const first = new Set([...html.matchAll(/assets\/([\w.-]+\.(?:js|css))/g)].map((match) => match[1]));

// The texts of one language are loaded before the first page is drawn.
const texts = [...sizes.keys()].filter((name) => /^app-.*\.js$/.test(name));
texts.sort((a, b) => sizes.get(b) - sizes.get(a));
if (texts[0]) first.add(texts[0]);

let firstTotal = 0;
for (const name of first) firstTotal += sizes.get(name) ?? 0;
const rows = [...sizes].sort((a, b) => b[1] - a[1]);
for (const [name, size] of rows) {
  console.log(`${size.toFixed(1).padStart(8)} kB  ${first.has(name) ? 'first' : 'lazy '}  ${name}`);
}
console.log(`first route: ${firstTotal.toFixed(1)} kB of ${firstRouteMax} kB`);

const tooBig = rows.filter(([name, size]) => !first.has(name) && size > lazyChunkMax);
for (const [name, size] of tooBig) {
  console.error(`${name}: ${size.toFixed(1)} kB is over the ${lazyChunkMax} kB of a lazy chunk`);
}
if (firstTotal > firstRouteMax || tooBig.length > 0) process.exit(1);
