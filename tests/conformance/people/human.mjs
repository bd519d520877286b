// Our models against the whole of @vladmandic/human in Node.js.
//
// The package resizes without half-pixel centres, so that it is given photos of its models' own
// sizes; and it rounds points to whole pixels, for which the bar of 1 input pixel makes room.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { analyze, check, have, packages, pointsOf, root, savePhoto, skip } from './bench.mjs';
import { look, toPhoto } from './frame.mjs';

const home = path.join(packages, '@vladmandic/human');
const tfjs = path.join(root, 'tests/conformance/tfjs/node_modules');
const script = path.join(root, 'tests/conformance/people/human_run.cjs');

function runHuman(photos) {
  const printed = execFileSync('node', [script, home, ...photos.map(({ file }) => file)],
    { encoding: 'utf8', env: { ...process.env, NODE_PATH: tfjs }, maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'pipe'] });
  return JSON.parse(printed.trim().split('\n').at(-1));
}

// The square that human cuts out: 1.4 times the box's longer side, not turned.
function cutOf({ shape: { x, y, width, height } }) {
  return { cx: x + width / 2, cy: y + height / 2, size: 1.4 * Math.max(width, height), degrees: 0 };
}

async function checkFaces(photo, { faces }) {
  if (!have('blazeface') || !have('face-mesh') || !have('faceres')) return;
  await check(`faces as @vladmandic/human on ${photo.name}`, async (verdict) => {
    const parameters = { overlap: 'suppress' };
    const preprocess = { fit: 'stretch' };
    const ours = analyze('blazeface', 'blazeface', photo,
      { parameters, preprocess, minScore: 0.5 });
    verdict.same('faces', ours.length, faces.length);
    const region = cutOf(ours[0]);
    verdict.score(ours[0].score, faces[0].score);
    const [mesh] = analyze('face-mesh', 'face_mesh', photo, { region });
    const step = region.size / 192;
    const theirs = faces[0].mesh.map(([x, y]) => [x, y]);
    verdict.points(pointsOf(mesh), theirs, step, 1 + Math.SQRT1_2 / step);
    const [described] = analyze('faceres', 'faceres', photo, { region });
    verdict.same('gender', described.attributes.gender, faces[0].gender);
  });
}

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// What MoveNet sees of a photo, as a photo.
function small(photo) {
  const { values, frame } = look(photo, { width: 192, fit: 'square' });
  const data = Buffer.from(Uint8Array.from(values, (level) => Math.floor(level + 0.5)));
  return { frame, ...savePhoto(`small_${photo.name}`, { width: 192, height: 192, data }) };
}

async function checkBody(photo, frame, { bodies: [body] }) {
  if (!have('movenet-lightning')) return;
  await check(`body as @vladmandic/human on ${photo.name}`, async (verdict) => {
    const [ours] = analyze('movenet-lightning', 'movenet', photo);
    const mine = new Map(ours.shape.points.map(({ name, x, y }) => [name, [x, y]]));
    verdict.same('enough points', body.length >= 12, true);
    verdict.points(body.map(({ part }) => mine.get(snake(part))),
      body.map(({ position }) => toPhoto(frame, position)), frame[0], 1 + Math.SQRT1_2);
  });
}

export async function human({ face, body, skier }) {
  if (!fs.existsSync(home) || !fs.existsSync(tfjs) || !face || !body) {
    skip('@vladmandic/human', 'not in third_party/model_packages, or no TensorFlow.js');
    return;
  }
  const bodies = [body, skier].filter(Boolean);
  const smalls = bodies.map(small);
  const [faceResult, ...results] = runHuman([face, ...smalls]);
  await checkFaces(face, faceResult);
  for (const [i, photo] of bodies.entries()) await checkBody(photo, smalls[i].frame, results[i]);
}
