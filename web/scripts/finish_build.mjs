// Runs after the bundler: lists the hashes of inline scripts for the server's content security
// policy (dist/csp.json) and writes a .gz and a .br file beside each text asset.
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const textFile = /\.(?:html|js|mjs|css|svg|json|wasm|txt|map)$/;
const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);

const html = await readFile(join(dist, 'index.html'), 'utf8');
const hashes = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
  (match) => `sha256-${createHash('sha256').update(match[1]).digest('base64')}`,
);
if (hashes.length === 0) throw new Error('index.html holds no inline theme script');
if (/<style|\sstyle=|\son[a-z]+=/.test(html)) throw new Error('index.html breaks style-src self');
await writeFile(join(dist, 'csp.json'), `${JSON.stringify({ script_hashes: hashes }, null, 2)}\n`);

const entries = await readdir(dist, { recursive: true, withFileTypes: true });
let count = 0;
for (const entry of entries) {
  if (!entry.isFile() || !textFile.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = await readFile(path);
  if (bytes.length < 512) continue;
  const brotliOptions = {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  };
  await writeFile(`${path}.gz`, await gzipAsync(bytes, { level: 9 }));
  await writeFile(`${path}.br`, await brotliAsync(bytes, brotliOptions));
  count += 1;
}
console.log(`csp.json: ${hashes.join(' ')}; precompressed ${count} files`);
