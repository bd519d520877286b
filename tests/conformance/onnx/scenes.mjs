// Text, lines, masks, classes and features: analyze_tool against onnxruntime-node with the decoders
// of text.mjs and dense.mjs, on the same pixels. Bars: IoU >= 0.98, scores within 0.01, text
// exactly, ends of lines within 1 px, embeddings' cosine >= 0.9999.
import fs from 'node:fs';
import path from 'node:path';

import { runsOfCounts } from './oriented.mjs';
import { cosine, decodeLines, stretched, upscaledMask } from './dense.mjs';
import { quadIou } from './quads.mjs';
import { maskIou, maskOfRuns } from './sam.mjs';
import {
  cropFrame, cropText, decodeLine, decodeText, detectorInput, lineInput, turnAround,
} from './text.mjs';

const IOU = 0.98;
const SCORE = 0.01;

const textPhotos = [
  ['coco_000000000885.jpg', ['POLO', 'J.P.Morgan']], ['coco_000000000724.jpg', ['STOP']],
  ['coco_000000000139.jpg', []], ['coco_000000000785.jpg', []], ['truck.jpg', []],
];
const linePhotos = ['coco_000000000139.jpg', 'groceries.jpg'];
const saliencePhotos = {
  'isnet-small': ['coco_000000000285.jpg', 'truck.jpg'], 'isnet-medium': ['dog.jpg'],
};
const lineModels = ['mlsd-tiny-320', 'mlsd-large-320', 'mlsd-tiny-512', 'mlsd-large-512'];
const classModels = {
  'nsfw-mobilenet-v2': 224, 'nsfw-mobilenet-v2-mid': 224, 'nsfw-inception-v3': 299,
};
const classPhotos = ['coco_000000000285.jpg', 'coco_000000001000.jpg', 'coco_000000000776.jpg'];

export class Scenes {
  constructor({ ort, analyze, weights, pixels, check, skip }) {
    Object.assign(this, { ort, analyze, weights, pixels, check, skip });
  }

  file(id, name = 'model.onnx') { return path.join(this.weights, id, name); }
  has(id) { return fs.existsSync(this.file(id)); }

  async run(id, values, shape) {
    this.session ??= {};
    this.session[id] ??= await this.ort.InferenceSession.create(
      this.file(id), { logSeverityLevel: 3 });
    const session = this.session[id];
    return session.run({ [session.inputNames[0]]: new this.ort.Tensor('float32', values, shape) });
  }

  async all() {
    await this.text();
    for (const id of lineModels) await this.lines(id);
    for (const id of Object.keys(saliencePhotos)) await this.salience(id);
    for (const [id, side] of Object.entries(classModels)) await this.classes(id, side);
    await this.features('mobilenet-features');
  }

  async text() {
    if (!['ppocr-det', 'ppocr-cls', 'ppocr-rec'].every((id) => this.has(id))) {
      this.skip('PP-OCR', 'no weights (annotateai models pull)');
      return;
    }
    this.dictionary = this.file('ppocr-rec', 'ppocr_keys_v1.txt');
    this.characters = fs.readFileSync(this.dictionary, 'utf8').trimEnd().split(/\r?\n/);
    for (const [photo, words] of textPhotos) {
      const { file, image } = this.pixels(photo);
      const theirs = await this.detectText(image);
      const { findings } = this.analyze('ppocr-det', 'ppocr_det', file);
      await this.check(`PP-OCR detection on ${photo}`, () => judgeQuads(theirs, findings));
      const read = [];
      for (const found of findings) {
        await this.check(`PP-OCR orientation and text on ${photo}`, async () => {
          const answer = await this.readText(file, image, found, theirs);
          read.push(answer.text);
          return answer;
        });
      }
      const absent = words.filter((word) => !read.includes(word));
      await this.check(`what ${photo} says`, () => ({
        problem: absent.length > 0 ? `${absent} not among ${read}` : '', note: read.join(' | ') }));
    }
  }

  async detectText(image) {
    const { width, height, values } = detectorInput(image);
    const [map] = Object.values(await this.run('ppocr-det', values, [1, 3, height, width]));
    return decodeText(map.data, width, height, image);
  }

  // The reference straightens the quadrangle by a projection, ours reads a turned rectangle: the
  // text must be the same. On the pixels of that rectangle the scores must be, too.
  async readText(file, image, { region, shape }, theirs) {
    const quad = shape.parts[0].points;
    const nearer = (a, b) => (quadIou(b.quad, quad) > quadIou(a.quad, quad) ? b : a);
    const crop = cropText(image, theirs.reduce(nearer).quad);
    const turn = await this.orientation(crop);
    const asked = this.analyze('ppocr-cls', 'ppocr_cls', file, '--region', regionText(region));
    const tag = asked.findings[0];
    const near = await this.orientation(cropFrame(image, asked.input));
    if (tag.attributes.orientation !== turn.degrees || Math.abs(tag.score - near.score) > SCORE) {
      return { problem: `orientation ${JSON.stringify(tag)}, not ${JSON.stringify([turn, near])}` };
    }
    const answer = this.analyze('ppocr-rec', 'ppocr_rec', file, '--dictionary', this.dictionary,
      '--region', regionText(tag.region));
    const wanted = await this.line(turn.degrees === 180 ? turnAround(crop) : crop);
    const same = await this.line(cropFrame(image, answer.input));
    const { score = 0, attributes: { text } = { text: '' } } = answer.findings[0] ?? {};
    const agree = text === wanted.text && text === same.text
      && Math.abs(score - same.score) <= SCORE;
    return {
      text,
      problem: agree ? '' : `'${text}' ${score}, not ${JSON.stringify([wanted, same])}`,
      note: `'${text}' ${score.toFixed(3)}, their crop ${wanted.score.toFixed(3)}, ${turn.degrees}`,
    };
  }

  async orientation(crop) {
    const { width, values } = lineInput(crop, 192);
    const [scores] = Object.values(await this.run('ppocr-cls', values, [1, 3, 48, width]));
    const best = scores.data[1] > scores.data[0] ? 1 : 0;
    return { degrees: best * 180, score: scores.data[best] };
  }

  async line(crop) {
    const { width, values } = lineInput(crop, 3840);
    const [scores] = Object.values(await this.run('ppocr-rec', values, [1, 3, 48, width]));
    const line = decodeLine(scores.data, scores.dims[2], this.characters);
    return line.score >= 0.25 ? line : { text: '', score: 0 };
  }

  async lines(id) {
    if (!this.has(id)) {
      this.skip(id, 'no weights');
      return;
    }
    const side = Number(id.slice(-3));
    for (const photo of linePhotos) {
      await this.check(`${id} on ${photo}`, async () => {
        const { file, image } = this.pixels(photo);
        const input = stretched(image, side, { scale: 1, offset: 0, planes: false, fourth: 1 });
        const { scores, offsets } = await this.run(id, input, [1, side, side, 4]);
        const theirs = decodeLines(scores.data, offsets.data, side, image, 0.1);
        return judgeLines(theirs, this.analyze(id, 'mlsd', file, '--min-score', 0.09).findings);
      });
    }
  }

  async salience(id) {
    if (!this.has(id)) {
      this.skip(id, 'no weights');
      return;
    }
    for (const photo of saliencePhotos[id]) {
      await this.check(`${id} on ${photo}`, async () => {
        const { file, image } = this.pixels(photo);
        const input = stretched(image, 1024, { scale: 1 / 256, offset: -0.5, planes: true });
        const { output } = await this.run(id, input, [1, 3, 1024, 1024]);
        const theirs = upscaledMask(output.data, 1024, image, 0.5);
        const [found] = this.analyze(id, 'isnet', file).findings;
        const { size, counts } = found.shape.rle;
        const iou = maskIou(theirs, maskOfRuns(runsOfCounts(counts), size));
        return { problem: iou < IOU ? 'the masks differ' : '',
          note: `IoU ${iou.toFixed(4)}, score ${found.score.toFixed(3)}` };
      });
    }
  }

  async classes(id, side) {
    if (!this.has(id)) {
      this.skip(id, 'no weights');
      return;
    }
    for (const photo of classPhotos) {
      await this.check(`${id} on ${photo}`, async () => {
        const { file, image } = this.pixels(photo);
        const input = stretched(image, side, { scale: 1 / 255, offset: 0, planes: false });
        const [scores] = Object.values(await this.run(id, input, [1, side, side, 3]));
        const { findings } = this.analyze(id, 'classifier', file, '--min-score', 0,
          '--preprocess', UNIT, '--labels', 'Drawing,Hentai,Neutral,Porn,Sexy');
        const [{ class: name, score }] = findings;
        const worst = Math.max(...findings.map((f) => Math.abs(f.score - scores.data[f.class_id])));
        return { problem: findings.length !== 5 || !(worst <= SCORE) ? 'the scores differ' : '',
          note: `${name} ${score.toFixed(3)}, scores within ${worst.toFixed(4)}` };
      });
    }
  }

  async features(id) {
    if (!this.has(id)) {
      this.skip(id, 'no weights');
      return;
    }
    for (const photo of classPhotos) {
      await this.check(`${id} on ${photo}`, async () => {
        const { file, image } = this.pixels(photo);
        const input = stretched(image, 224, { scale: 1 / 255, offset: 0, planes: false });
        const [theirs] = Object.values(await this.run(id, input, [1, 224, 224, 3]));
        const { embedding } = this.analyze(id, 'embedder', file, '--preprocess', UNIT);
        const alike = cosine(Array.from(theirs.data), embedding);
        const length = Math.hypot(...embedding);
        const agree = alike >= 0.9999 && Math.abs(length - 1) < 1e-4;
        return { problem: agree ? '' : 'the vectors differ',
          note: `${embedding.length} numbers, cosine ${alike.toFixed(6)}` };
      });
    }
  }
}

const UNIT = JSON.stringify({ scale: 1 / 255, offset: 0 });
const quadOf = (found) => found.quad ?? found.shape.parts[0].points;
const regionText = (r) => [r.cx, r.cy, r.width, r.height, r.rotation].join(',');

function judgeQuads(theirs, findings) {
  const best = (one, others) => others.reduce((most, other) => {
    const iou = quadIou(quadOf(one), quadOf(other));
    return iou > most.iou ? { iou, gap: Math.abs(one.score - other.score) } : most;
  }, { iou: 0, gap: 1 });
  const matches = [...theirs.map((one) => best(one, findings)),
    ...findings.map((one) => best(one, theirs))];
  const off = matches.filter((m) => m.iou < IOU || m.gap > SCORE);
  const worst = Math.min(1, ...matches.map((m) => m.iou));
  const gap = Math.max(0, ...matches.map((m) => m.gap));
  return { problem: off.length > 0 ? `not matched: ${JSON.stringify(off)}` : '',
    note: `${findings.length} lines, IoU >= ${worst.toFixed(4)}, score gap ${gap.toFixed(4)}` };
}

// Scores near the limit of 0.1 may be on one side only: only those clear of it must have a partner.
function judgeLines(theirs, findings) {
  const ours = findings.map((f) => ({ points: f.shape.points, score: f.score }));
  const off = (a, b) => Math.max(...a.points.map(([x, y], i) => (
    Math.hypot(x - b.points[i][0], y - b.points[i][1]))));
  const partner = (one, others) => others.reduce((best, other) => {
    const apart = off(one, other);
    return apart < best.apart ? { apart, gap: Math.abs(one.score - other.score) } : best;
  }, { apart: Infinity, gap: 1 });
  const clear = (lines) => lines.filter((line) => line.score >= 0.12);
  const matches = [...clear(theirs).map((one) => partner(one, ours)),
    ...clear(ours).map((one) => partner(one, theirs))];
  const lonely = matches.filter((m) => m.apart > 1 || m.gap > SCORE);
  const apart = Math.max(0, ...matches.map((m) => m.apart));
  const gap = Math.max(0, ...matches.map((m) => m.gap));
  const agree = lonely.length === 0 && matches.length > 0;
  return { problem: agree ? '' : `not matched: ${JSON.stringify(lonely)}`,
    note: `${ours.length} lines, ends within ${apart.toFixed(3)} px, score gap ${gap.toFixed(4)}` };
}
