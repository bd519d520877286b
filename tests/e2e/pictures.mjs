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
