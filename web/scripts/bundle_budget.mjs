// Prints what each page costs over the wire and fails when one is over its budget. Sizes are
// gzip -9, in kB of 1,000 bytes; fonts are not counted. A page costs its chunk, what that imports
// at once, the styles of both, and the texts of one language, less what the first page brought.
// The kernel's WebAssembly is told apart: the editor loads it beside its code.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const manifest = JSON.parse(await readFile(join(dist, '.vite/manifest.json'), 'utf8'));
const firstMax = 230;
const editorMax = 150;
const lazyChunkMax = 150;

const sizes = new Map();
async function size(file) {
  if (!sizes.has(file)) {
    const bytes = await readFile(join(dist, file));
    sizes.set(file, gzipSync(bytes, { level: 9 }).length / 1000);
  }
  return sizes.get(file);
}

function closure(keys) {
  const files = new Set();
  const seen = new Set();
  const visit = (key) => {
    if (seen.has(key)) return;
    seen.add(key);
    const chunk = manifest[key];
    if (!chunk) throw new Error(`the build has no ${key}`);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const key of keys) visit(key);
  return files;
}

async function total(files) {
  let sum = 0;
  for (const file of files) sum += await size(file);
  return sum;
}

async function largest(keys) {
  let best = null;
  for (const key of keys) {
    const sum = await total(closure([key]));
    if (!best || sum > best.sum) best = { key, sum };
  }
  return best.key;
}

const appTexts = await largest(['src/i18n/en/app.ts', 'src/i18n/de/app.ts']);
const editorTexts = await largest(['src/i18n/en/editorPage.ts', 'src/i18n/de/editorPage.ts']);
const first = closure(['index.html', appTexts]);
const editor = closure(['src/app/AnnotateRoute.tsx', editorTexts]);
const editorOnly = [...editor].filter((file) => !first.has(file));

const assets = new Set();
for (const chunk of Object.values(manifest)) {
  for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) {
    if (/\.(?:js|css|wasm)$/.test(file)) assets.add(file);
  }
}
for (const file of assets) await size(file);
const rows = [...assets].sort((a, b) => sizes.get(b) - sizes.get(a));
for (const file of rows) {
  const place = first.has(file) ? 'first' : editorOnly.includes(file) ? 'editor' : 'lazy';
  console.log(`${sizes.get(file).toFixed(1).padStart(8)} kB  ${place.padEnd(6)}  ${file}`);
}

const firstTotal = await total(first);
const editorTotal = await total(editorOnly);
console.log(`first route: ${firstTotal.toFixed(1)} kB of ${firstMax} kB`);
console.log(`editor: ${editorTotal.toFixed(1)} kB more of ${editorMax} kB`);
const modules = rows.filter((file) => file.endsWith('.wasm'));
for (const file of modules) console.log(`beside it: ${sizes.get(file).toFixed(1)} kB ${file}`);

const tooBig = rows.filter((file) => !first.has(file) && sizes.get(file) > lazyChunkMax);
for (const file of tooBig) {
  console.error(`${file}: ${sizes.get(file).toFixed(1)} kB is over ${lazyChunkMax} kB for a chunk`);
}
if (firstTotal > firstMax || editorTotal > editorMax || tooBig.length > 0) process.exit(1);
