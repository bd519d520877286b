// Every op of ops.mjs through TensorFlow.js (its plain JavaScript backend) and through the importer
// and ONNX Runtime.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import ort from 'onnxruntime-node';
import { distance } from './compare.mjs';
import { buildModel, cases } from './ops.mjs';

const tolerance = 1e-5;

async function original(model) {
  const graph = await tf.loadGraphModel({ load: async () => ({ ...model.json,
    weightSpecs: model.json.weightsManifest[0].weights,
    weightData: model.weights.buffer.slice(model.weights.byteOffset,
      model.weights.byteOffset + model.weights.byteLength) }) });
  const inputs = Object.fromEntries(Object.entries(model.feeds)
    .map(([name, t]) => [name, tf.tensor(t.values, t.shape, t.dtype)]));
  const results = model.async ? await graph.executeAsync(inputs, model.outputs)
    : graph.execute(inputs, model.outputs);
  return (Array.isArray(results) ? results : [results])
    .map(t => ({ shape: t.shape, values: Float64Array.from(t.dataSync()) }));
}

async function imported(tool, model, folder) {
  fs.writeFileSync(path.join(folder, 'model.json'), JSON.stringify(model.json));
  fs.writeFileSync(path.join(folder, 'weights.bin'), model.weights);
  const out = path.join(folder, 'model.onnx');
  execFileSync(tool, [path.join(folder, 'model.json'), out,
    ...model.outputs.flatMap(o => ['--output', o])], { stdio: 'pipe' });
  const session = await ort.InferenceSession.create(out);
  const feeds = Object.fromEntries(Object.entries(model.feeds)
    .map(([name, t]) => [name, new ort.Tensor(t.dtype, t.values, t.shape)]));
  const results = await session.run(feeds);
  return model.outputs.map(name => ({ shape: results[name].dims,
    values: Float64Array.from(results[name].data, Number) }));
}

async function check(tool, row, folder) {
  const model = buildModel(row);
  const reference = await original(model);
  const ours = await imported(tool, model, folder);
  return reference.map(({ shape, values }, k) => {
    if (shape.join() !== ours[k].shape.join()) return `shape ${ours[k].shape} for ${shape}`;
    const d = distance(values, ours[k].values);
    return d <= tolerance ? '' : `${d.toExponential(2)} of range: ` +
      `${ours[k].values.slice(0, 6)} for ${values.slice(0, 6)}`;
  }).find(problem => problem !== '');
}

export async function checkOps(tool, counts) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tfjs-ops-'));
  await tf.setBackend('cpu');
  for (const row of cases) {
    let problem;
    try {
      problem = await check(tool, row, folder);
    } catch (error) {
      problem = (error.stderr?.toString() || error.stack).trim().slice(0, 400);
    }
    if (problem) console.log(`FAIL ${row[0]}: ${problem}`);
    ++counts[problem ? 'failed' : 'passed'];
  }
  fs.rmSync(folder, { recursive: true });
}
