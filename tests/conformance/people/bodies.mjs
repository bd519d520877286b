// Bodies: MoveNet, BlazePose (arXiv:2006.10204), and the masks of persons.
import { blend, gridCentres, inPhoto, pointedBoxes, sigmoid, uprightDegrees } from './anchors.mjs';
import { analyze, check, have, outputsOf, pointsOf, sized } from './bench.mjs';
import { detected } from './detections.mjs';
import { judgeMask } from './masks.mjs';
import { look, toPhoto } from './frame.mjs';

const SIGNED = { scale: 1 / 127.5, offset: -1 };
const UNIT = { scale: 1 / 255, offset: 0 };

async function checkMoveNet(photo) {
  await check(`movenet-lightning on ${photo.name}`, async (verdict) => {
    const seen = look(photo, { width: 192, fit: 'square' });
    const numbers = sized(await outputsOf('movenet-lightning', seen, 'int32'), 51);
    const points = Array.from({ length: 17 }, (_, i) => (
      toPhoto(seen.frame, [numbers[3 * i + 1] * 192, numbers[3 * i] * 192])));
    const scores = Array.from({ length: 17 }, (_, i) => numbers[3 * i + 2]);
    const sure = scores.filter((score) => score >= 0.2);
    const [ours] = analyze('movenet-lightning', 'movenet', photo, { minScore: 0 });
    verdict.points(pointsOf(ours), points, seen.frame[0]);
    verdict.score(ours.score, sure.reduce((sum, v) => sum + v, 0) / sure.length);
    ours.shape.points.forEach(({ visibility }, i) => {
      if (Math.abs(scores[i] - 0.2) < 0.01) return;
      verdict.same('visibility', visibility, scores[i] >= 0.2 ? 2 : 0);
    });
  });
}

async function detectPersons(photo) {
  const seen = look(photo, { width: 224, fit: 'square', ...SIGNED });
  const outputs = await outputsOf('mediapipe-pose-detector', seen);
  const centres = gridCentres([[28, 2], [14, 2], [7, 6]]);
  const all = pointedBoxes(sized(outputs, 2254), sized(outputs, 2254 * 12), centres, 4, 224, 0.5);
  return blend(all, 0.3).map((one) => {
    const found = inPhoto(one, seen.frame, photo);
    const [hips, circle] = found.points;
    const radius = Math.hypot(circle[0] - hips[0], circle[1] - hips[1]);
    const inside = (value, most) => Math.min(Math.max(value, 0), most);
    return { ...found,
      bbox: [inside(hips[0] - radius, photo.width), inside(hips[1] - radius, photo.height),
        inside(hips[0] + radius, photo.width), inside(hips[1] + radius, photo.height)],
      region: { cx: hips[0], cy: hips[1], size: 2.5 * radius,
        degrees: uprightDegrees(hips, circle, 90) } };
  });
}

// A point moves to the middle of its heat map nearby, where that is sure.
function refine([x, y], map, channel) {
  const [column, row] = [Math.trunc(x / 4), Math.trunc(y / 4)];
  if (x < 0 || y < 0 || column > 63 || row > 63) return [x, y];
  let [sum, best, mx, my] = [0, 0, 0, 0];
  for (let v = Math.max(0, row - 3); v <= Math.min(63, row + 3); v += 1) {
    for (let u = Math.max(0, column - 3); u <= Math.min(63, column + 3); u += 1) {
      const weight = sigmoid(map[(v * 64 + u) * 39 + channel]);
      best = Math.max(best, weight);
      [sum, mx, my] = [sum + weight, mx + u * weight, my + v * weight];
    }
  }
  return best >= 0.5 ? [4 * mx / sum, 4 * my / sum] : [x, y];
}

async function checkPose(id, photo, mine, region) {
  await check(`${id} on ${photo.name}`, async (verdict) => {
    const seen = look(photo, { width: 256, outside: 'edge', ...UNIT }, region);
    const outputs = await outputsOf(id, seen);
    const rows = sized(outputs, 195);
    const maps = sized(outputs, 64 * 64 * 39);
    const points = Array.from({ length: 33 }, (_, i) => (
      toPhoto(seen.frame, refine([rows[5 * i], rows[5 * i + 1]], maps, i))));
    const [ours] = analyze(id, 'blazepose_landmarks', photo, { region: mine, minScore: 0 });
    verdict.points(pointsOf(ours), points, region.size / 256);
    verdict.score(ours.score, sized(outputs, 1)[0]);
    const [person] = analyze(id, 'blazepose_landmarks', photo,
      { region: mine, minScore: 0, parameters: { shape: 'mask' } });
    judgeMask(verdict, person, photo, sized(outputs, 65536).map(sigmoid), 256, 256, seen.frame);
  });
}

const SELFIES = { 'selfie-segmentation': [256, 256],
  'selfie-segmentation-landscape': [256, 144] };

async function checkSelfie(id, [width, height], photo) {
  await check(`${id} on ${photo.name}`, async (verdict) => {
    const seen = look(photo, { width, height, fit: 'stretch', ...UNIT });
    const values = sized(await outputsOf(id, seen), width * height);
    const [person] = analyze(id, 'selfie_segmentation', photo);
    judgeMask(verdict, person, photo, values, width, height, seen.frame);
  });
}

export async function bodies(photos) {
  for (const photo of photos) {
    if (have('movenet-lightning')) await checkMoveNet(photo);
    if (have('mediapipe-pose-detector')) {
      await detected('mediapipe-pose-detector', 'blazepose_detector', photo, detectPersons, 224,
        async (mine, region) => {
          for (const size of ['lite', 'full', 'heavy']) {
            const id = `mediapipe-pose-${size}`;
            if (have(id)) await checkPose(id, photo, mine, region);
          }
        });
    }
    for (const [id, sides] of Object.entries(SELFIES)) {
      if (have(id)) await checkSelfie(id, sides, photo);
    }
  }
}
