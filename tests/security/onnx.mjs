// ONNX files made here, whole or hostile, field by field (onnx.proto).
const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;

function varint(value) {
  const out = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    out.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Buffer.from(out);
}

// A field: a number, or bytes (text, message).
export function field(id, value) {
  if (typeof value === 'number' || typeof value === 'bigint') {
    return Buffer.concat([varint(id << 3), varint(value)]);
  }
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((id << 3) | 2), varint(bytes.length), bytes]);
}
const message = (...fields) => Buffer.concat(fields.flat());
const floats = (values) => Buffer.from(Float32Array.from(values).buffer);

export function tensor(name, dims, values, type = FLOAT) {
  const raw =
    type === FLOAT ? floats(values)
    : type === BOOL ? Buffer.from(values)
    : Buffer.from(BigInt64Array.from(values.map(BigInt)).buffer);
  return message(dims.map((dim) => field(1, dim)), field(2, type), field(8, name), field(9, raw));
}
export const ints = (name, values) => tensor(name, [values.length], values, INT64);
export const bool = (name, value) => tensor(name, [], [value ? 1 : 0], BOOL);

export const graphAttribute = (name, value) =>
  message(field(1, name), field(6, value), field(20, 5));
export const intAttribute = (name, value) => message(field(1, name), field(3, value), field(20, 2));

export function node(op, inputs, outputs, { attributes = [], domain = '' } = {}) {
  return message(inputs.map((name) => field(1, name)), outputs.map((name) => field(2, name)),
    field(4, op), attributes.map((a) => field(5, a)), domain ? field(7, domain) : []);
}

// dims: numbers, or null for a free one; undefined: no shape at all.
export function port(name, dims, type = FLOAT) {
  const shape = dims && field(2, message(dims.map((dim) =>
    field(1, dim === null ? Buffer.alloc(0) : field(1, dim)))));
  return message(field(1, name),
    field(2, field(1, message(field(1, type), shape ?? Buffer.alloc(0)))));
}

export function graph({ nodes, inputs, outputs, tensors = [] }) {
  return message(nodes.map((n) => field(1, n)), field(2, 'g'), tensors.map((t) => field(5, t)),
    inputs.map((i) => field(11, i)), outputs.map((o) => field(12, o)));
}

export function model(body, { opset = 17, domains = [], metadata = {}, extra = [] } = {}) {
  const imports = [['', opset], ...domains.map((name) => [name, 1])];
  return message(field(1, 8), field(7, body),
    imports.map(([name, version]) => field(8, message(field(1, name), field(2, version)))),
    Object.entries(metadata).map(([k, v]) => field(14, message(field(1, k), field(2, v)))), extra);
}

export const kSide = 64;
const kCells = 84; // of strides 8, 16 and 32

// The rows of a YOLOX that finds one thing of class 1, 32 x 32 pixels, at the top left.
function rowsOfYolox() {
  const rows = new Array(kCells * 7).fill(0);
  [0.5, 0.5, 0, 0, 0.9, 0.1, 1].forEach((value, i) => { rows[(kCells - 4) * 7 + i] = value; });
  return rows;
}

// A YOLOX of two classes that answers the same whatever it is shown. `more` may add to each part.
export function yolox({ nodes = [], tensors = [], names = true, last, ...options } = {}) {
  const metadata = names ? { names: "{0: 'hen', 1: 'egg'}" } : {};
  const body = graph({
    nodes: [
      node('ReduceMean', ['images'], ['mean'], { attributes: [intAttribute('keepdims', 0)] }),
      node('Mul', ['mean', 'zero'], ['nothing']),
      ...nodes,
      last ?? node('Add', ['rows', 'nothing'], ['output']),
    ],
    inputs: [port('images', [1, 3, kSide, kSide])],
    outputs: [port('output', [1, kCells, 7])],
    tensors: [tensor('rows', [1, kCells, 7], rowsOfYolox()), tensor('zero', [], [0]), ...tensors],
  });
  return model(body, { ...options, metadata: { ...metadata, ...options.metadata } });
}

// Rows of six (corners, score, class) that turn bad when the image is bright (mean above 0.9 of 1).
// `bad` and `good`: [count, columns, row].
export function turning(bad, good = [4, 6, [8, 8, 40, 40, 0.9, 1]]) {
  const side = ([count, columns, row], name) => [
    tensor(`${name}_row`, [1, 1, columns], row),
    ints(`${name}_shape`, [1, count, columns]),
  ];
  const branch = (name) => graph({
    nodes: [node('Expand', [`${name}_row`, `${name}_shape`], [`${name}_out`])],
    inputs: [],
    outputs: [port(`${name}_out`, [1, null, null])],
  });
  const body = graph({
    nodes: [
      node('ReduceMean', ['images'], ['mean'], { attributes: [intAttribute('keepdims', 0)] }),
      node('Greater', ['mean', 'limit'], ['bright']),
      node('If', ['bright'], ['output'], {
        attributes: [
          graphAttribute('then_branch', branch('bad')),
          graphAttribute('else_branch', branch('good')),
        ],
      }),
    ],
    inputs: [port('images', [1, 3, kSide, kSide])],
    outputs: [port('output', [1, null, 6])],
    tensors: [tensor('limit', [], [0.9]), ...side(bad, 'bad'), ...side(good, 'good')],
  });
  return model(body, { metadata: { names: "{0: 'hen', 1: 'egg'}" } });
}

export const loopForever = () => yolox({
  nodes: [
    node('Loop', ['', 'yes', 'nothing'], ['spun'], {
      attributes: [graphAttribute('body', graph({
        nodes: [node('Identity', ['go_on'], ['still']), node('Add', ['v', 'v'], ['v2'])],
        inputs: [port('i', [], INT64), port('go_on', [], BOOL), port('v', [])],
        outputs: [port('still', [], BOOL), port('v2', [])],
      }))],
    }),
  ],
  tensors: [bool('yes', true)],
  last: node('Add', ['rows', 'spun'], ['output']),
});

// An If in an If in an If ...
export function nestedIf(depth) {
  let inner = graph({ nodes: [node('Identity', ['nothing'], ['o0'])], inputs: [],
    outputs: [port('o0', [])] });
  for (let i = 1; i <= depth; ++i) {
    inner = graph({
      nodes: [node('If', ['yes'], [`o${i}`], { attributes: [
        graphAttribute('then_branch', inner), graphAttribute('else_branch', inner.length > 100_000
          ? graph({ nodes: [node('Identity', ['nothing'], [`e${i}`])], inputs: [],
            outputs: [port(`e${i}`, [])] })
          : inner)] })],
      inputs: [], outputs: [port(`o${i}`, [])],
    });
  }
  return yolox({
    nodes: [node('If', ['yes'], ['deep'], { attributes: [
      graphAttribute('then_branch', inner), graphAttribute('else_branch', inner)] })],
    tensors: [bool('yes', true)],
    last: node('Add', ['rows', 'deep'], ['output']),
  });
}

// A tensor whose bytes are said to be somewhere else.
export const outside = (location) => message(field(1, 1), field(2, FLOAT), field(8, 'far'),
  field(13, message(field(1, 'location'), field(2, location))), field(14, 1));
// One that says what its bytes do not hold.
export const lying = (dims, bytes = 4) => message(dims.map((dim) => field(1, dim)), field(2, FLOAT),
  field(8, 'lie'), field(9, Buffer.alloc(bytes)));
