// Pictures whose pixels are known: red grows to the right, green downwards.
import { crc32, deflateSync } from 'node:zlib';

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(8 + body.length);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), 4 + body.length);
  return out;
}

export function gradientPng(width, height) {
  const stride = 1 + 3 * width;
  const rows = Buffer.alloc(stride * height);
  for (let x = 0; x < width; ++x) {
    rows[1 + 3 * x] = Math.floor((255 * x) / width);
    rows[3 + 3 * x] = 64;
  }
  for (let y = height - 1; y >= 0; --y) {
    const row = rows.subarray(y * stride, (y + 1) * stride);
    if (y > 0) rows.copy(row, 0, 0, stride);
    const green = Math.floor((255 * y) / height);
    for (let x = 0; x < width; ++x) row[2 + 3 * x] = green;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;  // bits
  header[9] = 2;  // RGB
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))]);
}

// So many copies of a baseline JPEG below each other, without decoding it: each copy is a restart
// interval (ITU-T T.81, B.2.4.4), where the decoder forgets what came before. Whole rows of blocks.
export function stackedJpeg(strip, times) {
  const before = [];
  for (let at = 2; at < strip.length; ) {
    const marker = strip[at + 1];
    const segment = Buffer.from(strip.subarray(at, at + 2 + strip.readUInt16BE(at + 2)));
    at += segment.length;
    if (marker === 0xc0) {
      const [height, width] = [segment.readUInt16BE(5), segment.readUInt16BE(7)];
      const [across, down] = [8 * (segment[11] >> 4), 8 * (segment[11] & 15)];
      const interval = Buffer.from([0xff, 0xdd, 0, 4, 0, 0]);
      interval.writeUInt16BE(Math.ceil(width / across) * (height / down), 4);
      segment.writeUInt16BE(height * times, 5);
      before.push(interval);
    }
    before.push(segment);
    if (marker !== 0xda) continue;
    const scan = strip.subarray(at, strip.length - 2);
    const copies = Array.from({ length: times }, (_, i) =>
      i === 0 ? scan : Buffer.concat([Buffer.from([0xff, 0xd0 + ((i - 1) % 8)]), scan]));
    return Buffer.concat([strip.subarray(0, 2), ...before, ...copies, strip.subarray(-2)]);
  }
  throw new Error('the JPEG has no scan');
}
