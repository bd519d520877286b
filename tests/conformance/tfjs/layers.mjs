// Small Keras models, one or two layers each, through TensorFlow.js and through the importer and
// ONNX Runtime.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import ort from 'onnxruntime-node';
import { distance } from './compare.mjs';

const tolerance = 1e-5;
const { layers } = tf;

// Keras draws weights anew each time, and some of its draws cancel down to the rounding. The same
// weights every time, then: sines of one long sequence, variances kept positive.
function fixWeights(model) {
  let drawn = 0;
  const fixed = model.weights.map(({ name, shape }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length: size }, () => Math.sin(12.9898 * ++drawn) / 2);
    return tf.tensor(name.includes('variance') ? values.map(v => 1 + v) : values, shape);
  });
  model.setWeights(fixed);
  return model;
}
const images = [7, 9, 4];

const pair = merge => x => merge.apply([layers.reLU().apply(x),
  layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(x)]);
const chain = list => x => list.reduce((value, layer) => layer.apply(value), x);
const activations = ['relu', 'relu6', 'sigmoid', 'softmax', 'tanh', 'elu', 'selu', 'softplus',
  'linear', 'swish'];

// Name, shape of the input, and what is built on it.
const cases = () => [
  ...activations.map(activation =>
    [`Activation ${activation}`, images, chain([layers.activation({ activation })])]),
  ...['same', 'valid'].flatMap(padding => [1, 2].flatMap(strides => [
    [`Conv2D ${padding} ${strides}`, images,
      chain([layers.conv2d({ filters: 5, kernelSize: 3, padding, strides, activation: 'relu',
        biasInitializer: 'randomNormal' })])],
    [`DepthwiseConv2D ${padding} ${strides}`, images,
      chain([layers.depthwiseConv2d({ kernelSize: 3, padding, strides, depthMultiplier: 2 })])],
    [`SeparableConv2D ${padding} ${strides}`, images,
      chain([layers.separableConv2d({ filters: 6, kernelSize: 3, padding, strides })])],
    [`AveragePooling2D ${padding} ${strides}`, images,
      chain([layers.averagePooling2d({ poolSize: 3, padding, strides })])],
    [`MaxPooling2D ${padding} ${strides}`, images,
      chain([layers.maxPooling2d({ poolSize: [2, 3], padding, strides })])]])),
  ['Conv2D dilated', images,
    chain([layers.conv2d({ filters: 3, kernelSize: 3, dilationRate: 2, useBias: false })])],
  ['BatchNormalization', images, chain([layers.batchNormalization({
    betaInitializer: 'randomNormal', movingMeanInitializer: 'randomNormal' })])],
  ['BatchNormalization bare', images,
    chain([layers.batchNormalization({ scale: false, center: false, epsilon: 0.1 })])],
  ['ReLU 6', images, chain([layers.reLU({ maxValue: 6 })])],
  ['LeakyReLU', images, chain([layers.leakyReLU({ alpha: 0.1 })])],
  ['Softmax', [9], chain([layers.softmax()])],
  ['Add', images, pair(layers.add())],
  ['Multiply', images, pair(layers.multiply())],
  ['Maximum', images, pair(layers.maximum())],
  ['Minimum', images, pair(layers.minimum())],
  ['Concatenate', images, pair(layers.concatenate())],
  ['Concatenate rows', images, pair(layers.concatenate({ axis: 1 }))],
  ['GlobalAveragePooling2D', images, chain([layers.globalAveragePooling2d({})])],
  ['GlobalMaxPooling2D', images, chain([layers.globalMaxPooling2d({})])],
  ['ZeroPadding2D', images, chain([layers.zeroPadding2d({ padding: [[0, 1], [2, 3]] })])],
  ['Flatten Dense', images, chain([layers.flatten(), layers.dropout({ rate: 0.5 }),
    layers.dense({ units: 3, activation: 'softmax', biasInitializer: 'randomNormal' })])],
  ['Reshape', images, chain([layers.reshape({ targetShape: [21, 12] })])],
];

function functional(shape, build) {
  const x = tf.input({ shape });
  return tf.model({ inputs: x, outputs: build(x) });
}

// A base and a head, each a model of its own inside a third.
function nested() {
  const base = functional(images, chain([layers.conv2d({ filters: 3, kernelSize: 3 }),
    layers.globalAveragePooling2d({})]));
  const head = tf.sequential({ layers: [
    layers.dense({ units: 8, activation: 'relu', inputShape: [3] }),
    layers.dense({ units: 2, activation: 'softmax' })] });
  return tf.sequential({ layers: [base, head] });
}

async function imported(tool, model, data, shape, folder) {
  await model.save(tf.io.withSaveHandler(async saved => {
    fs.writeFileSync(path.join(folder, 'model.json'), JSON.stringify({
      modelTopology: saved.modelTopology,
      weightsManifest: [{ paths: ['weights.bin'], weights: saved.weightSpecs }] }));
    fs.writeFileSync(path.join(folder, 'weights.bin'), Buffer.from(saved.weightData));
    return {};
  }));
  const out = path.join(folder, 'model.onnx');
  execFileSync(tool, [path.join(folder, 'model.json'), out], { stdio: 'pipe' });
  const session = await ort.InferenceSession.create(out);
  const input = new ort.Tensor('float32', data, shape);
  const results = await session.run({ [session.inputNames[0]]: input });
  return results[session.outputNames[0]];
}

async function check(tool, model, shape, folder) {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) },
    (_, i) => 4 * Math.sin(1.7 * i));
  const reference = model.predict(tf.tensor(data, shape));
  const ours = await imported(tool, model, data, shape, folder);
  if (reference.shape.join() !== ours.dims.join()) return `shape ${ours.dims}`;
  const d = distance(reference.dataSync(), ours.data);
  return d <= tolerance ? '' : `${d.toExponential(2)} of range`;
}

export async function checkLayers(tool, counts) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tfjs-layers-'));
  await tf.setBackend('cpu');
  const rows = cases().map(([name, shape, build]) => [name, shape, () => functional(shape, build)]);
  rows.push(['models in a model', images, nested]);
  for (const [name, shape, build] of rows) {
    let problem;
    try {
      problem = await check(tool, fixWeights(build()), [1, ...shape], folder);
    } catch (error) {
      problem = (error.stderr?.toString() || error.stack).trim().slice(0, 400);
    }
    if (problem) console.log(`FAIL layer ${name}: ${problem}`);
    ++counts[problem ? 'failed' : 'passed'];
  }
  fs.rmSync(folder, { recursive: true });
}
