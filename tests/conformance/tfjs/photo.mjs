// A photo as float32 NHWC [1, size, size, channels]: decoded and resized once, here, so that both
// runtimes are given the same numbers.
import fs from 'node:fs';
import jpeg from 'jpeg-js';

export function readPhoto(file, size, channels, scale) {
  const { width, height, data } = jpeg.decode(fs.readFileSync(file), { useTArray: true });
  const out = new Float32Array(size * size * channels);
  const at = (x, y, c) => data[(y * width + x) * 4 + c];
  const sample = (fx, fy, c) => {  // bilinear, pixel centres at halves
    const x = Math.min(Math.max(fx, 0), width - 1), y = Math.min(Math.max(fy, 0), height - 1);
    const x0 = Math.floor(x), y0 = Math.floor(y);
    const x1 = Math.min(x0 + 1, width - 1), y1 = Math.min(y0 + 1, height - 1);
    const top = at(x0, y0, c) + (at(x1, y0, c) - at(x0, y0, c)) * (x - x0);
    const bottom = at(x0, y1, c) + (at(x1, y1, c) - at(x0, y1, c)) * (x - x0);
    return top + (bottom - top) * (y - y0);
  };
  for (let i = 0; i < size * size; ++i) {
    const fx = ((i % size) + 0.5) * width / size - 0.5;
    const fy = (Math.floor(i / size) + 0.5) * height / size - 0.5;
    const rgb = [0, 1, 2].map(c => sample(fx, fy, c));
    const values = channels === 1 ? [0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]] : rgb;
    for (let c = 0; c < channels; ++c) out[i * channels + c] = scale(values[c], c);
  }
  return out;
}
