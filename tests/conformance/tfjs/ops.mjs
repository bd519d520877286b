// Models of one op each: what TensorFlow.js computes is what the imported ONNX must compute.
// A case is [label, op, inputs, attributes, options]. An input is fed (`fed`) or constant (`num`,
// `int`); attributes are spelled as in model.json.

let seed = 1;
const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
const count = shape => shape.reduce((a, b) => a * b, 1);
const draw = (shape, low, high) => Array.from({ length: count(shape) },
  () => low + (high - low) * random());

const fed = (shape, low = -3, high = 3) =>
  ({ fed: true, dtype: 'float32', shape, values: draw(shape, low, high) });
const fedInt = (shape, low, high) =>
  ({ fed: true, dtype: 'int32', shape, values: draw(shape, low, high).map(Math.floor) });
const num = (shape, low = -1, high = 1) => ({ dtype: 'float32', shape, values: draw(shape, low,
  high) });
const nums = (values, shape = [values.length]) => ({ dtype: 'float32', shape, values });
const int = (values, shape = [values.length]) => ({ dtype: 'int32', shape, values });
const one = value => ({ dtype: 'int32', shape: [], values: [value] });
const real = value => ({ dtype: 'float32', shape: [], values: [value] });

const base64 = text => Buffer.from(text).toString('base64');
const i = value => ({ i: String(value) });
const f = value => ({ f: value });
const b = value => ({ b: value });
const s = text => ({ s: base64(text) });
const ints = values => ({ list: { i: values.map(String) } });
const texts = values => ({ list: { s: values.map(base64) } });
const type = name => ({ type: name });

const window = (stride, padding, more = {}) => ({ strides: ints([1, stride, stride, 1]),
  padding: s(padding), data_format: s('NHWC'), dilations: ints([1, 1, 1, 1]), ...more });
const pool = (size, stride, padding) => ({ ...window(stride, padding),
  ksize: ints([1, size, size, 1]) });

function* convolutions() {
  for (const padding of ['SAME', 'VALID']) {
    for (const stride of [1, 2, 3]) {
      for (const size of [7, 8]) {
        const name = `${padding} stride ${stride} of ${size}x${size + 1}`;
        const x = () => fed([1, size, size + 1, 3]);
        yield [`conv ${name}`, 'Conv2D', [x(), num([3, 2, 3, 4])], window(stride, padding)];
        yield [`depthwise ${name}`, 'DepthwiseConv2dNative', [x(), num([3, 3, 3, 2])],
          window(stride, padding)];
        yield [`max pool ${name}`, 'MaxPool', [x()], pool(3, stride, padding)];
        yield [`avg pool ${name}`, 'AvgPool', [x()], pool(3, stride, padding)];
      }
    }
  }
  yield ['dilated conv', 'Conv2D', [fed([1, 9, 10, 2]), num([3, 3, 2, 3])],
    window(1, 'SAME', { dilations: ints([1, 2, 2, 1]) })];
  yield ['explicit pads', 'Conv2D', [fed([1, 9, 10, 2]), num([3, 3, 2, 3])],
    window(2, 'EXPLICIT', { explicit_paddings: ints([0, 0, 1, 2, 0, 1, 0, 0]) })];
  for (const [size, out] of [[4, 8], [4, 7]]) {
    yield [`transposed conv to ${out}`, 'Conv2DBackpropInput',
      [int([1, out, out, 3]), num([3, 3, 3, 2]), fed([1, size, size, 2])], window(2, 'SAME')];
  }
  yield ['batch norm', 'FusedBatchNormV3', [fed([1, 3, 4, 5]), num([5]), num([5]), num([5]),
    num([5], 0.5, 2)], { epsilon: f(0.001), is_training: b(false), data_format: s('NHWC') }];
}

function* fused() {
  const more = (ops, extra = {}) => window(1, 'SAME', { fused_ops: texts(ops), num_args: i(1),
    ...extra });
  const base = () => [fed([1, 5, 5, 3]), num([3, 3, 3, 4]), num([4])];
  for (const act of ['Relu', 'Relu6', 'Elu', 'Sigmoid']) {
    yield [`conv + bias + ${act}`, '_FusedConv2D', base(), more(['BiasAdd', act])];
  }
  yield ['conv + bias', '_FusedConv2D', base(), more(['BiasAdd'])];
  yield ['conv + bias + leaky', '_FusedConv2D', base(),
    more(['BiasAdd', 'LeakyRelu'], { leakyrelu_alpha: f(0.1) })];
  yield ['conv + bias + prelu', '_FusedConv2D', [...base(), num([1, 1, 4])],
    more(['BiasAdd', 'Prelu'], { num_args: i(2) })];
  yield ['depthwise + bias + relu6', 'FusedDepthwiseConv2dNative',
    [fed([1, 6, 5, 3]), num([3, 3, 3, 1]), num([3])], more(['BiasAdd', 'Relu6'])];
  for (const [ta, tb] of [[false, false], [true, false], [false, true]]) {
    const a = ta ? [5, 2] : [2, 5], w = tb ? [3, 5] : [5, 3];
    yield [`fused matmul ${ta} ${tb}`, '_FusedMatMul', [fed(a), num(w), num([3])],
      { transpose_a: b(ta), transpose_b: b(tb), fused_ops: texts(['BiasAdd', 'Relu']),
        num_args: i(1) }];
    yield [`matmul ${ta} ${tb}`, 'MatMul', [fed(a), num(w)],
      { transpose_a: b(ta), transpose_b: b(tb) }];
  }
  yield ['batch matmul', 'BatchMatMulV2', [fed([2, 3, 4]), fed([2, 5, 4])],
    { adj_x: b(false), adj_y: b(true) }];
}

function* elementwise() {
  for (const op of ['Abs', 'Ceil', 'Cos', 'Elu', 'Erf', 'Exp', 'Floor', 'LeakyRelu', 'Neg', 'Relu',
    'Relu6', 'Round', 'Selu', 'Sigmoid', 'Sign', 'Sin', 'Softplus', 'Square', 'Tanh', 'Atan']) {
    yield [op, op, [fed([2, 5])], op === 'LeakyRelu' ? { alpha: f(0.3) } : {}];
  }
  yield ['Round halves', 'Round', [{ ...fed([6]), values: [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5] }], {}];
  for (const op of ['Log', 'Log1p', 'Reciprocal', 'Rsqrt', 'Sqrt']) {
    yield [op, op, [fed([2, 5], 0.1, 4)], {}];
  }
  for (const op of ['AddV2', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum', 'SquaredDifference',
    'FloorDiv', 'FloorMod', 'Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual']) {
    yield [`${op} broadcast`, op, [fed([2, 3, 4]), fed([3, 1], 0.5, 3)], {}];
    yield [`${op} int`, op, [fedInt([20], -9, 9), fedInt([20], 1, 5)], {}];
    yield [`${op} by negative int`, op, [fedInt([20], -9, 9), int([-3], [1])], {}];
  }
  yield ['Pow', 'Pow', [fed([2, 3], 0.1, 3), fed([3], -2, 2)], {}];
  yield ['AddN', 'AddN', [fed([2, 3]), fed([2, 3]), fed([2, 3])], {}];
  yield ['Prelu', 'Prelu', [fed([1, 3, 3, 4]), num([1, 1, 4])], {}];
  yield ['ClipByValue', 'ClipByValue', [fed([2, 5]), real(-1), real(1.5)], {}];
  yield ['Softmax', 'Softmax', [fed([2, 5])], {}];
  yield ['LogSoftmax', 'LogSoftmax', [fed([2, 5])], {}];
  yield ['BiasAdd', 'BiasAdd', [fed([1, 2, 3, 4]), num([4])], {}];
  yield ['Cast to int', 'Cast', [fed([10])], { SrcT: type('DT_FLOAT'), DstT: type('DT_INT32') }];
  yield ['Cast to float', 'Cast', [fedInt([10], -5, 5)], { SrcT: type('DT_INT32'),
    DstT: type('DT_FLOAT') }];
}

function* shapes() {
  yield ['Reshape', 'Reshape', [fed([2, 3, 4]), int([4, -1])], {}];
  yield ['ExpandDims', 'ExpandDims', [fed([2, 3]), one(-1)], {}];
  yield ['Squeeze', 'Squeeze', [fed([1, 2, 1, 3])], { squeeze_dims: ints([0]) }];
  yield ['Squeeze all', 'Squeeze', [fed([1, 2, 1, 3])], { squeeze_dims: ints([]) }];
  yield ['Transpose', 'Transpose', [fed([2, 3, 4]), int([2, 0, 1])], {}];
  yield ['ConcatV2', 'ConcatV2', [fed([2, 3]), fed([2, 1]), one(-1)], { N: i(2) }];
  yield ['Pack', 'Pack', [fed([2, 3]), fed([2, 3])], { axis: i(1), N: i(2) }];
  yield ['Unpack', 'Unpack', [fed([2, 3, 2])], { axis: i(1), num: i(3) }, { outputs: 3 }];
  yield ['Split', 'Split', [one(1), fed([2, 6])], { num_split: i(3) }, { outputs: 3 }];
  yield ['SplitV', 'SplitV', [fed([2, 6]), int([1, 2, 3]), one(1)], { num_split: i(3) },
    { outputs: 3 }];
  yield ['Tile', 'Tile', [fed([2, 3]), int([2, 2])], {}];
  yield ['Pad', 'Pad', [fed([1, 2, 3, 2]), int([0, 0, 1, 2, 0, 1, 0, 0], [4, 2])], {}];
  yield ['PadV2', 'PadV2', [fed([2, 3]), int([1, 2, 0, 1], [2, 2]), real(7)], {}];
  yield ['MirrorPad', 'MirrorPad', [fed([4, 3]), int([1, 2, 0, 1], [2, 2])],
    { mode: s('REFLECT') }];
  yield ['ReverseV2', 'ReverseV2', [fed([2, 3, 4]), int([0, 2])], {}];
  yield ['BroadcastTo', 'BroadcastTo', [fed([3, 1]), int([2, 3, 4])], {}];
  yield ['ZerosLike', 'ZerosLike', [fed([2, 3])], {}];
  yield ['Slice', 'Slice', [fed([3, 4, 5]), int([1, 0, 2]), int([2, -1, 2])], {}];
  const masks = (begin, end, ellipsis, added, shrink) => ({ begin_mask: i(begin), end_mask: i(end),
    ellipsis_mask: i(ellipsis), new_axis_mask: i(added), shrink_axis_mask: i(shrink) });
  const strided = (label, from, to, step, mask) =>
    [`StridedSlice ${label}`, 'StridedSlice', [fed([4, 5, 6]), int(from), int(to), int(step)],
      mask];
  yield strided('plain', [1, 0, 2], [3, 5, 6], [1, 2, 3], masks(0, 0, 0, 0, 0));
  yield strided('negative', [-3, -1], [-1, -4], [1, -1], masks(0, 0, 0, 0, 0));
  yield strided('reversed whole', [0, 0], [0, 0], [-1, -2], masks(3, 3, 0, 0, 0));
  yield strided('shrink', [-1, 2], [0, 3], [1, 1], masks(0, 0, 0, 0, 1));
  yield strided('ellipsis', [0, 1], [0, 3], [1, 1], masks(0, 0, 1, 0, 0));
  yield strided('new axis', [0, 1, 0], [0, 3, 2], [1, 1, 1], masks(0, 0, 0, 1, 0));
  yield strided('beyond the end', [2, -9], [99, 99], [1, 1], masks(0, 0, 0, 0, 0));
}

function* reductions() {
  for (const op of ['Mean', 'Sum', 'Max', 'Min', 'Prod']) {
    yield [`${op} keep`, op, [fed([2, 3, 4, 2]), int([1, 2])], { keep_dims: b(true) }];
    yield [`${op} drop`, op, [fed([2, 3, 4, 2]), int([-1, 0])], { keep_dims: b(false) }];
  }
  yield ['ArgMax', 'ArgMax', [fed([2, 5, 3]), one(1)], {}];
  yield ['ArgMin', 'ArgMin', [fed([2, 5, 3]), one(-1)], {}];
  yield ['ArgMax of equals', 'ArgMax', [{ ...fed([5]), values: [1, 3, 3, 0, 3] }, one(0)], {}];
  yield ['Cumsum', 'Cumsum', [fed([2, 5]), one(1)], { exclusive: b(true), reverse: b(true) }];
  yield ['TopKV2', 'TopKV2', [fed([2, 9]), one(4)], { sorted: b(true) }, { outputs: 2 }];
  yield ['TopKV2 of equals', 'TopKV2', [{ ...fed([6]), values: [1, 3, 3, 0, 3, 1] }, one(4)],
    { sorted: b(true) }, { outputs: 2 }];
  yield ['GatherV2', 'GatherV2', [fed([4, 3, 2]), int([2, 0, 1, 2], [2, 2]), one(1)],
    { batch_dims: i(0) }];
  yield ['GatherNd', 'GatherNd', [fed([4, 3, 2]), int([2, 0, 1, 2], [2, 2])], {}];
  yield ['SelectV2', 'SelectV2', [{ dtype: 'bool', shape: [3, 1], values: [1, 0, 1] }, fed([2, 3,
    4]),
    fed([2, 3, 4])], {}];
  yield ['OneHot', 'OneHot', [fedInt([5], 0, 4), one(4), real(2), real(-1)], { axis: i(-1) }];
  const boxes = nums([0, 0, 10, 10, 0, 1, 10, 11, 20, 20, 30, 30, 0, 0, 9, 10, 21, 20, 31, 30],
    [5, 4]);
  yield ['NonMaxSuppressionV3', 'NonMaxSuppressionV3',
    [boxes, fed([5], 0.1, 1), one(3), real(0.5), real(0.05)], {}, { async: true }];
}

function* images() {
  for (const op of ['ResizeBilinear', 'ResizeNearestNeighbor']) {
    for (const [h, w] of [[8, 10], [7, 3], [4, 5], [2, 9]]) {
      for (const rule of ['none', 'align_corners', 'half_pixel_centers']) {
        yield [`${op} to ${h}x${w} ${rule}`, op, [fed([1, 4, 5, 2]), int([h, w])],
          { align_corners: b(rule === 'align_corners'),
            half_pixel_centers: b(rule === 'half_pixel_centers') }];
      }
    }
  }
  yield ['DepthToSpace', 'DepthToSpace', [fed([1, 2, 3, 8])], { block_size: i(2),
    data_format: s('NHWC') }];
}

// Rank-4 values: what follows a convolution has its channels first in memory.
function* rank4() {
  const x = () => fed([1, 3, 4, 5]);
  for (const axis of [0, 1, 2, 3]) {
    yield [`concat at ${axis}`, 'ConcatV2', [x(), x(), num([1, 3, 4, 5]), one(axis)], { N: i(3) }];
    yield [`argmax at ${axis}`, 'ArgMax', [x(), one(axis)], {}];
    yield [`unpack at ${axis}`, 'Unpack', [fed([2, 2, 2, 2])], { axis: i(axis), num: i(2) },
      { outputs: 2 }];
    yield [`split at ${axis}`, 'Split', [one(axis), fed([2, 2, 4, 6])], { num_split: i(2) },
      { outputs: 2 }];
    yield [`reverse at ${axis}`, 'ReverseV2', [x(), int([axis])], {}];
    yield [`gather at ${axis}`, 'GatherV2', [fed([2, 3, 4, 5]), int([1, 0]), one(axis)],
      { batch_dims: i(0) }];
  }
  for (const axes of [[1, 2], [3], [1], [2], [0, 3], [1, 3], [2, 3], [0], [1, 2, 3], [0, 1, 2,
    3]]) {
    for (const keep of [true, false]) {
      yield [`mean over ${axes} keep ${keep}`, 'Mean', [fed([2, 3, 4, 5]), int(axes)],
        { keep_dims: b(keep) }];
    }
  }
  for (const perm of [[0, 3, 1, 2], [0, 2, 3, 1], [3, 2, 1, 0], [0, 1, 3, 2], [1, 0, 2, 3]]) {
    yield [`transpose ${perm}`, 'Transpose', [fed([2, 3, 4, 5]), int(perm)], {}];
  }
  for (const shape of [[], [1], [5], [4, 5], [4, 1], [3, 4, 5], [1, 1, 1, 5], [1, 3, 4, 1]]) {
    yield [`add constant [${shape}]`, 'AddV2', [x(), num(shape)], {}];
    yield [`subtract from constant [${shape}]`, 'Sub', [num(shape), x()], {}];
    yield [`add run-time [${shape}]`, 'AddV2', [x(), fed(shape)], {}];
  }
  yield ['add rank 5', 'AddV2', [x(), num([2, 1, 1, 1, 1])], {}];
  yield ['select by pixel', 'SelectV2', [{ dtype: 'bool', shape: [4, 1], values: [1, 0, 1, 0] },
    x(), x()], {}];
  yield ['softmax', 'Softmax', [x()], {}];
  yield ['prelu', 'Prelu', [x(), num([3, 4, 5])], {}];
  yield ['tile', 'Tile', [x(), int([1, 2, 1, 2])], {}];
  yield ['reshape', 'Reshape', [x(), int([3, -1])], {}];
  yield ['reshape of thin', 'Reshape', [fed([1, 1, 1, 5]), int([1, 5])], {}];
  yield ['squeeze', 'Squeeze', [fed([1, 1, 4, 5])], { squeeze_dims: ints([1]) }];
  yield ['one channel', 'Relu', [fed([1, 4, 5, 1])], {}];
  yield ['pad', 'Pad', [x(), int([0, 0, 1, 2, 3, 0, 1, 1], [4, 2])], {}];
  yield ['slice', 'Slice', [x(), int([0, 1, 2, 3]), int([1, 2, -1, 2])], {}];
  yield ['strided slice', 'StridedSlice', [x(), int([0, 0, 3, 1]), int([1, 3, 0, 5]), int([1, 2,
    -1, 3])],
    { begin_mask: i(0), end_mask: i(0), ellipsis_mask: i(0), new_axis_mask: i(0),
      shrink_axis_mask: i(0) }];
  yield ['strided slice, last channel', 'StridedSlice', [x(), int([0, -1]), int([0, 0]), int([1,
    1])],
    { begin_mask: i(0), end_mask: i(0), ellipsis_mask: i(1), new_axis_mask: i(0),
      shrink_axis_mask: i(2) }];
  yield ['space of depth', 'DepthToSpace', [fed([1, 2, 3, 12])], { block_size: i(2),
    data_format: s('NHWC') }];
}

const isImage = input => input.fed && input.dtype === 'float32' && input.shape.length === 4;

// The same again with every rank-4 input behind a convolution that changes nothing.
function behindConvolution([label, op, inputs, attr, options = {}]) {
  return [`${label}, after a convolution`, op, inputs, attr, { ...options, behind: true }];
}

const plain = [...convolutions(), ...fused(), ...elementwise(), ...shapes(), ...reductions(),
  ...images(), ...rank4()];
export const cases = [...plain,
  ...plain.filter(row => row[2].some(isImage)).map(behindConvolution)];

const dtypes = { float32: 'DT_FLOAT', int32: 'DT_INT32', bool: 'DT_BOOL' };

class ModelWriter {
  nodes = []; weights = []; parts = []; feeds = {};

  placeholder(name, { dtype, shape, values }) {
    const dim = shape.map(size => ({ size: String(size) }));
    this.nodes.push({ name, op: 'Placeholder',
      attr: { dtype: type(dtypes[dtype]), shape: { shape: { dim } } } });
    this.feeds[name] = { dtype, shape, values };
  }

  constant(name, { dtype, shape, values }) {
    this.nodes.push({ name, op: 'Const', attr: { dtype: type(dtypes[dtype]),
      value: { tensor: { dtype: dtypes[dtype], tensorShape: {} } } } });
    this.weights.push({ name, shape, dtype });
    this.parts.push(Buffer.from(values.buffer));
  }

  identityConvolution(name, from, channels) {
    const values = Float32Array.from({ length: channels * channels },
      (_, k) => k % (channels + 1) ? 0 : 1);
    this.constant(`${name}_filter`, { dtype: 'float32', shape: [1, 1, channels, channels],
      values });
    this.nodes.push({ name, op: 'Conv2D', input: [from, `${name}_filter`], attr: window(1,
      'SAME') });
  }
}

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

// model.json's value, its weights, and what to feed.
export function buildModel([, op, inputs, attr, options = {}]) {
  const writer = new ModelWriter();
  const names = inputs.map((input, index) => {
    const name = `in${index}`;
    const typed = { ...input, values: arrays[input.dtype].from(input.values) };
    if (!input.fed) writer.constant(name, typed);
    else writer.placeholder(name, typed);
    if (!options.behind || !isImage(input)) return name;
    writer.identityConvolution(`conv${index}`, name, input.shape[3]);
    return `conv${index}`;
  });
  writer.nodes.push({ name: 'op', op, input: names, attr });
  return {
    json: { format: 'graph-model', modelTopology: { node: writer.nodes, versions: {} },
      weightsManifest: [{ paths: ['weights.bin'], weights: writer.weights }] },
    weights: Buffer.concat(writer.parts), feeds: writer.feeds,
    outputs: Array.from({ length: options.outputs ?? 1 }, (_, k) => k ? `op:${k}` : 'op'),
    async: options.async ?? false,
  };
}
