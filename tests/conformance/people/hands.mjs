// Hands: MediaPipe Hands (arXiv:2006.10214) and handtrack.
import { blend, gridCentres, inPhoto, keepBest, pointedBoxes, uprightDegrees } from './anchors.mjs';
import { analyze, check, have, outputsOf, pointsOf, sized } from './bench.mjs';
import { detected, matchDetections } from './detections.mjs';
import { look, toPhoto } from './frame.mjs';

const SIGNED = { scale: 1 / 127.5, offset: -1 };
const UNIT = { scale: 1 / 255, offset: 0 };

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

export async function hands(photos) {
  for (const photo of photos) {
    if (have('handtrack')) await checkHandtrack(photo);
    if (!have('mediapipe-palm-detector')) continue;
    await detected('mediapipe-palm-detector', 'palm_detector', photo, detectPalms, 192,
      async (mine, region) => {
        for (const id of ['hand-landmark-lite', 'mediapipe-hand-lite', 'mediapipe-hand-full']) {
          if (have(id)) await checkHand(id, photo, mine, region);
        }
      });
  }
}
