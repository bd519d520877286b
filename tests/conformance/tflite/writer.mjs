// Writes TFLite files of one operator: a front-to-back writer of FlatBuffers, and the model around
// the operator.

const sizes = { i8: 1, u8: 1, i32: 4, u32: 4, f32: 4, i64: 8, ref: 4 };

export const table = (fields) => ({ kind: 'table', fields });  // { index: [type, value] }
export const vector = (type, values) => ({ kind: 'vector', type, values });
export const text = (value) => ({ kind: 'text', value });
export const blob = (bytes) => ({ kind: 'blob', bytes });

class Writer {
  constructor() {
    this.bytes = Buffer.alloc(0);
  }
  grow(size) {
    const at = this.bytes.length;
    this.bytes = Buffer.concat([this.bytes, Buffer.alloc(size)]);
    return at;
  }
  align(step, ahead = 0) {
    while ((this.bytes.length + ahead) % step) this.grow(1);
  }
  put(type, at, value) {
    if (type === 'i8') this.bytes.writeInt8(value, at);
    else if (type === 'u8') this.bytes.writeUInt8(value, at);
    else if (type === 'i32') this.bytes.writeInt32LE(value, at);
    else if (type === 'f32') this.bytes.writeFloatLE(value, at);
    else if (type === 'i64') this.bytes.writeBigInt64LE(BigInt(value), at);
    else this.bytes.writeUInt32LE(value, at);
  }
  refer(at, child) {
    const place = this.write(child);
    this.put('u32', at, place - at);
  }
  write(node) {
    return this[node.kind](node);
  }
  table({ fields }) {
    const indices = Object.keys(fields).map(Number);
    const slots = indices.length ? Math.max(...indices) + 1 : 0;
    this.align(8, 4 + 2 * slots);
    const vtable = this.grow(4 + 2 * slots);
    const places = {};
    let size = 4;
    for (const index of indices.sort((a, b) =>
      sizes[fields[b][0]] - sizes[fields[a][0]] || a - b)) {
      size = Math.ceil(size / sizes[fields[index][0]]) * sizes[fields[index][0]];
      places[index] = size;
      size += sizes[fields[index][0]];
    }
    const at = this.grow(size);
    this.bytes.writeUInt16LE(4 + 2 * slots, vtable);
    this.bytes.writeUInt16LE(size, vtable + 2);
    this.bytes.writeInt32LE(at - vtable, at);
    for (const index of indices) {
      this.bytes.writeUInt16LE(places[index], vtable + 4 + 2 * index);
      const [type, value] = fields[index];
      if (type !== 'ref') this.put(type, at + places[index], value);
    }
    for (const index of indices) {
      if (fields[index][0] === 'ref') this.refer(at + places[index], fields[index][1]);
    }
    return at;
  }
  vector({ type, values }) {
    this.align(8, 4);
    const at = this.grow(4 + sizes[type] * values.length);
    this.put('u32', at, values.length);
    values.forEach((value, i) => {
      const place = at + 4 + sizes[type] * i;
      if (type === 'ref') this.refer(place, value);
      else this.put(type, place, value);
    });
    return at;
  }
  text({ value }) {
    return this.blob({ bytes: Buffer.from(value) }, 1);
  }
  blob({ bytes }, step = 16) {
    this.align(Math.max(step, 4), 4);
    const at = this.grow(4 + bytes.length + 1);
    this.put('u32', at, bytes.length);
    Buffer.from(bytes).copy(this.bytes, at + 4);
    return at;
  }
}

export function writeFlatbuffer(root, identifier) {
  const out = new Writer();
  out.grow(8);
  out.bytes.write(identifier, 4, 'latin1');
  out.refer(0, root);
  return out.bytes;
}

const types = { float32: 0, float16: 1, int32: 2, uint8: 3, bool: 6, int8: 9 };
const arrays = { float32: Float32Array, float16: Uint16Array, int32: Int32Array, uint8: Uint8Array,
  bool: Uint8Array, int8: Int8Array };

export const typed = (dtype, values) => arrays[dtype].from(values);

const bytesOf = ({ dtype, values }) => {
  const list = typed(dtype, values);
  return Buffer.from(list.buffer, list.byteOffset, list.byteLength);
};

function tensorTable(tensor, name, buffer) {
  const fields = { 0: ['ref', vector('i32', tensor.shape)], 1: ['i8', types[tensor.dtype]],
    2: ['u32', buffer], 3: ['ref', text(name)] };
  if (tensor.quantization) fields[4] = ['ref', tensor.quantization];
  if (tensor.sparsity) fields[6] = ['ref', tensor.sparsity];
  return table(fields);
}

// `inputs`: tensors {dtype, shape, values?, fed?}; `outputs`: {dtype, shape}; `options`: [number
// of the union, fields]. `before`: operators that unpack the last constant first, {code, from, to}.
export function buildModel({ code, version = 1, inputs, outputs, options, before = [] }) {
  const tensors = [...inputs, ...before.map((step) => step.to), ...outputs];
  const buffers = [table({})];
  const list = tensors.map((tensor, i) => {
    const constant = tensor.values && !tensor.fed;
    if (constant) buffers.push(table({ 0: ['ref', blob(bytesOf(tensor))] }));
    return tensorTable(tensor, `t${i}`, constant ? buffers.length - 1 : 0);
  });
  const place = (tensor) => tensors.indexOf(tensor);
  const last = before.at(-1);
  const replaced = (tensor) => (tensor === before[0]?.from ? last.to : tensor);
  const operator = (index, from, to, extra = {}) => table({ 0: ['u32', index],
    1: ['ref', vector('i32', from)], 2: ['ref', vector('i32', to)], ...extra });
  const extra = options ? { 3: ['u8', options[0]], 4: ['ref', table(options[1])] } : {};
  const codes = [...before.map((step) => step.code), code];
  const graph = table({
    0: ['ref', vector('ref', list)],
    1: ['ref', vector('i32', inputs.filter((tensor) => tensor.fed).map(place))],
    2: ['ref', vector('i32', outputs.map(place))],
    3: ['ref', vector('ref', [
      ...before.map((step, i) => operator(i, [place(step.from)], [place(step.to)])),
      operator(before.length, inputs.map((t) => place(replaced(t))), outputs.map(place), extra)])],
    4: ['ref', text('main')],
  });
  const codeTable = (number) => table({ 0: ['i8', Math.min(number, 127)],
    2: ['i32', number === code ? version : 1], 3: ['i32', number] });
  return writeFlatbuffer(table({ 0: ['u32', 3], 1: ['ref', vector('ref', codes.map(codeTable))],
    2: ['ref', vector('ref', [graph])], 3: ['ref', text('test')],
    4: ['ref', vector('ref', buffers)] }), 'TFL3');
}
