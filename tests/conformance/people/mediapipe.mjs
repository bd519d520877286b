// Our two steps, detector and landmarks, against MediaPipe's own solutions on the same pixels.
//
// They sample on the GPU (here a software one) and run TFLite on the CPU, in full precision.
// Handedness is theirs mirrored: they expect a selfie.
import { analyze, check, have, pointsOf, skip } from './bench.mjs';
import { regionOf } from './detections.mjs';
import { judgeMask } from './masks.mjs';
import { Solutions, haveSolutions } from './solutions.mjs';

const inPixels = (photo, list) => list.map(({ x, y }) => [x * photo.width, y * photo.height]);
const identity = [1, 0, 0, 0, 1, 0];

// Whole findings of the second model in the regions of the first.
function steps(photo, [detector, family, minScore], [id, second], { only, parameters } = {}) {
  const found = analyze(detector, family, photo, { minScore });
  return found.filter((one) => !only || one.class === only).flatMap((one) => {
    const region = regionOf(one);
    const answers = analyze(id, second, photo, { region, parameters, minScore: 0.5 });
    return answers.map((finding) => ({ finding, region }));
  });
}

const nearest = (list, [x, y]) => list.map((one) => {
  const [[px, py]] = pointsOf(one.finding);
  return [Math.hypot(px - x, py - y), one];
}).sort(([a], [b]) => a - b)[0]?.[1];

function judgePoints(verdict, mine, theirs, side) {
  const match = nearest(mine, theirs[0]);
  if (!match) { verdict.same('found', 'none', 'one'); return undefined; }
  verdict.points(pointsOf(match.finding), theirs, match.region.size / side);
  return match;
}

async function checkHands(solutions, photo, id, modelComplexity) {
  if (!have(id)) return;
  await check(`${id} as @mediapipe/hands on ${photo.name}`, async (verdict) => {
    const options = { maxNumHands: 4, modelComplexity, minDetectionConfidence: 0.5 };
    const theirs = await solutions.run('hands', 'Hands', options, photo);
    const palms = ['mediapipe-palm-detector', 'palm_detector', 0.5];
    const mine = steps(photo, palms, [id, 'hand_landmarks']);
    verdict.same('hands', mine.length, theirs.multiHandLandmarks.length);
    theirs.multiHandLandmarks.forEach((hand, i) => {
      const match = judgePoints(verdict, mine, inPixels(photo, hand), 224);
      const { label, score } = theirs.multiHandedness[i];
      const { handedness, handedness_confidence: confidence } = match.finding.attributes;
      verdict.same('handedness', handedness, label === 'Left' ? 'right' : 'left');
      verdict.score(confidence, score);
    });
  });
}

async function checkPose(solutions, photo, id, modelComplexity) {
  if (!have(id)) return;
  await check(`${id} as @mediapipe/pose on ${photo.name}`, async (verdict) => {
    const options = { modelComplexity, enableSegmentation: true, smoothLandmarks: false };
    const theirs = await solutions.run('pose', 'Pose', options, photo);
    const detector = ['mediapipe-pose-detector', 'blazepose_detector', 0.5];
    const mine = steps(photo, detector, [id, 'blazepose_landmarks']);
    judgePoints(verdict, mine, inPixels(photo, theirs.poseLandmarks), 256);
    const parameters = { shape: 'mask' };
    const [mask] = steps(photo, detector, [id, 'blazepose_landmarks'], { parameters });
    const values = theirs.mask.map((alpha) => alpha / 255);
    judgeMask(verdict, mask.finding, photo, values, photo.width, photo.height, identity);
  });
}

async function checkSelfie(solutions, photo, id, modelSelection) {
  if (!have(id)) return;
  await check(`${id} as @mediapipe/selfie_segmentation on ${photo.name}`, async (verdict) => {
    const theirs = await solutions.run('selfie_segmentation', 'SelfieSegmentation',
      { modelSelection }, photo);
    const [person] = analyze(id, 'selfie_segmentation', photo);
    const values = theirs.mask.map((alpha) => alpha / 255);
    judgeMask(verdict, person, photo, values, photo.width, photo.height, identity);
  });
}

async function checkShoes(solutions, photo) {
  if (!have('objectron-sneakers')) return;
  await check(`objectron-sneakers as @mediapipe/objectron on ${photo.name}`, async (verdict) => {
    const options = { modelName: 'Shoe', maxNumObjects: 1, staticImageMode: true,
      minDetectionConfidence: 0.4 };
    const theirs = await solutions.run('objectron', 'Objectron', options, photo);
    const mine = steps(photo, ['objectron-detector', 'objectron_detector', 0.4],
      ['objectron-sneakers', 'objectron'], { only: 'Footwear' });
    verdict.same('shoes', theirs.objectDetections.length, 1);
    for (const { keypoints } of theirs.objectDetections) {
      judgePoints(verdict, mine, inPixels(photo, keypoints.map(({ point2d }) => point2d)), 224);
    }
  });
}

export async function mediapipe({ body, skier, dog }) {
  if (!haveSolutions) {
    skip('MediaPipe', 'no Chromium or no packages in third_party/model_packages');
    return;
  }
  const solutions = new Solutions();
  await solutions.open();
  try {
    if (body) await checkHands(solutions, body, 'mediapipe-hand-full', 1);
    if (body) await checkPose(solutions, body, 'mediapipe-pose-full', 1);
    if (skier) await checkPose(solutions, skier, 'mediapipe-pose-lite', 0);
    if (skier) await checkSelfie(solutions, skier, 'selfie-segmentation', 0);
    if (skier) await checkSelfie(solutions, skier, 'selfie-segmentation-landscape', 1);
    if (dog) await checkShoes(solutions, dog);
  } finally {
    await solutions.close();
  }
}
