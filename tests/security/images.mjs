// Image files made here, whole or lying, with nothing but Node.
import { deflateSync, crc32 as zlibCrc32 } from 'node:zlib';

import { tinyPng } from '../functional/harness.mjs';

const table = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; ++k) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
function crc(bytes) {
  if (zlibCrc32) return zlibCrc32(bytes);
  let c = 0xffffffff;
  for (const byte of bytes) c = table[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

const u32 = (value) => {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(value);
  return b;
};
const le = (...values) =>
  Buffer.concat(
    values.map(([value, size]) => {
      const b = Buffer.alloc(size);
      b.writeUIntLE(value, 0, size);
      return b;
    }),
  );

export function pngChunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  return Buffer.concat([u32(data.length), body, u32(crc(body))]);
}

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const ihdr = (width, height, bits, color) =>
  pngChunk('IHDR', Buffer.concat([u32(width), u32(height), Buffer.from([bits, color, 0, 0, 0])]));

// Says a size and holds next to nothing.
export function pngSaying(width, height, bits = 8, color = 0) {
  return Buffer.concat([
    PNG,
    ihdr(width, height, bits, color),
    pngChunk('IDAT', deflateSync(Buffer.alloc(1000))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

export function bmp(width, height, { pixels = true } = {}) {
  const row = Math.ceil((width * 3) / 4) * 4;
  const size = row * height;
  const head = Buffer.concat([
    Buffer.from('BM'),
    le(
      [54 + Math.min(size, 0xffffffc0), 4],
      [0, 4],
      [54, 4],
      [40, 4],
      [width, 4],
      [height, 4],
      [1, 2],
      [24, 2],
      [0, 4],
      [0, 4],
      [2835, 4],
      [2835, 4],
      [0, 4],
      [0, 4],
    ),
  ]);
  if (!pixels) return head;
  const data = Buffer.alloc(size);
  for (let i = 0; i < size; ++i) data[i] = (i * 7) & 255;
  return Buffer.concat([head, data]);
}

export function tiff(width, height, { pixels = true } = {}) {
  const size = width * height;
  const entry = (tag, type, value) => le([tag, 2], [type, 2], [1, 4], [value, 4]);
  const entries = [
    entry(256, 4, width),
    entry(257, 4, height),
    entry(258, 3, 8),
    entry(259, 3, 1),
    entry(262, 3, 1),
    entry(273, 4, 8),
    entry(277, 3, 1),
    entry(278, 4, height),
    entry(279, 4, Math.min(size, 0xffffffff)),
  ];
  const data = Buffer.alloc(pixels ? size : 16, 90);
  return Buffer.concat([
    Buffer.from('II*\0', 'latin1'),
    le([8 + data.length, 4]),
    data,
    le([entries.length, 2]),
    ...entries,
    le([0, 4]),
  ]);
}

// A frame header and whatever scans follow it.
export function jpegSaying(width, height, { progressive = false, scans = 0 } = {}) {
  const segment = (marker, data) => {
    const b = Buffer.alloc(4);
    b.writeUInt16BE(0xff00 | marker, 0);
    b.writeUInt16BE(data.length + 2, 2);
    return Buffer.concat([b, data]);
  };
  const quant = segment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 16)]));
  const frame = Buffer.alloc(9);
  frame[0] = 8;
  frame.writeUInt16BE(height, 1);
  frame.writeUInt16BE(width, 3);
  frame.set([1, 1, 0x11, 0], 5);
  const huff = segment(
    0xc4,
    Buffer.concat([Buffer.from([0]), Buffer.from([1, ...Array(15).fill(0)]), Buffer.from([0])]),
  );
  const one = Buffer.concat([segment(0xda, Buffer.from([1, 1, 0, 0, 0, 0])), Buffer.from([0x00])]);
  const list = scans > 0 ? Array(scans).fill(one) : [one];
  return Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    quant,
    segment(progressive ? 0xc2 : 0xc0, frame),
    huff,
    ...list,
    Buffer.from('ffd9', 'hex'),
  ]);
}

// A lossy WebP's key frame header (RFC 6386, 9.1) without the frame, or an extended one.
export function webpSaying(width, height) {
  const bits = Buffer.concat([
    Buffer.from([0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a]),
    le([width, 2], [height, 2]),
    Buffer.alloc(40),
  ]);
  const chunk = Buffer.concat([Buffer.from('VP8 '), le([bits.length, 4]), bits]);
  return Buffer.concat([
    Buffer.from('RIFF'),
    le([4 + chunk.length, 4]),
    Buffer.from('WEBP'),
    chunk,
  ]);
}

export function webpLosslessSaying(width, height) {
  const packed = width - 1 + (height - 1) * 2 ** 14;
  const bits = Buffer.concat([Buffer.from([0x2f]), le([packed, 4]), Buffer.alloc(64)]);
  const chunk = Buffer.concat([
    Buffer.from('VP8L'),
    le([bits.length, 4]),
    bits,
    Buffer.alloc(bits.length & 1),
  ]);
  return Buffer.concat([
    Buffer.from('RIFF'),
    le([4 + chunk.length, 4]),
    Buffer.from('WEBP'),
    chunk,
  ]);
}

export function gifSaying(width, height, frames = 1) {
  const frame = Buffer.from('2c0000000001000100000202440100', 'hex');
  return Buffer.concat([
    Buffer.from('GIF89a'),
    le([width, 2], [height, 2]),
    Buffer.from([0x80, 0, 0]),
    Buffer.alloc(6),
    ...Array(frames).fill(frame),
    Buffer.from(';'),
  ]);
}

export const png = tinyPng;

// Grey of one level, and a rectangle of another.
export function solidPng(width, height, level, rectangle = null, other = 0) {
  const rows = Buffer.alloc((width + 1) * height, level);
  for (let y = 0; y < height; ++y) {
    rows[y * (width + 1)] = 0;
    if (!rectangle || y < rectangle.y || y >= rectangle.y + rectangle.height) continue;
    const from = y * (width + 1) + 1 + rectangle.x;
    rows.fill(other, from, from + rectangle.width);
  }
  return Buffer.concat([
    PNG,
    ihdr(width, height, 8, 0),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}
