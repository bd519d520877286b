// Binary PPM files (P6, 8 bits) and quarter turns, for portrait photos.
import fs from 'node:fs';

export function readPpm(file) {
  const bytes = fs.readFileSync(file);
  const head = /^P6\n(\d+) (\d+)\n255\n/.exec(bytes.subarray(0, 64).toString('latin1'));
  return { width: Number(head[1]), height: Number(head[2]), data: bytes.subarray(head[0].length) };
}

export function writePpm(file, { width, height, data }) {
  fs.writeFileSync(file, Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), data]));
}

export function rotateLeft({ width, height, data }) {
  const out = Buffer.alloc(data.length);
  for (let y = 0; y < width; y += 1) {
    for (let x = 0; x < height; x += 1) {
      const from = (x * width + (width - 1 - y)) * 3;
      data.copy(out, (y * height + x) * 3, from, from + 3);
    }
  }
  return { width: height, height: width, data: out };
}

export function rotateRight({ width, height, data }) {
  const out = Buffer.alloc(data.length);
  for (let y = 0; y < width; y += 1) {
    for (let x = 0; x < height; x += 1) {
      const from = ((height - 1 - x) * width + y) * 3;
      data.copy(out, (y * height + x) * 3, from, from + 3);
    }
  }
  return { width: height, height: width, data: out };
}
