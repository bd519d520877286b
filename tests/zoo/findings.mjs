// What answers of POST /inference/analyze must hold. Each expectation returns a note for the table
// or throws an Error that says what was found instead.
import { runsOfCounts } from '../conformance/onnx/oriented.mjs';
import { iou } from '../conformance/onnx/yolox.mjs';

export function demand(holds, problem) {
  if (!holds) throw new Error(problem);
}

const extent = (points) => {
  const [xs, ys] = [0, 1].map((i) => points.map((p) => p[i]));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};

export function pointsOf(shape) {
  if (shape.type === 'box') {
    const { x, y, width, height } = shape;
    return [[x, y], [x + width, y + height]];
  }
  if (shape.type === 'ellipse') {
    const { cx, cy, rx, ry } = shape;
    return [[cx - rx, cy - ry], [cx + rx, cy + ry]];
  }
  if (shape.type === 'polygon') return shape.parts.flatMap(({ points }) => points);
  if (shape.type === 'skeleton') return shape.points.map(({ x, y }) => [x, y]);
  return shape.points ?? [];
}

export const boundsOf = (shape) => extent(pointsOf(shape));
const round = (numbers) => numbers.map((n) => Math.round(n)).join(' ');
const brief = (findings) => JSON.stringify(findings.slice(0, 4).map((f) => ({
  class: f.class, score: Number(f.score.toFixed(2)), bounds: round(boundsOf(f.shape)),
  ...f.attributes })));

// An object of a class where it is: boxes or polygons, overlap at least `least`.
export const object = (name, box, least = 0.6) => ({ findings }) => {
  const overlaps = (f) => iou(boundsOf(f.shape), box);
  const found = findings.filter((f) => f.class === name && overlaps(f) >= least)
    .sort((a, b) => overlaps(b) - overlaps(a))[0];
  demand(found, `no ${name} at ${box} in ${brief(findings)}`);
  return `${name} ${found.score.toFixed(2)} at ${round(boundsOf(found.shape))}`;
};

// Anything with bounds at these places, whatever it is called.
export const things = (boxes, least = 0.4) => ({ findings }) => {
  const absent = boxes.filter((box) => !findings.some((f) => iou(boundsOf(f.shape), box) >= least));
  demand(absent.length === 0, `nothing at ${JSON.stringify(absent)} in ${brief(findings)}`);
  return `${findings.length} found, ${boxes.length} expected ones among them`;
};

export const attribute = (name, holds, wanted) => ({ findings }) => {
  const values = findings.map((f) => f.attributes[name]).filter((value) => value !== undefined);
  const value = values.find(holds);
  demand(value !== undefined, `${name} is not ${wanted}: ${brief(findings)}`);
  return `${name} ${typeof value === 'number' ? Number(value.toFixed(2)) : `"${value}"`}`;
};

export const texts = (...wanted) => ({ findings }) => {
  const read = findings.map((f) => f.attributes.text);
  const absent = wanted.filter((text) => !read.includes(text));
  demand(absent.length === 0, `"${absent}" was not read: ${brief(findings)}`);
  return wanted.map((text) => `"${text}"`).join(' ');
};

export const tag = (name, least = 0.4) => ({ findings }) => {
  const [best] = findings;
  demand(best?.class === name && best.score >= least, `not ${name}: ${brief(findings)}`);
  return `${name} ${best.score.toFixed(2)}`;
};

// Named points near where a person saw them; `count` points in all, `within` pixels.
export const skeleton = (count, places, within) => ({ findings }) => {
  const off = (shape) => Object.entries(places).map(([name, [x, y]]) => {
    const point = shape.points.find((p) => p.name === name);
    return point ? Math.hypot(point.x - x, point.y - y) : Infinity;
  });
  const shapes = findings.map((f) => f.shape).filter((s) => s.points?.length === count);
  const best = Math.min(...shapes.map((shape) => Math.max(...off(shape))));
  demand(best <= within, `no ${count} points near ${JSON.stringify(places)}, best ${best} px: ${
    JSON.stringify(shapes[0]?.points?.slice(0, 40) ?? brief(findings))}`);
  return `${count} points, ${Object.keys(places).join(', ')} within ${best.toFixed(0)} px`;
};

// Points that all lie near a box and fill it.
export const cloud = (count, box, least = 0.5) => ({ findings }) => {
  const around = findings.map((f) => f.shape).filter((s) => pointsOf(s).length === count)
    .map(boundsOf).sort((a, b) => iou(b, box) - iou(a, box));
  demand(around.length > 0, `no shape of ${count} points: ${brief(findings)}`);
  demand(iou(around[0], box) >= least, `${count} points around ${round(around[0])}, not ${box}`);
  return `${count} points around ${round(around[0])}`;
};

// Says of what it was shown that it is not what it looks for.
export const doubtful = (most) => ({ findings }) => {
  const best = Math.max(0, ...findings.map(({ score }) => score));
  demand(best <= most, `${best} for what it does not look for`);
  return `score ${best.toFixed(3)} where it should be low`;
};

// A mask that holds some places, leaves out others, and has about this share of the picture.
export const mask = ({ inside, outside, share: [low, high] }) => ({ findings }) => {
  const { rle } = (findings.find((f) => f.shape.type === 'mask') ?? { shape: {} }).shape;
  demand(rle, `no mask: ${brief(findings)}`);
  const [height, width] = rle.size;
  const runs = typeof rle.counts === 'string' ? runsOfCounts(rle.counts) : rle.counts;
  const bits = new Uint8Array(height * width);
  let at = 0;
  runs.forEach((run, i) => {
    if (i % 2 === 1) bits.fill(1, at, at + run);
    at += run;
  });
  const has = ([x, y]) => bits[x * height + y] === 1;
  const share = bits.reduce((sum, bit) => sum + bit, 0) / bits.length;
  const wrong = [...inside.filter((p) => !has(p)), ...outside.filter(has)];
  demand(wrong.length === 0, `the mask is wrong at ${JSON.stringify(wrong)}`);
  demand(share >= low && share <= high, `the mask covers ${share.toFixed(2)} of the picture`);
  return `mask of ${(share * 100).toFixed(0)} % of the picture`;
};

// Segments among which each of these is, either way round, ends within some pixels.
export const lines = (least, wanted, within) => ({ findings }) => {
  const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  const ends = findings.map((f) => f.shape.points);
  const absent = wanted.filter(([a, b]) => !ends.some(([p, q]) => (
    Math.min(Math.max(apart(a, p), apart(b, q)), Math.max(apart(a, q), apart(b, p))) <= within)));
  demand(absent.length === 0, `no line ${JSON.stringify(absent)} among ${JSON.stringify(ends)}`);
  demand(findings.length >= least, `only ${findings.length} lines`);
  return `${findings.length} lines, ${wanted.length} expected ones among them`;
};

const cosine = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

// Of three answers the first two are alike, the third is not.
export const alike = (size) => (...answers) => {
  const [a, b, c] = answers.map((answer) => answer.embedding ?? answer.findings[0]?.embedding);
  demand(a?.length === size, `${a?.length} numbers, not ${size}`);
  const [near, far] = [cosine(a, b), cosine(a, c)];
  demand(near > far, `similarity ${near} of the same, ${far} of another`);
  return `${size} numbers, same ${near.toFixed(2)}, other ${far.toFixed(2)}`;
};

export const all = (...checks) => (answer) => checks.map((check) => check(answer)).join('; ');
