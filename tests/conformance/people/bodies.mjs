// Bodies and hands: MoveNet, BlazePose (arXiv:2006.10204), MediaPipe Hands (arXiv:2006.10214),
// handtrack, and the masks of persons.
import { blend, gridCentres, inPhoto, keepBest, pointedBoxes, sigmoid, uprightDegrees } from './anchors.mjs';
import { analyze, check, installed, outputsOf, pointsOf, sized, skip } from './bench.mjs';
import { judgeRegion, matchDetections, regionOf } from './faces.mjs';
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
      if (Math.abs(scores[i] - 0.2) > 0.01) verdict.same('visibility', visibility, scores[i] >= 0.2 ? 2 : 0);
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
      region: { cx: hips[0], cy: hips[1], size: 2.5 * radius, degrees: uprightDegrees(hips, circle, 90) } };
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
      [sum, best, mx, my] = [sum + weight, Math.max(best, weight), mx + u * weight, my + v * weight];
    }
  }
  return best >= 0.5 ? [4 * mx / sum, 4 * my / sum] : [x, y];
}

async function checkPose(id, photo, mine, region) {
  await check(`${id} on ${photo.name}`, async (verdict) => {
    const seen = look(photo, { width: 256, outside: 'edge', ...UNIT }, region);
    const outputs = await outputsOf(id, seen);
    const rows = sized(outputs, 195);
    const points = Array.from({ length: 33 }, (_, i) => (
      toPhoto(seen.frame, refine([rows[5 * i], rows[5 * i + 1]], sized(outputs, 64 * 64 * 39), i))));
    const [ours] = analyze(id, 'blazepose_landmarks', photo, { region: mine, minScore: 0 });
    verdict.points(pointsOf(ours), points, seen.frame[0] || region.size / 256);
    verdict.score(ours.score, sized(outputs, 1)[0]);
    const [person] = analyze(id, 'blazepose_landmarks', photo, { region: mine, minScore: 0, parameters: { shape: 'mask' } });
    judgeMask(verdict, person, photo, sized(outputs, 65536).map(sigmoid), 256, 256, seen.frame);
  });
}

async function checkSelfie(id, [width, height], photo) {
  await check(`${id} on ${photo.name}`, async (verdict) => {
    const seen = look(photo, { width, height, fit: 'stretch', ...UNIT });
    const values = sized(await outputsOf(id, seen), width * height);
    const [person] = analyze(id, 'selfie_segmentation', photo);
    judgeMask(verdict, person, photo, values, width, height, seen.frame);
  });
}

async function detectPalms(photo) {
  const seen = look(photo, { width: 192, fit: 'square', ...UNIT });
  const outputs = await outputsOf('mediapipe-palm-detector', seen);
  const centres = gridCentres([[24, 2], [12, 6]]);
  const all = pointedBoxes(sized(outputs, 2016), sized(outputs, 2016 * 18), centres, 7, 192, 0.5);
  return blend(all, 0.3).map((one) => {
    const found = inPhoto(one, seen.frame, photo);
    const degrees = uprightDegrees(found.points[0], found.points[2], 90);
    const turn = degrees * Math.PI / 180;
    const shift = -0.5 * found.height;
    return { ...found, region: { cx: found.cx - shift * Math.sin(turn), degrees,
      cy: found.cy + shift * Math.cos(turn), size: 2.6 * Math.max(found.width, found.height) } };
  });
}

async function checkHand(id, photo, mine, region) {
  await check(`${id} on ${photo.name}`, async (verdict) => {
    const seen = look(photo, { width: 224, outside: 'edge', ...UNIT }, region);
    const outputs = await outputsOf(id, seen);
    const numbers = sized(outputs, 63);
    const points = Array.from({ length: 21 }, (_, i) => (
      toPhoto(seen.frame, [numbers[3 * i], numbers[3 * i + 1]])));
    const [ours] = analyze(id, 'hand_landmarks', photo, { region: mine, minScore: 0 });
    verdict.points(pointsOf(ours), points, region.size / 224);
    verdict.score(ours.score, sized(outputs, 1)[0]);
    const right = sized(outputs, 1, 1)[0];
    verdict.same('handedness', ours.attributes.handedness, right >= 0.5 ? 'right' : 'left');
  });
}

async function checkHandtrack(photo) {
  await check(`handtrack on ${photo.name}`, async (verdict) => {
    const seen = look(photo, { width: 320, fit: 'stretch', ...SIGNED });
    const outputs = await outputsOf('handtrack', seen);
    const [scores, boxes] = [sized(outputs, 12804 * 7), sized(outputs, 12804 * 4)];
    const all = Array.from({ length: 12804 }, (_, i) => {
      const own = [...scores.subarray(7 * i, 7 * i + 7)].map((score, k) => (k === 4 ? 0 : score));
      const [y0, x0, y1, x1] = boxes.subarray(4 * i, 4 * i + 4);
      return { score: Math.max(...own), numbers: [x0 * 320, y0 * 320, x1 * 320, y1 * 320] };
    }).filter(({ score }) => score >= 0.3);
    const theirs = keepBest(all, 0.4).map((one) => inPhoto(one, seen.frame, photo));
    matchDetections(verdict, analyze('handtrack', 'handtrack', photo, { minScore: 0.3 }), theirs);
  });
}

async function detected(id, family, photo, theirs, side, judge) {
  const pairs = [];
  await check(`${id} on ${photo.name}`, async (verdict) => {
    const ours = analyze(id, family, photo, { minScore: 0.5 });
    for (const [mine, other] of matchDetections(verdict, ours, await theirs(photo))) {
      judgeRegion(verdict, regionOf(mine), other.region, side);
      pairs.push([regionOf(mine), other.region]);
    }
  });
  for (const pair of pairs.slice(0, 2)) await judge(...pair);
}

const have = (id, ...more) => installed(id, ...more) || skip(id, 'not installed');

export async function bodies(photos) {
  for (const photo of photos) {
    if (have('movenet-lightning')) await checkMoveNet(photo);
    if (have('mediapipe-pose-detector')) {
      await detected('mediapipe-pose-detector', 'blazepose_detector', photo, detectPersons, 224,
        async (mine, region) => {
          for (const size of ['lite', 'full', 'heavy']) {
            if (have(`mediapipe-pose-${size}`)) await checkPose(`mediapipe-pose-${size}`, photo, mine, region);
          }
        });
    }
    if (have('selfie-segmentation')) await checkSelfie('selfie-segmentation', [256, 256], photo);
    if (have('selfie-segmentation-landscape')) await checkSelfie('selfie-segmentation-landscape', [256, 144], photo);
    if (have('handtrack')) await checkHandtrack(photo);
    if (have('mediapipe-palm-detector')) {
      await detected('mediapipe-palm-detector', 'palm_detector', photo, detectPalms, 192,
        async (mine, region) => {
          for (const id of ['hand-landmark-lite', 'mediapipe-hand-lite', 'mediapipe-hand-full']) {
            if (have(id)) await checkHand(id, photo, mine, region);
          }
        });
    }
  }
}
