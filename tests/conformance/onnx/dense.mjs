// What IS-Net (its README: (level - 128) / 256, stretched to 1024), M-LSD (its pred_lines) and
// classifiers give, written from their papers and READMEs.
import { resize } from './resize.mjs';

export function stretched(image, side, { scale, offset, planes, fourth }) {
  const small = resize(image, side, side);
  const channels = fourth === undefined ? 3 : 4;
  const values = new Float32Array(channels * side * side);
  for (let i = 0; i < side * side; i += 1) {
    for (let c = 0; c < 3; c += 1) {
      values[planes ? c * side * side + i : i * channels + c] = small[i * 3 + c] * scale + offset;
    }
    if (channels === 4) values[i * 4 + 3] = fourth;
  }
  return values;
}

// A map of side * side as large as the image, bilinear with half-pixel centres; 1 where >= least.
export function upscaledMask(map, side, { width, height }, least) {
  const tap = (i, from) => {
    const at = Math.min(Math.max(((i + 0.5) * side) / from - 0.5, 0), side - 1);
    const low = Math.floor(at);
    return [low, Math.min(low + 1, side - 1), at - low];
  };
  const columns = Array.from({ length: width }, (_, x) => tap(x, width));
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const [y0, y1, fy] = tap(y, height);
    for (let x = 0; x < width; x += 1) {
      const [x0, x1, fx] = columns[x];
      const top = map[y0 * side + x0] * (1 - fx) + map[y0 * side + x1] * fx;
      const bottom = map[y1 * side + x0] * (1 - fx) + map[y1 * side + x1] * fx;
      mask[y * width + x] = top * (1 - fy) + bottom * fy >= least ? 1 : 0;
    }
  }
  return mask;
}

export function decodeLines(scores, offsets, side, { width, height }, scoreMin) {
  const cells = side / 2;
  const lines = [];
  const inside = (value, limit) => Math.min(Math.max(value, 0), limit);
  for (let y = 0; y < cells; y += 1) {
    for (let x = 0; x < cells; x += 1) {
      const at = y * cells + x;
      const [x0, y0, x1, y1] = offsets.subarray(at * 4, at * 4 + 4);
      if (scores[at] <= scoreMin || Math.hypot(x0 - x1, y0 - y1) <= 20) continue;
      const place = (dx, dy) => [inside((2 * (x + dx) * width) / side, width),
        inside((2 * (y + dy) * height) / side, height)];
      lines.push({ points: [place(x0, y0), place(x1, y1)], score: scores[at] });
    }
  }
  return lines;
}

export function cosine(a, b) {
  const dot = (p, q) => p.reduce((sum, value, i) => sum + value * q[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
