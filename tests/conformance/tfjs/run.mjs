// Imports every TensorFlow.js model that is installed, runs the ONNX file in ONNX Runtime and the
// original in TensorFlow.js on the same photos, and holds each output to 1e-4 of its range.
//
//   ANNOTATEAI_TEST_DATA       folder with photos/*.jpg (required)
//   ANNOTATEAI_MODEL_PACKAGES  node_modules folder with the model packages
//   ANNOTATEAI_TFJS_IMPORT     the tfjs_import_tool program
//   ANNOTATEAI_TFJS_BACKEND    wasm (default) or cpu
//   ANNOTATEAI_BENCH=1         prints CPU times of both on one thread, and the ONNX op counts
// Arguments: names of models, `ops` for the single ops of ops.mjs, `layers` for the layers of
// layers.mjs; none means all.
// Exit code 1 when anything differs.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import ort from 'onnxruntime-node';
import { distance, rankedDistance } from './compare.mjs';
import { checkLayers } from './layers.mjs';
import { layOut, tfjsModels } from './models.mjs';
import { readPhoto } from './photo.mjs';
import { checkOps } from './run_ops.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../../..');
const packages = process.env.ANNOTATEAI_MODEL_PACKAGES ??
  path.join(root, 'third_party/model_packages/node_modules');
const tool = process.env.ANNOTATEAI_TFJS_IMPORT ?? path.join(root, 'build/tfjs_import_tool');
const backend = process.env.ANNOTATEAI_TFJS_BACKEND ?? 'wasm';
const bench = process.env.ANNOTATEAI_BENCH === '1';
const photoNames = ['dog.jpg', 'coco_000000000785.jpg', 'coco_000000000724.jpg'];
const tolerance = 1e-4;

// `execute` answers with the outputs named, in that order.
async function loadOriginal(file, model, outputs) {
  const json = JSON.parse(fs.readFileSync(file, 'utf8'));
  const shards = json.weightsManifest.flatMap(g => g.paths)
    .map(p => fs.readFileSync(path.join(path.dirname(file), p)));
  const data = Buffer.concat(shards);
  const handler = { load: async () => ({
    modelTopology: json.modelTopology,
    format: json.format, generatedBy: json.generatedBy, convertedBy: json.convertedBy,
    signature: json.signature, userDefinedMetadata: json.userDefinedMetadata,
    weightSpecs: json.weightsManifest.flatMap(g => g.weights),
    weightData: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength),
  }) };
  if (json.modelTopology.node) {
    const graph = await tf.loadGraphModel(handler);
    return { execute: input => graph.execute({ [model.cut ?? model.input]: input }, outputs),
      dispose: () => graph.dispose() };
  }
  const whole = await tf.loadLayersModel(handler);
  const part = tf.model({ inputs: whole.inputs,
    outputs: outputs.map(name => whole.getLayer(name).output) });
  return { execute: input => part.predict(input), dispose: () => whole.dispose() };
}

function importModel(model, file, out) {
  const cut = model.cut ? ['--cut', `${model.cut}=${model.input}:${model.shape}`] : [];
  const outputs = model.outputs.flatMap(o => ['--output', o]);
  return execFileSync(tool, [file, out, ...cut, ...outputs], { encoding: 'utf8' });
}

async function runOriginal(original, model, data) {
  const input = tf.tensor4d(data, model.shape, model.dtype);
  const results = original.execute(input);
  const list = Array.isArray(results) ? results : [results];
  const values = list.map(t => t.dataSync());
  tf.dispose([input, ...list]);
  return values;
}

async function runImported(session, model, data, outputs) {
  const values = model.dtype === 'int32' ? Int32Array.from(data) : data;
  const input = new ort.Tensor(model.dtype, values, model.shape);
  const results = await session.run({ [model.input]: input });
  return outputs.map(name => results[name].data);
}

// CPU time of one thread, which other programs on the machine disturb least.
async function medianCpuMs(times, action) {
  await action();
  const list = [];
  for (let i = 0; i < times; ++i) {
    const start = process.cpuUsage();
    await action();
    const { user, system } = process.cpuUsage(start);
    list.push((user + system) / 1000);
  }
  return list.sort((a, b) => a - b)[times >> 1];
}

async function check(model, file, folder) {
  const out = path.join(folder, `${model.name}.onnx`);
  const report = importModel(model, file, out);
  const session = await ort.InferenceSession.create(out,
    bench ? { intraOpNumThreads: 1 } : {});
  const outputs = [...session.outputNames];
  const original = await loadOriginal(file, model, outputs);
  let worst = 0;
  let data;
  for (const photo of photoNames) {
    const photoFile = path.join(process.env.ANNOTATEAI_TEST_DATA, 'photos', photo);
    data = readPhoto(photoFile, model.shape[1], model.shape[3], model.scale);
    const reference = await runOriginal(original, model, data);
    const imported = await runImported(session, model, data, outputs);
    outputs.forEach((name, i) => {
      const ranked = model.ranked.includes(name);
      const d = ranked ? rankedDistance(reference[i], imported[i], 6, 4)
                       : distance(reference[i], imported[i], model.ranges[name]);
      if (!(d <= tolerance)) {
        console.log(`  ${model.name} ${photo} ${name}: ${d.toExponential(2)}`,
          reference[i].slice(0, 4), imported[i].slice(0, 4));
      }
      worst = Math.max(worst, d);
    });
  }
  if (bench) {
    const ours = await medianCpuMs(15, () => runImported(session, model, data, outputs));
    const theirs = await medianCpuMs(5, () => runOriginal(original, model, data));
    console.log(`  ${model.name}: onnx ${ours.toFixed(1)} ms, tfjs ${backend} ` +
      `${theirs.toFixed(1)} ms; ${report.match(/^op .*/gm).join(', ').replaceAll('op  ', '')}`);
  }
  original.dispose();
  await session.release();
  return worst;
}

async function checkModels(wanted, counts) {
  if (!process.env.ANNOTATEAI_TEST_DATA) {
    console.log('skip all models: ANNOTATEAI_TEST_DATA is not set, no photos to compare on');
    counts.skipped += tfjsModels.length;
    return;
  }
  setWasmPaths(path.join(here, 'node_modules/@tensorflow/tfjs-backend-wasm/dist/'));
  setThreadsCount(1);
  await tf.setBackend(backend);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tfjs-conformance-'));
  for (const model of tfjsModels.filter(m => !wanted.length || wanted.includes(m.name))) {
    try {
      const file = layOut(model, packages, folder);
      if (file === undefined) {
        console.log(`skip ${model.name}: ${model.manifest.files[0].source.npm} is not installed`);
        ++counts.skipped;
        continue;
      }
      const worst = await check(model, file, folder);
      const good = worst <= tolerance;
      console.log(`${good ? 'ok  ' : 'FAIL'} ${model.name}: ${worst.toExponential(2)} of range`);
      ++counts[good ? 'passed' : 'failed'];
    } catch (error) {
      console.log(`FAIL ${model.name}: ${error.message}`);
      ++counts.failed;
    }
  }
  fs.rmSync(folder, { recursive: true });
}

const wanted = process.argv.slice(2);
const counts = { passed: 0, failed: 0, skipped: 0 };
if (!wanted.length || wanted.includes('ops')) await checkOps(tool, counts);
if (!wanted.length || wanted.includes('layers')) await checkLayers(tool, counts);
await checkModels(wanted, counts);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed ? 1 : 0;
