// Runs the vectors of this folder over the WebAssembly build of the kernel. The native build runs
// the same files (vectors_test.cpp of kernel/document, transform_vectors_test.cpp of kernel/ot):
// both must give the same bytes.
//
//   node tests/vectors/run_wasm.mjs          after script/build_wasm; exits 1 on any difference
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const generated = new URL('../../web/src/kernel/generated/', import.meta.url);
const { default: createKernel } = await import(new URL('kernel.js', generated));
const kernel = await createKernel({
  wasmBinary: readFileSync(new URL('kernel.wasm', generated)),
});

let passed = 0;
let failed = 0;

function check(actual, expected, where) {
  if (actual === expected) {
    passed++;
    return;
  }
  failed++;
  if (failed <= 20) console.error(`${where}\n  expected ${expected}\n  got      ${actual}`);
}

function load(name) {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

function call(name, args) {
  const result = kernel[name](...args);
  if (name === 'rle_decode') return Array.from(result, (byte) => (byte === 0 ? '0' : '1')).join('');
  return String(result);
}

function runCalls(name) {
  for (const [i, row] of load(name).entries()) {
    check(call(row.call, row.args), row.expect, `${name} ${i} ${row.call}`);
    if (row.call === 'rle_decode') {
      const [counts, height, width] = row.args;
      const bytes = Uint8Array.from(row.expect, Number);
      check(kernel.rle_encode(bytes, height, width), counts, `${name} ${i} rle_encode`);
    }
  }
}

function runHistories() {
  for (const row of load('histories.json')) {
    let document = new kernel.Document();
    for (const [i, step] of row.steps.entries()) {
      const where = `history ${row.seed} step ${i}`;
      check(document.invert(step.op), step.invert, `${where} invert`);
      const other = document.clone();
      check(document.apply(step.op), step.apply, `${where} apply`);
      check(other.apply(step.op), step.apply, `${where} apply to a clone`);
      other.delete();
    }
    check(document.items(), row.items, `history ${row.seed} items`);
    const again = new kernel.Document();
    again.load(`{"revision":${document.revision()},"items":${document.items()}}`);
    check(again.items(), row.items, `history ${row.seed} loaded again`);
    document.delete();
    again.delete();
  }
}

function runTransforms() {
  for (const [i, row] of load('transforms.json').entries()) {
    for (const side of ['later', 'earlier']) {
      const result = kernel.transform_all(row.changes, row.over, side);
      check(result, row[side], `transforms.json ${i} ${side}`);
    }
  }
}

function runAdopting() {
  const [first] = load('histories.json');
  const from = new kernel.Document();
  for (const step of first.steps) from.apply(step.op);
  const document = new kernel.Document();
  for (const id of JSON.parse(from.ids())) document.adopt(id, from);
  check(document.items(), first.items, 'a document of adopted annotations');
  const empty = new kernel.Document();
  for (const id of JSON.parse(from.ids())) document.adopt(id, empty);
  check(document.ids(), '[]', 'absence adopted');
  for (const one of [from, document, empty]) one.delete();
}

function message(work) {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : `not an Error: ${error}`;
  }
  return 'nothing thrown';
}

function runFailures() {
  const document = new kernel.Document();
  check(
    document.apply('{'),
    '{"ok":false,"code":"malformed_json",' +
      '"detail":"The JSON text cannot be read near byte 1: incomplete JSON."}',
    'apply of broken JSON',
  );
  check(JSON.parse(document.apply('{}')).code, 'invalid_operation', 'apply of an empty object');
  for (const work of [
    () => document.load('{"revision":0,"items":[{}]}'),
    () => document.invert('[]'),
    () => kernel.rle_decode('~~', 3, 3),
    () => kernel.rle_area('9', 70000, 70000),
    () => kernel.polygon_to_rle('[{"points":[[0,0]]', 3, 3),
    () => kernel.key_between('b', 'a'),
    () => kernel.transform_all('{}', '[]', 'later'),
  ]) {
    const text = message(work);
    check(text.endsWith(".") && !text.startsWith("not"), true, `failure "${text}"`);
  }
  check(document.ids(), '[]', 'the document is unharmed');
  document.delete();
}

runCalls('reference.json');
runCalls('calls.json');
runHistories();
runTransforms();
runAdopting();
runFailures();
const script = readFileSync(fileURLToPath(new URL('kernel.js', generated)), 'utf8');
check(/new Function|[^a-zA-Z_.]eval\(/.test(script), false, 'kernel.js needs no eval');
console.log(`kernel vectors over WebAssembly: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
