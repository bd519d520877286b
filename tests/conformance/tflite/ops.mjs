// Models of one operator each: what TensorFlow Lite computes is what the imported ONNX computes.
// A case is [label, code, inputs, outputs, options, more].
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import ort from 'onnxruntime-node';
import { distance } from '../tfjs/compare.mjs';
import { buildModel, table, typed, vector } from './writer.mjs';

const tolerance = 1e-5;

let seed = 1;
const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
const draw = (shape, low, high) => Array.from({ length: shape.reduce((a, b) => a * b, 1) },
  () => low + (high - low) * random());
const fed = (shape, low = -3, high = 3) =>
  ({ fed: true, dtype: 'float32', shape, values: draw(shape, low, high) });
const fedInt = (shape, low, high) =>
  ({ fed: true, dtype: 'int32', shape, values: draw(shape, low, high).map(Math.floor) });
const num = (shape, low = -1, high = 1) =>
  ({ dtype: 'float32', shape, values: draw(shape, low, high) });
const int = (values, shape = [values.length]) => ({ dtype: 'int32', shape, values });
const one = (value) => int([value], []);
const bool = (values) => ({ fed: true, dtype: 'bool', shape: [values.length], values });
const out = (shape, dtype = 'float32') => ({ dtype, shape });
const floats = [out([1])];
const ints = [out([1], 'int32')];
const bools = [out([1], 'bool')];

const i8 = (value) => ['i8', value];
const i32 = (value) => ['i32', value];
const SAME = 0, VALID = 1;
const activations = [['relu', 1], ['relu -1 to 1', 2], ['relu6', 3]];
const conv = (padding, stride, act = 0, dilation = 1) => [1, { 0: i8(padding), 1: i32(stride),
  2: i32(stride), 3: i8(act), 4: i32(dilation), 5: i32(dilation) }];
const depthwise = (padding, stride, times, act = 0, dilation = 1) => [2, { 0: i8(padding),
  1: i32(stride), 2: i32(stride), 3: i32(times), 4: i8(act), 5: i32(dilation), 6: i32(dilation) }];
const pool = (padding, stride, size, act = 0) => [5, { 0: i8(padding), 1: i32(stride),
  2: i32(stride), 3: i32(size), 4: i32(size), 5: i8(act) }];

function* layers() {
  for (const [name, padding] of [['SAME', SAME], ['VALID', VALID]]) {
    for (const stride of [1, 2, 3]) {
      for (const size of [7, 8]) {
        const x = () => fed([1, size, size + 1, 4]);
        const what = `${name} stride ${stride} of ${size}`;
        yield [`CONV_2D ${what}`, 3, [x(), num([6, 3, 3, 2]), num([6])], floats,
          conv(padding, stride)];
        yield [`DEPTHWISE_CONV_2D ${what}`, 4, [x(), num([1, 3, 3, 8]), num([8])], floats,
          depthwise(padding, stride, 2)];
        yield [`MAX_POOL_2D ${what}`, 17, [x()], floats, pool(padding, stride, 3)];
        yield [`AVERAGE_POOL_2D ${what}`, 1, [x()], floats, pool(padding, stride, 3)];
      }
    }
  }
  for (const [name, act] of activations) {
    yield [`CONV_2D then ${name}`, 3, [fed([1, 5, 5, 2]), num([3, 3, 3, 2]), num([3])], floats,
      conv(SAME, 1, act)];
  }
  yield ['CONV_2D dilated', 3, [fed([1, 9, 9, 2]), num([3, 3, 3, 2]), num([3])], floats,
    conv(SAME, 1, 0, 2)];
  yield ['DEPTHWISE_CONV_2D dilated, relu6', 4, [fed([1, 9, 9, 2]), num([1, 3, 3, 2]), num([2])],
    floats, depthwise(SAME, 1, 1, 3, 2)];
  yield ['MAX_POOL_2D then relu', 17, [fed([1, 4, 4, 2])], floats, pool(SAME, 2, 2, 1)];
  for (const padding of [SAME, VALID]) {
    const side = padding === SAME ? 8 : 9;
    yield [`TRANSPOSE_CONV ${side}`, 67,
      [int([1, side, side, 2]), num([2, 3, 3, 4]), fed([1, 4, 4, 4]), num([2])], floats,
      [49, { 0: i8(padding), 1: i32(2), 2: i32(2), 3: i8(0) }], { version: 3 }];
  }
  yield ['FULLY_CONNECTED', 9, [fed([2, 5]), num([3, 5]), num([3])], floats, [8, { 0: i8(1) }]];
  yield ['FULLY_CONNECTED flat', 9, [fed([1, 2, 2, 5]), num([3, 20])], floats, [8, {}]];
  yield ['FULLY_CONNECTED keeps dims', 9, [fed([1, 4, 5]), num([3, 5]), num([3])], floats,
    [8, { 2: i8(1) }], { version: 5 }];
  for (const [x, y] of [[0, 0], [0, 1], [1, 0]]) {
    yield [`BATCH_MATMUL ${x}${y}`, 126, [fed(x ? [2, 4, 3] : [2, 3, 4]),
      fed(y ? [2, 5, 4] : [2, 4, 5])], floats, [101, { 0: i8(x), 1: i8(y) }]];
  }
}

function* arithmetic() {
  const unary = [['ABS', 101, 78], ['CEIL', 104, 0], ['COS', 108, 84], ['ELU', 111, 0],
    ['EXP', 47, 33], ['FLOOR', 8, 0], ['HARD_SWISH', 117, 91], ['LOGISTIC', 14, 0],
    ['NEG', 59, 42], ['RELU', 19, 0], ['RELU6', 21, 0], ['RELU_N1_TO_1', 20, 0],
    ['ROUND', 116, 0], ['SIN', 66, 0], ['SQUARE', 92, 66], ['TANH', 28, 0],
    ['LOG_SOFTMAX', 50, 36], ['L2_NORMALIZATION', 11, 12], ['RELU_0_TO_1', 152, 0],
    ['SIGN', 158, 123]];
  for (const [name, code, union] of unary) {
    yield [name, code, [fed([2, 5])], floats, union ? [union, {}] : undefined];
  }
  yield ['HARD_SWISH of an image', 117, [fed([1, 3, 3, 4], -5, 5)], floats, [91, {}]];
  for (const [name, code, union] of [['LOG', 73, 0], ['RSQRT', 76, 0], ['SQRT', 75, 0]]) {
    yield [name, code, [fed([2, 5], 0.1, 4)], floats, union ? [union, {}] : undefined];
  }
  yield ['GELU', 150, [fed([2, 9])], floats, [116, { 0: i8(0) }]];
  yield ['GELU by tanh', 150, [fed([2, 9])], floats, [116, { 0: i8(1) }]];
  yield ['LEAKY_RELU', 98, [fed([2, 5])], floats, [75, { 0: ['f32', 0.3] }]];
  yield ['SOFTMAX', 25, [fed([2, 5])], floats, [9, { 0: ['f32', 1] }]];
  yield ['SOFTMAX, beta', 25, [fed([2, 5])], floats, [9, { 0: ['f32', 0.5] }]];
  yield ['PRELU', 54, [fed([1, 3, 3, 4]), num([1, 1, 4])], floats];
  const binary = [['ADD', 0, 11], ['SUB', 41, 28], ['MUL', 18, 21], ['DIV', 42, 29],
    ['MAXIMUM', 55, 39], ['MINIMUM', 57, 39], ['SQUARED_DIFFERENCE', 99, 76],
    ['FLOOR_DIV', 90, 65], ['FLOOR_MOD', 95, 72]];
  for (const [name, code, union] of binary) {
    yield [name, code, [fed([2, 3, 4]), fed([3, 1], 0.5, 3)], floats, [union, {}]];
    yield [`${name} of integers`, code, [fedInt([9], -9, 9), fedInt([9], 1, 5)], ints,
      [union, {}]];
  }
  for (const [name, act] of activations) {
    yield [`ADD then ${name}`, 0, [fed([2, 9]), fed([2, 9])], floats, [11, { 0: i8(act) }]];
  }
  yield ['MUL of an image and its channels', 18, [fed([1, 4, 4, 3]), fed([1, 1, 1, 3])], floats,
    [21, {}]];
  const compare = [['EQUAL', 71, 53], ['NOT_EQUAL', 72, 54], ['GREATER', 61, 44],
    ['GREATER_EQUAL', 62, 45], ['LESS', 58, 41], ['LESS_EQUAL', 63, 46]];
  for (const [name, code, union] of compare) {
    yield [name, code, [fedInt([9], 0, 3), fedInt([9], 0, 3)], bools, [union, {}]];
  }
  const [p, q] = [[1, 1, 0, 0], [1, 0, 1, 0]];
  yield ['LOGICAL_AND', 86, [bool(p), bool(q)], bools, [62, {}]];
  yield ['LOGICAL_OR', 84, [bool(p), bool(q)], bools, [60, {}]];
  yield ['LOGICAL_NOT', 87, [bool(p)], bools, [63, {}]];
  yield ['POW', 78, [fed([2, 3], 0.1, 3), fed([2, 3], -2, 2)], floats, [56, {}]];
  yield ['ADD_N', 106, [fed([2, 3]), fed([2, 3]), fed([2, 3])], floats, [82, {}]];
  yield ['SELECT', 64, [bool(p), fed([4]), fed([4])], floats, [47, {}]];
  yield ['SELECT_V2', 123, [bool(p), fed([2, 4]), fed([2, 4])], floats, [98, {}]];
  yield ['CAST', 53, [fed([9])], ints, [37, { 0: i8(0), 1: i8(2) }]];
}

function* shapes() {
  yield ['RESHAPE', 22, [fed([2, 3, 4]), int([4, -1])], floats, [17, {}]];
  yield ['RESHAPE by option', 22, [fed([2, 3, 4])], floats,
    [17, { 0: ['ref', vector('i32', [6, 4])] }]];
  yield ['CONCATENATION', 2, [fed([1, 2, 3, 2]), fed([1, 2, 3, 4])], floats, [10, { 0: i32(-1) }]];
  yield ['EXPAND_DIMS', 70, [fed([2, 3]), one(-1)], floats, [52, {}]];
  yield ['SQUEEZE', 43, [fed([1, 2, 1, 3])], floats, [30, { 0: ['ref', vector('i32', [0])] }]];
  yield ['TRANSPOSE', 39, [fed([2, 3, 4]), int([2, 0, 1])], floats, [26, {}]];
  yield ['PACK', 83, [fed([2, 3]), fed([2, 3])], floats, [59, { 0: i32(2), 1: i32(1) }]];
  yield ['UNPACK', 88, [fed([2, 3, 2])], [out([2, 2]), out([2, 2]), out([2, 2])],
    [64, { 0: i32(3), 1: i32(1) }]];
  yield ['SPLIT', 49, [one(1), fed([2, 6])], [out([2, 2]), out([2, 2]), out([2, 2])],
    [35, { 0: i32(3) }]];
  yield ['SPLIT_V', 102, [fed([2, 6]), int([1, 5]), one(1)], [out([2, 1]), out([2, 5])],
    [79, { 0: i32(2) }]];
  yield ['TILE', 69, [fed([2, 3]), int([2, 2])], floats, [51, {}]];
  yield ['PAD', 34, [fed([1, 2, 3, 2]), int([0, 0, 1, 2, 0, 1, 0, 3], [4, 2])], floats, [22, {}]];
  yield ['PADV2', 60, [fed([2, 3]), int([1, 2, 0, 1], [2, 2]), { ...num([1]), shape: [] }], floats,
    [43, {}]];
  yield ['MIRROR_PAD', 100, [fed([4, 3]), int([1, 2, 0, 1], [2, 2])], floats, [77, { 0: i8(0) }]];
  yield ['SLICE', 65, [fed([3, 4, 5]), int([1, 0, 2]), int([2, -1, 2])],
    [out([2, 4, 2])], [48, {}]];
  yield ['STRIDED_SLICE', 45, [fed([4, 5, 6]), int([1, -1, 0]), int([3, -4, 1]), int([1, -2, 1])],
    floats, [32, { 0: i32(0), 1: i32(0), 4: i32(4) }]];
  yield ['REVERSE_V2', 105, [fed([2, 3, 4]), int([2])], floats, [81, {}]];
  yield ['BROADCAST_TO', 130, [fed([3, 1]), int([2, 3, 4])], floats, [104, {}],
    { version: 2 }];
  yield ['ZEROS_LIKE', 93, [fed([2, 3])], floats, [67, {}]];
  yield ['FILL', 94, [int([2, 3]), { ...fed([1]), shape: [] }], floats, [68, {}]];
  yield ['SHAPE', 77, [fed([2, 3])], ints, [55, { 0: i8(2) }]];
  yield ['RANK', 110, [fed([2, 3])], ints, [86, {}]];
  yield ['RANGE', 96, [one(1), one(8), one(3)], ints, [73, {}]];
  yield ['SPACE_TO_BATCH_ND', 38, [fed([1, 5, 6, 2]), int([2, 3]), int([1, 0, 0, 0], [2, 2])],
    floats, [25, {}]];
  yield ['BATCH_TO_SPACE_ND', 37, [fed([6, 3, 2, 2]), int([2, 3]), int([1, 0, 0, 2], [2, 2])],
    floats, [24, {}]];
  yield ['DEPTH_TO_SPACE', 5, [fed([1, 2, 3, 8])], floats, [94, { 0: i32(2) }]];
  yield ['SPACE_TO_DEPTH', 26, [fed([1, 4, 6, 2])], floats, [19, { 0: i32(2) }]];
  for (const [name, align, half] of [['', 0, 0], [' align', 1, 0], [' half', 0, 1]]) {
    const sizes = [[[3, 4], [6, 8]], [[4, 4], [7, 5]], [[6, 6], [3, 2]]];
    for (const [from, to] of sizes) {
      const x = () => fed([1, ...from, 2]);
      yield [`RESIZE_BILINEAR${name} ${from} to ${to}`, 23, [x(), int(to)], floats,
        [15, { 2: i8(align), 3: i8(half) }], { version: 3 }];
      yield [`RESIZE_NEAREST_NEIGHBOR${name} ${from} to ${to}`, 97, [x(), int(to)], floats,
        [74, { 0: i8(align), 1: i8(half) }], { version: 3 }];
    }
  }
}

function* reductions() {
  const reduce = [['MEAN', 40], ['SUM', 74], ['REDUCE_MAX', 82], ['REDUCE_MIN', 89],
    ['REDUCE_PROD', 81]];
  for (const [name, code] of reduce) {
    yield [`${name} keep`, code, [fed([2, 3, 4, 2]), int([1, 2])], floats, [27, { 0: i8(1) }]];
    yield [`${name} drop`, code, [fed([2, 3, 4, 2]), int([-1, 0])], floats, [27, { 0: i8(0) }]];
  }
  yield ['REDUCE_ANY', 91, [bool([0, 1, 0]), int([0])], bools, [27, { 0: i8(0) }]];
  yield ['ARG_MAX', 56, [fed([2, 5, 3]), one(1)], ints, [40, { 0: i8(2) }]];
  yield ['ARG_MIN', 79, [fed([2, 5, 3]), one(-1)], ints, [57, { 0: i8(2) }]];
  yield ['CUMSUM', 128, [fed([2, 5]), one(1)], floats, [102, { 0: i8(1), 1: i8(1) }]];
  yield ['TOPK_V2', 48, [fed([2, 9]), one(4)], [out([2, 4]), out([2, 4], 'int32')], [34, {}]];
  yield ['GATHER', 36, [fed([4, 3, 2]), int([2, 0, 1])], floats, [23, { 0: i32(1) }]];
  yield ['GATHER_ND', 107, [fed([4, 3, 2]), int([2, 0, 1, 2], [2, 2])], floats, [83, {}]];
  yield ['ONE_HOT', 85, [fedInt([5], 0, 4), one(4), { ...num([1]), shape: [] },
    { ...num([1]), shape: [] }], floats, [61, { 0: i32(-1) }]];
}

const scales = (list, zeros, axis) => table({ 2: ['ref', vector('f32', list)],
  3: ['ref', vector('i64', zeros)], 6: ['i32', axis] });

// Constants in other forms than float32, added to an input once the runtime has unpacked them.
function* constants() {
  const unpacked = (name, constant, steps) => {
    let from = constant;
    const before = steps.map((code) => {
      const to = out(constant.shape, code === 124 ? constant.dtype : 'float32');
      const step = { code, from, to };
      from = to;
      return step;
    });
    const last = before.at(-1);
    return [name, 0, [fed(constant.shape), last.to], floats, [11, {}], { before, constant }];
  };
  const half = [0x3c00, 0xc000, 0x0001, 0x7bff, 0x3555, 0x8000];
  yield unpacked('float16', { dtype: 'float16', shape: [6], values: half }, [6]);
  for (const [dtype, zero] of [['int8', -3], ['uint8', 128]]) {
    yield unpacked(`${dtype}, one scale`, { dtype, shape: [2, 4],
      values: [0, 1, 5, 100, 127, 3, 77, 9], quantization: scales([0.05], [zero], 0) }, [6]);
  }
  yield unpacked('int8, a scale for each column', { dtype: 'int8', shape: [2, 3],
    values: [-128, -1, 0, 5, 127, 3], quantization: scales([0.05, 0.5, 2], [0, 0, 0], 1) }, [6]);
  const dense = (size) => table({ 0: i8(0), 1: i32(size) });
  const list = (values) => table({ 0: ['ref', vector('i32', values)] });
  const sparse = (segments, indices) => table({ 0: i8(1), 2: ['u8', 1], 3: ['ref', list(segments)],
    4: ['u8', 1], 5: ['ref', list(indices)] });
  const tree = (order, levels, blocks) => table({ 0: ['ref', vector('i32', order)],
    2: ['ref', vector('ref', levels)], ...(blocks ? { 1: ['ref', vector('i32', blocks)] } : {}) });
  yield unpacked('sparse by rows', { dtype: 'float32', shape: [3, 4], values: [1, 2, 3, 4],
    sparsity: tree([0, 1], [dense(3), sparse([0, 2, 2, 4], [1, 3, 0, 2])]) }, [124]);
  yield unpacked('sparse by columns', { dtype: 'float32', shape: [3, 4], values: [1, 2, 3],
    sparsity: tree([1, 0], [dense(4), sparse([0, 1, 1, 2, 3], [2, 0, 1])]) }, [124]);
  yield unpacked('sparse in blocks', { dtype: 'float32', shape: [4, 4],
    values: [1, 2, 3, 4, 5, 6, 7, 8],
    sparsity: tree([0, 1, 2, 3], [dense(2), sparse([0, 1, 2], [1, 0]), dense(2), dense(2)],
      [0, 1]) }, [124]);
}

export const operators = [...layers(), ...arithmetic(), ...shapes(), ...reductions(),
  ...constants()];

async function run(oracle, tool, folder, [, code, inputs, outputs, options, more = {}]) {
  const { constant, before, ...rest } = more;
  const real = inputs.map((tensor) => (before?.at(-1).to === tensor ? constant : tensor));
  const model = buildModel({ code, inputs: real, outputs, options, before: before ?? [], ...rest });
  const given = inputs.filter((tensor) => tensor?.fed);
  const from = path.join(folder, 'op.tflite'), to = path.join(folder, 'op.onnx');
  fs.writeFileSync(from, model);
  execFileSync(tool, [from, to], { stdio: 'pipe' });
  const session = await ort.InferenceSession.create(to);
  const feeds = Object.fromEntries(given.map((tensor, i) => [session.inputNames[i],
    new ort.Tensor(tensor.dtype, typed(tensor.dtype, tensor.values), tensor.shape)]));
  const ours = await session.run(feeds);
  const reference = await oracle.run(model, given.map((t) => typed(t.dtype, t.values)));
  return session.outputNames.map((name, i) => {
    const [there, here] = [reference[i], ours[name]];
    if (there.shape.join() !== here.dims.join()) return `shape ${here.dims} for ${there.shape}`;
    const values = Float64Array.from(here.data, Number);
    const d = distance(there.values, values);
    return d <= tolerance ? '' : `${d.toExponential(2)} of range: ` +
      `${values.slice(0, 6)} for ${there.values.slice(0, 6)}`;
  }).find((problem) => problem !== '');
}

export async function checkOps(oracle, tool, folder, report) {
  for (const row of operators) {
    const problem = await run(oracle, tool, folder, row)
      .catch((error) => (error.stderr?.toString() || error.stack).trim().slice(0, 400));
    report(`${problem ? 'FAIL' : 'ok  '} ${row[0]}${problem ? `: ${problem}` : ''}`);
  }
}
