// YOLOX as its README and demo describe it: preproc, demo_postprocess, multiclass_nms per class.
import { resize } from './resize.mjs';

export function letterbox(image, side) {
  const ratio = Math.min(side / image.height, side / image.width);
  const width = Math.trunc(image.width * ratio);
  const height = Math.trunc(image.height * ratio);
  const small = resize(image, width, height);
  const values = new Float32Array(3 * side * side).fill(114);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let c = 0; c < 3; c += 1) {
        values[c * side * side + y * side + x] = small[(y * width + x) * 3 + (2 - c)];
      }
    }
  }
  return { values, ratio };
}

export function iou(a, b) {
  const w = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const h = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (w <= 0 || h <= 0) return 0;
  const area = (r) => (r[2] - r[0]) * (r[3] - r[1]);
  return (w * h) / (area(a) + area(b) - w * h);
}

function candidates(data, side, ratio, image, scoreMin) {
  const found = [];
  const inside = (value, limit) => Math.min(Math.max(value, 0), limit);
  let row = 0;
  for (const stride of [8, 16, 32]) {
    const cells = side / stride;
    for (let cell = 0; cell < cells * cells; cell += 1, row += 1) {
      const v = data.subarray(row * 85, row * 85 + 85);
      const cx = (v[0] + (cell % cells)) * stride;
      const cy = (v[1] + Math.floor(cell / cells)) * stride;
      const w = Math.exp(v[2]) * stride;
      const h = Math.exp(v[3]) * stride;
      let best = 0;
      for (let k = 1; k < 80; k += 1) if (v[5 + k] > v[5 + best]) best = k;
      const score = v[4] * v[5 + best];
      if (score < scoreMin) continue;
      const raw = [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2].map((n) => n / ratio);
      const bbox = raw.map((n, i) => inside(n, i % 2 ? image.height : image.width));
      found.push({ raw, bbox, score, class: best });
    }
  }
  return found;
}

export function decodeYolox(data, side, ratio, image, scoreMin, iouMax) {
  const sorted = candidates(data, side, ratio, image, scoreMin).sort((a, b) => b.score - a.score);
  const kept = [];
  for (const one of sorted) {
    if (!kept.some((k) => k.class === one.class && iou(k.raw, one.raw) > iouMax)) kept.push(one);
  }
  return kept;
}

// For each box of `from` the best of `to` of the same class.
export function matchBoxes(from, to) {
  return from.map((one) => {
    let best = { iou: 0, scoreGap: 1 };
    for (const other of to) {
      const overlap = other.class === one.class ? iou(one.bbox, other.bbox) : 0;
      if (overlap > best.iou) best = { iou: overlap, scoreGap: Math.abs(one.score - other.score) };
    }
    return { ...best, class: one.class, score: one.score, bbox: one.bbox };
  });
}
