// Selfie segmentation ends in an operator of MediaPipe's own, Convolution2DTransposeBias, and a
// logistic function; TensorFlow's runtime has the former only inside its tasks. It runs the model
// up to there; these two steps are then taken here as they are defined, in double precision, with
// the filter and the bias that the runtime itself unpacked.
import { Table } from './flatbuffer.mjs';

const fields = { codes: 1, graphs: 2, buffers: 4, customCode: 1, tensors: 0, outputs: 2,
  operators: 3, code: 0, operatorInputs: 1, operatorOutputs: 2, options: 5, shape: 0, buffer: 2,
  data: 0 };

function ending(bytes) {
  const model = Table.root(bytes);
  const graph = model.tables(fields.graphs)[0];
  const names = model.tables(fields.codes).map((code) => code.text(fields.customCode));
  const operators = graph.tables(fields.operators);
  const last = operators.at(-2);
  const known = names[last.uint32(fields.code)] === 'Convolution2DTransposeBias';
  return known ? { model, graph, operators, last } : null;
}

function halfToNumber(half) {
  const exponent = (half >> 10) & 31, fraction = half & 1023;
  const magnitude = exponent === 0 ? fraction * 2 ** -24
    : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return half >> 15 ? -magnitude : magnitude;
}

// A tensor that an operator unpacks from float16.
function unpacked({ model, graph, operators }, tensor) {
  const maker = operators.find((op) => op.integers(fields.operatorOutputs)[0] === tensor);
  const stored = graph.tables(fields.tensors)[maker.integers(fields.operatorInputs)[0]];
  const buffer = model.tables(fields.buffers)[stored.uint32(fields.buffer)];
  const at = buffer.vector(fields.data) + 4;
  return { shape: stored.integers(fields.shape),
    values: Array.from({ length: buffer.length(fields.data) / 2 }, (_, i) =>
      halfToNumber(buffer.view.getUint16(at + 2 * i, true))) };
}

export const endsInOwnOperator = (bytes) => ending(bytes) !== null;

// The model without its last two operators, giving out one of its tensors.
function cutAt(bytes, tensor) {
  const copy = Uint8Array.from(bytes);
  const { graph, operators } = ending(copy);
  graph.view.setUint32(graph.vector(fields.operators), operators.length - 2, true);
  graph.view.setInt32(graph.vector(fields.outputs) + 4, tensor, true);
  return Buffer.from(copy);
}

const logistic = (x) => 1 / (1 + Math.exp(-x));

// Each input pixel adds its filter, weighed, to the block of outputs that starts at its place.
function transposedConvolution(x, filter, bias, stride) {
  const [, height, width, channels] = x.shape;
  const [outs, rows, columns] = filter.shape;
  if (rows !== stride || columns !== stride) throw new Error('blocks of outputs overlap');
  const out = new Float64Array(height * stride * width * stride * outs);
  for (let i = 0; i < out.length; ++i) {
    const o = i % outs, column = Math.floor(i / outs) % (width * stride);
    const row = Math.floor(i / outs / (width * stride));
    const from = (Math.floor(row / stride) * width + Math.floor(column / stride)) * channels;
    const tap = ((o * rows + row % stride) * columns + column % stride) * channels;
    let sum = bias.values[o];
    for (let c = 0; c < channels; ++c) sum += x.values[from + c] * filter.values[tap + c];
    out[i] = sum;
  }
  return { shape: [1, height * stride, width * stride, outs], values: out };
}

export async function runSelfie(oracle, bytes, input) {
  const parts = ending(bytes);
  const { last } = parts;
  const [image, filter, bias] = last.integers(fields.operatorInputs);
  const [x] = await oracle.run(cutAt(bytes, image), [input]);
  const stride = last.view.getInt32(last.vector(fields.options) + 8, true);
  const sums = transposedConvolution(x, unpacked(parts, filter), unpacked(parts, bias), stride);
  return [{ ...sums, values: sums.values.map(logistic) }];
}
