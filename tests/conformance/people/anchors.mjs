// Decoding of MediaPipe's detectors, written from their graphs' options and the papers on SSD
// (arXiv:1512.02325) and BlazeFace (arXiv:1907.05047).
import { toPhoto } from './frame.mjs';

export const sigmoid = (x) => 1 / (1 + Math.exp(-x));

// [side of the grid in cells, anchors in each], all of unit size.
export function gridCentres(grids) {
  return grids.flatMap(([cells, each]) => Array.from({ length: cells * cells * each }, (_, i) => {
    const cell = Math.floor(i / each);
    return [((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells];
  }));
}

export function overlap(a, b) {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = ([x0, y0, x1, y1]) => (x1 - x0) * (y1 - y0);
  return width * height / (area(a) + area(b) - width * height);
}

// `found`: {score, numbers: [x0, y0, x1, y1, then the points' x and y]}
export function blend(found, iouMax) {
  let rest = [...found].sort((a, b) => b.score - a.score);
  const out = [];
  while (rest.length > 0) {
    const [best] = rest;
    const group = rest.filter((one) => overlap(one.numbers, best.numbers) > iouMax);
    rest = rest.filter((one) => !group.includes(one));
    const total = group.reduce((sum, one) => sum + one.score, 0);
    out.push({ score: best.score, numbers: best.numbers.map((_, i) => (
      group.reduce((sum, one) => sum + one.numbers[i] * one.score, 0) / total)) });
  }
  return out;
}

export function keepBest(found, iouMax) {
  const out = [];
  for (const one of [...found].sort((a, b) => b.score - a.score)) {
    if (!out.some((better) => overlap(better.numbers, one.numbers) > iouMax)) out.push(one);
  }
  return out;
}

// Scores and rows as flat arrays in the order of the anchors; pixels of a square input.
export function pointedBoxes(scores, rows, centres, points, side, scoreMin) {
  const width = 4 + 2 * points;
  const out = [];
  centres.forEach(([ax, ay], i) => {
    const score = sigmoid(Math.min(100, Math.max(-100, scores[i])));
    if (score < scoreMin) return;
    const row = rows.subarray(i * width, (i + 1) * width);
    const [x, y] = [ax * side + row[0], ay * side + row[1]];
    const numbers = [x - row[2] / 2, y - row[3] / 2, x + row[2] / 2, y + row[3] / 2];
    for (let k = 4; k < width; k += 2) numbers.push(ax * side + row[k], ay * side + row[k + 1]);
    out.push({ score, numbers });
  });
  return out;
}

// In pixels of the photo, with `points` and the box's middle and longer side before clamping.
export function inPhoto({ score, numbers }, frame, photo) {
  const [x0, y0] = toPhoto(frame, numbers.slice(0, 2));
  const [x1, y1] = toPhoto(frame, numbers.slice(2, 4));
  const points = [];
  for (let i = 4; i < numbers.length; i += 2) points.push(toPhoto(frame, numbers.slice(i, i + 2)));
  const inside = (value, most) => Math.min(Math.max(value, 0), most);
  const bbox = [inside(x0, photo.width), inside(y0, photo.height), inside(x1, photo.width),
    inside(y1, photo.height)];
  const middle = { cx: (x0 + x1) / 2, cy: (y0 + y1) / 2 };
  return { score, bbox, points, ...middle, width: x1 - x0, height: y1 - y0 };
}

// Degrees by which a region turns so that the way from a to b points to `target` (0 right, 90 up).
export function uprightDegrees(a, b, target) {
  const angle = target - Math.atan2(-(b[1] - a[1]), b[0] - a[0]) * 180 / Math.PI;
  return ((angle + 180) % 360 + 360) % 360 - 180;
}

const SSD_STRIDES = [16, 32, 64, 128, 256, 512];
const SSD_RATIOS = [1, 2, 0.5, 3, 0.3333];

// [x, y, width, height] as shares of the input of 300.
export function ssdAnchors() {
  const scale = (layer) => (layer === 6 ? 1 : 0.2 + 0.75 * layer / 5);
  return SSD_STRIDES.flatMap((stride, layer) => {
    const cells = Math.ceil(300 / stride);
    const kinds = layer === 0 ? [[0.1, 1], [0.2, 2], [0.2, 0.5]]
      : [...SSD_RATIOS.map((ratio) => [scale(layer), ratio]),
        [Math.sqrt(scale(layer) * scale(layer + 1)), 1]];
    return gridCentres([[cells, 1]]).flatMap(([x, y]) => (
      kinds.map(([size, ratio]) => [x, y, size * Math.sqrt(ratio), size / Math.sqrt(ratio)])));
  });
}
