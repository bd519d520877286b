// Our C++ pipeline against the same models run by onnxruntime-node with pre- and post-processing
// written here from the papers and READMEs, on the same decoded pixels.
//
//   node run.mjs [--tool FILE]        (default ../../../build/inference_tool)
//
// Detection (YOLOX README): letterbox with 114 at right and bottom, BGR 0..255, full decode, NMS of
// each class at 0.45. Matched boxes: IoU >= 0.98, scores within 0.01.
// Segmentation (Segment Anything): longer side 1024, normalise, pad with zeros. Masks: IoU >= 0.98.
// Photos come from $ANNOTATEAI_TEST_DATA, weights from models/weights; what is absent is skipped.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import * as ort from 'onnxruntime-node';

import { decodeYolox, letterbox, matchBoxes } from './yolox.mjs';
import { maskIou, maskOfRuns, prepareSam, runSam } from './sam.mjs';
import { binary } from '../../functional/harness.mjs';
import { OrientedPhotos } from './oriented.mjs';
import { Scenes } from './scenes.mjs';
import { readPpm, rotateLeft, rotateRight, writePpm } from './ppm.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../../..');
const flag = process.argv.indexOf('--tool');
const tool = path.resolve(flag > 0 ? process.argv[flag + 1] : path.join(root, 'build/inference_tool'));
const photos = process.env.ANNOTATEAI_TEST_DATA && path.join(process.env.ANNOTATEAI_TEST_DATA, 'photos');
const weights = path.join(root, 'models/weights');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'conformance-'));
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));

const counts = { passed: 0, failed: 0, skipped: 0 };
function report(name, problem, note = '') {
  counts[problem ? 'failed' : 'passed'] += 1;
  console.log(`${problem ? 'FAIL' : 'ok  '} ${name}${note && `  ${note}`}${problem ? `: ${problem}` : ''}`);
}
function skip(name, why) {
  counts.skipped += 1;
  console.log(`skip ${name}: ${why}`);
}
async function check(name, body) {
  try {
    const { problem, note } = await body();
    report(name, problem, note);
  } catch (error) {
    report(name, error.stack);
  }
}

const environment = {
  ...process.env,
  ONNXRUNTIME_LIBRARY: process.env.ONNXRUNTIME_LIBRARY
    ?? path.join(root, 'third_party/onnxruntime/lib/libonnxruntime.so.1'),
};
const ours = (...words) => execFileSync(tool, words.map(String),
  { encoding: 'utf8', env: environment, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });

// What analyze_tool prints of one model of the zoo on one image.
const analyze = (id, family, file, ...options) => JSON.parse(execFileSync(
  path.join(path.dirname(tool), 'analyze_tool'),
  [path.join(weights, id, 'model.onnx'), family, file, ...options].map(String),
  { encoding: 'utf8', env: environment, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] }));

const decoded = new Map();
function pixels(name) {
  if (!decoded.has(name)) {
    const file = path.join(scratch, `${name}.ppm`);
    ours('decode', path.join(photos, name), file);
    decoded.set(name, { file, image: readPpm(file) });
  }
  return decoded.get(name);
}

const expectedClasses = {
  'dog.jpg': [16, 45, 0], 'coco_000000000285.jpg': [21], 'coco_000000000724.jpg': [11],
};

async function detection() {
  const model = path.join(weights, 'yolox-nano/model.onnx');
  const names = photos ? fs.readdirSync(photos).filter((n) => n.endsWith('.jpg')).sort() : [];
  if (names.length === 0 || !fs.existsSync(model)) {
    skip('YOLOX-Nano', 'no photos (ANNOTATEAI_TEST_DATA) or no weights (annotateai models pull)');
    return;
  }
  const session = await ort.InferenceSession.create(model);
  for (const name of names) {
    await check(`YOLOX-Nano on ${name}`, async () => {
      const { file, image } = pixels(name);
      const { values, ratio } = letterbox(image, 416);
      const input = new ort.Tensor('float32', values, [1, 3, 416, 416]);
      const { output } = await session.run({ images: input });
      const theirs = decodeYolox(output.data, 416, ratio, image, 0.05, 0.45);
      const { detections } = JSON.parse(ours('detect', model, file, 0.05));
      return judgeBoxes(theirs, detections, expectedClasses[name] ?? []);
    });
  }
}

// Models that our importer made from TF.js files: what they see was recorded with tfjs, whose resize
// differs (its importer has a test of its own), so only classes and scores within 0.15 are compared.
const imported = {
  centernet: [
    ['coco_000000000285.jpg', 21, 0.72], ['coco_000000000724.jpg', 11, 0.94],
    ['coco_000000000139.jpg', 62, 0.73], ['truck.jpg', 7, 0.71], ['dog.jpg', 16, 0.45],
  ],
  'coco-ssd': [
    ['coco_000000000285.jpg', 21, 0.96], ['coco_000000000724.jpg', 11, 1.0], ['truck.jpg', 7, 0.97],
  ],
  yolov5s: [
    ['dog.jpg', 16, 0.87], ['coco_000000000285.jpg', 21, 0.75], ['coco_000000000724.jpg', 11, 0.93],
  ],
};

async function importedDetection() {
  for (const [id, expectations] of Object.entries(imported)) {
    const model = path.join(weights, id, 'model.onnx');
    if (!photos || !fs.existsSync(model)) {
      skip(id, 'no photos or not imported (annotateai models pull)');
      continue;
    }
    for (const [name, label, score] of expectations) {
      await check(`${id} on ${name}`, async () => {
        const { detections } = JSON.parse(ours('detect', model, pixels(name).file, 0.2));
        const best = detections.find((d) => d.class === label);
        const off = best ? Math.abs(best.score - score) : 1;
        return { problem: off > 0.15 ? `class ${label} with ${score} was expected, not ${JSON.stringify(detections.slice(0, 3))}` : '',
          note: best ? `${label} ${best.score.toFixed(2)} [${best.bbox.map(Math.round)}]` : '' };
      });
    }
  }
}

// Near the threshold and near the NMS limit a box may be on one side only; 0.3 is clear of both.
function judgeBoxes(theirs, detections, expected) {
  const matched = matchBoxes(theirs.filter((d) => d.score >= 0.3), detections);
  const back = matchBoxes(detections.filter((d) => d.score >= 0.3), theirs);
  const lonely = [...matched, ...back].filter((m) => m.iou < 0.98 || m.scoreGap > 0.01);
  const absent = expected.filter((c) => !detections.some((d) => d.class === c && d.score >= 0.5));
  const worst = Math.min(1, ...matched.map((m) => m.iou));
  const gap = Math.max(0, ...matched.map((m) => m.scoreGap));
  const problem = lonely.length > 0 ? `not matched: ${JSON.stringify(lonely)}`
    : absent.length > 0 ? `classes ${absent} were not found` : '';
  return { problem, note: `${matched.length} boxes, IoU >= ${worst.toFixed(4)}, score gap ${gap.toFixed(4)}` };
}

const clicks = [
  { photo: 'dog.jpg', prompts: ['+390,300'], area: 76178 },
  { photo: 'dog.jpg', prompts: ['box:120,120,560,500'] },
  { photo: 'truck.jpg', prompts: ['+500,375'] },
  { photo: 'truck.jpg', prompts: ['+500,375', '+1125,625', '-300,700'] },
  { photo: 'truck.jpg', prompts: ['box:425,600,700,875'] },
  { photo: 'truck.jpg', prompts: ['box:425,600,700,875', '-575,750'] },
  { photo: 'groceries.jpg', prompts: ['+400,300'] },
  { photo: 'groceries.jpg', prompts: ['box:300,200,600,480'] },
  { photo: 'coco_000000000785.jpg', prompts: ['+280,180'] },
  { photo: 'dog.jpg', portrait: true, prompts: ['+300,300'] },
  { photo: 'truck.jpg', portrait: true, prompts: ['box:300,300,900,1200'] },
];

// The tags of these have orientation 6; the prompts are in upright pixels.
const orientedClicks = [
  { photo: 'truck.jpg', prompts: ['+700,600'] },
  { photo: 'truck.jpg', prompts: ['box:300,425,650,750'] },
  { photo: 'coco_000000000785.jpg', prompts: ['+240,280'] },
  { photo: 'coco_000000000724.jpg', prompts: ['box:260,130,420,260'] },
];

function turnedImage(photo, turn) {
  const key = `${turn.name}-${photo}`;
  if (!decoded.has(key)) {
    const file = path.join(scratch, `${key}.ppm`);
    const image = turn(pixels(photo).image);
    writePpm(file, image);
    decoded.set(key, { file, image });
  }
  return decoded.get(key);
}

const clickImage = ({ photo, portrait }) => (
  portrait ? turnedImage(photo, rotateLeft) : pixels(photo));

function judgeMask(theirs, answer, area) {
  const iou = maskIou(theirs.mask, maskOfRuns(answer.runs, answer.size));
  const note = `IoU ${iou.toFixed(4)}, area ${answer.area} / ${theirs.area}, score ${answer.score.toFixed(4)}`;
  const offArea = area && Math.abs(answer.area - area) > area * 0.02;
  const problem = iou < 0.98 ? 'the masks differ'
    : Math.abs(answer.score - theirs.score) > 0.02 ? `score ${theirs.score} was expected`
      : offArea ? `an area of ${area} was expected` : '';
  return { problem, note };
}

async function segmentation() {
  const [encoder, decoder] = ['encoder', 'decoder'].map((n) => path.join(weights, `mobilesam/${n}.onnx`));
  if (!photos || !fs.existsSync(photos) || !fs.existsSync(encoder)) {
    skip('MobileSAM', 'no photos (ANNOTATEAI_TEST_DATA) or no weights (annotateai models pull)');
    return;
  }
  const sessions = {
    encoder: await ort.InferenceSession.create(encoder),
    decoder: await ort.InferenceSession.create(decoder),
  };
  const embeddings = new Map();
  const reference = async ({ file, image }, prompts) => {
    if (!embeddings.has(file)) {
      const { values, side } = prepareSam(image);
      const input = new ort.Tensor('float32', values, [1, 3, side, side]);
      embeddings.set(file, Object.values(await sessions.encoder.run({ input }))[0]);
    }
    return runSam(ort, sessions.decoder, embeddings.get(file), image, prompts);
  };
  for (const click of clicks) {
    const title = `MobileSAM on ${click.photo}${click.portrait ? ' (portrait)' : ''} ${click.prompts.join(' ')}`;
    await check(title, async () => {
      const given = clickImage(click);
      const theirs = await reference(given, click.prompts);
      const answer = JSON.parse(ours('segment', encoder, decoder, given.file, ...click.prompts));
      return judgeMask(theirs, answer, click.area);
    });
  }
  await orientedSegmentation(reference);
}

async function orientedSegmentation(reference) {
  if (!fs.existsSync(binary)) {
    skip('MobileSAM with EXIF orientation 6', `no ${binary}`);
    return;
  }
  const server = new OrientedPhotos();
  await server.open();
  try {
    for (const { photo, prompts } of orientedClicks) {
      await check(`MobileSAM on ${photo} (EXIF orientation 6) ${prompts.join(' ')}`, async () => {
        const upright = turnedImage(photo, rotateRight);
        const theirs = await reference(upright, prompts);
        const answer = await server.segment(path.join(photos, photo), prompts);
        if (`${answer.size}` !== `${[upright.image.height, upright.image.width]}` ||
            `${answer.sides}` !== `${[upright.image.width, upright.image.height]}`) {
          return { problem: `sides ${answer.sides}, mask of ${answer.size}: not turned upright` };
        }
        return judgeMask(theirs, answer);
      });
    }
  } finally {
    await server.close();
  }
}

await detection();
await importedDetection();
await segmentation();
if (photos) await new Scenes({ ort, analyze, weights, pixels, check, skip }).all();
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
