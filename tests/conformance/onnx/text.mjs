// PP-OCR as its papers (arXiv:1911.08947, 2009.09941) and its DBPostProcess, get_rotate_crop_image
// and CTCLabelDecode describe it. cv2's whole coordinates are middles of pixels, hence the halves.
import { resize } from './resize.mjs';

const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];

// BGR planes of (level / 255 - mean) / deviation.
export function planes({ width, height, data }, mean = MEAN, deviation = DEVIATION) {
  const out = new Float32Array(3 * width * height);
  for (let i = 0; i < width * height; i += 1) {
    for (let c = 0; c < 3; c += 1) {
      out[c * width * height + i] = (data[i * 3 + 2 - c] / 255 - mean[c]) / deviation[c];
    }
  }
  return out;
}

export function detectorInput(image) {
  const ratio = Math.min(1, 960 / Math.max(image.width, image.height));
  const side = (length) => Math.max(32, Math.round((length * ratio) / 32) * 32);
  const [width, height] = [side(image.width), side(image.height)];
  const small = { width, height, data: resize(image, width, height) };
  return { width, height, values: planes(small) };
}

// Pixels of each 8-connected part above the threshold.
function parts(map, width, height, threshold) {
  const seen = new Uint8Array(width * height);
  const found = [];
  for (let start = 0; start < map.length; start += 1) {
    if (seen[start] || map[start] <= threshold) continue;
    const stack = [start];
    const pixels = [];
    seen[start] = 1;
    while (stack.length > 0) {
      const at = stack.pop();
      const [x, y] = [at % width, Math.floor(at / width)];
      pixels.push([x + 0.5, y + 0.5]);
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          const [nx, ny] = [x + dx, y + dy];
          const next = ny * width + nx;
          if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
          if (seen[next] || map[next] <= threshold) continue;
          seen[next] = 1;
          stack.push(next);
        }
      }
    }
    found.push(pixels);
  }
  return found;
}

const cross = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

// Gift wrapping (Jarvis, Information Processing Letters 2(1), 1973).
function hullOf(points) {
  let at = points.reduce((a, b) => (b[0] < a[0] || (b[0] === a[0] && b[1] < a[1]) ? b : a));
  const first = at;
  const hull = [];
  do {
    hull.push(at);
    let next = points[0] === at ? points[1] : points[0];
    for (const point of points) {
      const side = cross(at, next, point);
      if (side < 0 || (side === 0 && distance(at, point) > distance(at, next))) next = point;
    }
    at = next;
  } while (at && at !== first && hull.length < points.length);
  return hull;
}

// {center, axes: two unit vectors, sides} of the smallest rectangle along an edge of the hull.
function smallestRectangle(points) {
  const hull = hullOf(points);
  let best = null;
  hull.forEach((from, i) => {
    const to = hull[(i + 1) % hull.length];
    const length = distance(from, to);
    if (!(length > 0)) return;
    const u = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    const axes = [u, [-u[1], u[0]]];
    const spans = axes.map(([x, y]) => {
      const along = hull.map((p) => p[0] * x + p[1] * y);
      return [Math.min(...along), Math.max(...along)];
    });
    const sides = spans.map(([low, high]) => high - low);
    if (best && sides[0] * sides[1] >= best.sides[0] * best.sides[1]) return;
    const [a, b] = spans.map(([low, high]) => (low + high) / 2);
    best = { axes, sides, center: [u[0] * a - u[1] * b, u[1] * a + u[0] * b] };
  });
  return best;
}

const cornersOf = ({ center, axes: [u, v], sides: [w, h] }) => [[-1, -1], [1, -1], [1, 1], [-1, 1]]
  .map(([a, b]) => [0, 1].map((i) => center[i] + (u[i] * a * w) / 2 + (v[i] * b * h) / 2));

// get_mini_boxes: by x; of the two at the left and of the two at the right the upper first.
function ordered(corners) {
  const sorted = [...corners].sort((a, b) => a[0] - b[0]);
  const [left, right] = [sorted.slice(0, 2), sorted.slice(2)]
    .map((pair) => pair.sort((a, b) => a[1] - b[1]));
  return [left[0], right[0], right[1], left[1]];
}

function meanInside(map, width, height, box) {
  let [sum, count] = [0, 0];
  const corners = cornersOf(box);
  const range = (i, limit) => [Math.max(0, Math.floor(Math.min(...corners.map((c) => c[i]))) - 1),
    Math.min(limit - 1, Math.ceil(Math.max(...corners.map((c) => c[i]))) + 1)];
  const [[x0, x1], [y0, y1]] = [range(0, width), range(1, height)];
  for (let y = y0; y <= y1; y += 1) {
    for (let x = x0; x <= x1; x += 1) {
      const d = [x + 0.5 - box.center[0], y + 0.5 - box.center[1]];
      const inside = box.axes.every((axis, i) => (
        Math.abs(d[0] * axis[0] + d[1] * axis[1]) <= box.sides[i] / 2 + 1e-6));
      if (!inside) continue;
      sum += map[y * width + x];
      count += 1;
    }
  }
  return sum / Math.max(1, count);
}

// Quadrangles in pixels of the image, best first.
export function decodeText(map, width, height, image) {
  const found = [];
  for (const pixels of parts(map, width, height, 0.3)) {
    if (pixels.length < 9) continue; // less than 3 x 3
    const box = smallestRectangle(pixels);
    if (Math.min(...box.sides) < 3) continue;
    const score = meanInside(map, width, height, box);
    if (score < 0.6) continue;
    const grown = (1.5 * box.sides[0] * box.sides[1]) / (2 * (box.sides[0] + box.sides[1]));
    const sides = box.sides.map((side) => side + 2 * grown);
    if (Math.min(...sides) < 5) continue;
    const clamp = (value, limit) => Math.min(Math.max(value, 0), limit);
    const quad = ordered(cornersOf({ ...box, sides })).map(([x, y]) => [
      clamp((x * image.width) / width, image.width),
      clamp((y * image.height) / height, image.height)]);
    found.push({ quad, score });
  }
  return found.sort((a, b) => b.score - a.score);
}

// Eight unknowns of the projection that takes (0,0), (w,0), (w,h), (0,h) to the corners.
function projection(quad, w, h) {
  const rows = [];
  [[0, 0], [w, 0], [w, h], [0, h]].forEach(([x, y], i) => {
    const [u, v] = quad[i];
    rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]);
  });
  for (let i = 0; i < 8; i += 1) {
    let pivot = i;
    for (let j = i + 1; j < 8; j += 1) {
      if (Math.abs(rows[j][i]) > Math.abs(rows[pivot][i])) pivot = j;
    }
    [rows[i], rows[pivot]] = [rows[pivot], rows[i]];
    for (let j = 0; j < 8; j += 1) {
      if (j === i) continue;
      const factor = rows[j][i] / rows[i][i];
      for (let k = i; k < 9; k += 1) rows[j][k] -= factor * rows[i][k];
    }
  }
  return rows.map((row, i) => row[8] / row[i]);
}

function sample({ width, height, data }, x, y, c) {
  const inside = (value, limit) => Math.min(Math.max(value, 0), limit - 1);
  const [x0, y0] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  const [fx, fy] = [x - 0.5 - x0, y - 0.5 - y0];
  const at = (i, j) => data[(inside(j, height) * width + inside(i, width)) * 3 + c];
  return (at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx) * (1 - fy)
    + (at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx) * fy;
}

function warp(image, width, height, place) {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [sx, sy] = place(x + 0.5, y + 0.5);
      for (let c = 0; c < 3; c += 1) {
        data[(y * width + x) * 3 + c] = Math.round(sample(image, sx, sy, c));
      }
    }
  }
  return { width, height, data };
}

// get_rotate_crop_image: the quadrangle made a rectangle; one much higher than wide is turned.
export function cropText(image, quad) {
  const side = (...pairs) => Math.max(1, Math.trunc(
    Math.max(...pairs.map(([a, b]) => distance(quad[a], quad[b])))));
  const width = side([0, 1], [3, 2]);
  const height = side([0, 3], [1, 2]);
  const m = projection(quad, width, height);
  const to = (x, y) => {
    const d = m[6] * x + m[7] * y + 1;
    return [(m[0] * x + m[1] * y + m[2]) / d, (m[3] * x + m[4] * y + m[5]) / d];
  };
  if (height < 1.5 * width) return warp(image, width, height, to);
  return warp(image, height, width, (x, y) => to(width - y, x));
}

// The input that a model of lines was given: `frame` leads from its pixels to the image's.
export function cropFrame(image, { shape: [, , height, width], frame: m }) {
  const place = (x, y) => [m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]];
  return warp(image, width, height, place);
}

export function turnAround({ width, height, data }) {
  const out = new Uint8Array(data.length);
  for (let i = 0; i < width * height; i += 1) {
    out.set(data.subarray(i * 3, i * 3 + 3), (width * height - 1 - i) * 3);
  }
  return { width, height, data: out };
}

// 48 high and as wide as the aspect says.
export function lineInput(crop, widthMax) {
  const width = Math.min(widthMax, Math.max(32, Math.ceil((48 * crop.width) / crop.height)));
  const line = { width, height: 48, data: resize(crop, width, 48) };
  return { width, values: planes(line, [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]) };
}

export function decodeLine(data, classes, characters) {
  let [text, sum, kept, last] = ['', 0, 0, 0];
  for (let at = 0; at < data.length; at += classes) {
    const row = data.subarray(at, at + classes);
    let best = 0;
    for (let k = 1; k < classes; k += 1) if (row[k] > row[best]) best = k;
    if (best !== 0 && best !== last) {
      text += best <= characters.length ? characters[best - 1] : ' ';
      sum += row[best];
      kept += 1;
    }
    last = best;
  }
  return { text, score: kept > 0 ? sum / kept : 0 };
}
