// A photo as float32 [1, height, width, 3]: decoded and resized once, here, so that both runtimes
// are given the same numbers.
import fs from 'node:fs';
import jpeg from 'jpeg-js';
import { resize } from '../onnx/resize.mjs';

export function readPhoto(file, width, height, scale) {
  const photo = jpeg.decode(fs.readFileSync(file), { useTArray: true, formatAsRGBA: false });
  return Float32Array.from(resize(photo, width, height), scale);
}
