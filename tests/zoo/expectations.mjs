// What every model must find, in which photo, in pixels; places were read off the photos by eye.
import {
  alike, all, attribute, cloud, doubtful, lines, mask, object, skeleton, tag, texts, things,
} from './findings.mjs';

const ROOM = 'coco_000000000139.jpg';
const BEAR = 'coco_000000000285.jpg';
const SIGN = 'coco_000000000724.jpg';
const SKIER = 'coco_000000000785.jpg';
const RUNNERS = 'coco_000000000872.jpg';
const TENNIS = 'coco_000000000885.jpg';
const CHILDREN = 'coco_000000001000.jpg';

const on = (photo, expect, more = {}) => ({ of: { photo, ...more }, expect });

const bear = object('bear', [5, 70, 586, 640], 0.7);
const sign = object('stop sign', [121, 71, 255, 225], 0.8);
const truck = object('truck', [85, 280, 1712, 852], 0.8);

// Edges that anybody would draw: the television's top and the wall cupboard's.
const roomEdges = [[[8, 167], [153, 175]], [[10, 43], [171, 73]]];
const someEdges = lines(15, roomEdges, 12);

const nsfw = on(BEAR, tag('Neutral', 0.9));

const standOut = on(BEAR, mask({
  inside: [[250, 300], [130, 130], [420, 150], [300, 600]], outside: [[20, 100], [550, 50]],
  share: [0.55, 0.85] }));

// The boy in red, from his brows to his chin.
const boyFace = [459, 232, 499, 277];
const faceCrop = [448, 218, 512, 286];
const twoBoys = [420, 180, 640, 400];

const manFace = [290, 98, 340, 154];

// The hand on the hip of the boy at the right, lying: it is read as the palm detector turns it.
const boysHand = { wrist: [595, 364], index_finger_tip: [557, 354], middle_finger_tip: [554, 361],
  pinky_tip: [564, 372] };
const hand = (id) => ({
  of: { photo: CHILDREN, steps: [{ model: 'mediapipe-palm-detector', min_score: 0.5 },
    { model: id, of: 0, use: 'add' }] },
  expect: skeleton(21, boysHand, 8) });

// A vase of glass on the sideboard.
const vase = [163, 234, 188, 268];
const vaseCrop = [150, 220, 200, 280];

const skierPoints = {
  nose: [370, 81], left_wrist: [442, 167], right_wrist: [298, 183], left_hip: [438, 212],
  right_knee: [367, 275], left_ankle: [468, 362], right_ankle: [398, 348],
};
// The small model does not see that the left hand holds the pole far from the body.
const skierOtherPoints = Object.fromEntries(
  Object.entries(skierPoints).filter(([name]) => name !== 'left_wrist'));
const skierCrop = [270, 30, 660, 420];
const pose = (id, points = skierPoints) => ({
  of: { photo: SKIER, steps: [{ model: 'mediapipe-pose-detector' },
    { model: id, of: 0, use: 'shape' }] },
  expect: skeleton(33, points, 20) });
const person = on(SKIER, mask({ inside: [[400, 150], [375, 90], [430, 270]],
  outside: [[100, 200], [560, 200], [300, 30]], share: [0.05, 0.4] }));

export const expectations = {
  'yolox-nano': on(SIGN, sign),
  yolov5s: on(SIGN, sign),
  centernet: on(BEAR, bear),
  'coco-ssd': on('truck.jpg', truck),

  'ppocr-det': on(TENNIS, all(object('text', [77, 62, 452, 120], 0.6),
    object('text', [441, 214, 518, 241], 0.6))),
  'ppocr-cls': on(SIGN, attribute('orientation', (v) => v === 180, '180'), {
    box: [125, 115, 255, 188] }),
  'ppocr-rec': on(TENNIS, texts('POLO'), { box: [440, 212, 523, 242] }),
  'read-text': { of: [{ photo: TENNIS }, { photo: SIGN }],
    expect: (words, turned) => `${texts('J.P.Morgan', 'POLO')(words)} ${texts('STOP')(turned)}` },

  'mlsd-tiny-320': on(ROOM, someEdges, { minScore: 0.2 }),
  'mlsd-large-320': on(ROOM, someEdges, { minScore: 0.2 }),
  'mlsd-tiny-512': on(ROOM, someEdges, { minScore: 0.2 }),
  'mlsd-large-512': on(ROOM, someEdges, { minScore: 0.2 }),

  'isnet-small': standOut,
  'isnet-medium': standOut,

  'nsfw-mobilenet-v2': nsfw,
  'nsfw-mobilenet-v2-mid': nsfw,
  'nsfw-inception-v3': nsfw,
  'mobilenet-features': {
    of: [{ photo: BEAR }, { photo: BEAR, box: [20, 40, 580, 630] }, { photo: 'truck.jpg' }],
    expect: alike(1280) },

  // Faces, hands and bodies. Models that look at one face or hand are given the part of the photo
  // around it, as a pipeline does.
  blazeface: on(CHILDREN, things([boyFace])),
  'blazeface-back': on(CHILDREN, things([boyFace])),
  'blazeface-front': on(CHILDREN, things([boyFace]), { box: twoBoys }),
  'face-mesh': on(CHILDREN, cloud(468, boyFace), { box: faceCrop }),
  iris: on(CHILDREN, things([[466, 243, 474, 249]], 0.4), { box: [459, 236, 480, 257] }),
  irises: on(CHILDREN, all(things([[466, 243, 474, 249], [484, 246, 493, 252]], 0.3),
    object('eye', [466, 243, 474, 249], 0.3))),
  faceres: on(CHILDREN, all(attribute('age', (v) => v > 12 && v < 30, 'that of a young man'),
    attribute('gender', (v) => v === 'male', 'male')), { box: manFace }),
  emotion: on(CHILDREN, attribute('emotion', (v) => ['neutral', 'sad'].includes(v), 'calm'), {
    box: faceCrop }),
  antispoof: on(CHILDREN, attribute('real', (v) => v > 0.5, 'likely'), {
    box: [454, 224, 505, 280] }),
  liveness: on(CHILDREN, attribute('live', (v) => v > 0.5, 'likely'), { box: faceCrop }),
  handtrack: on(RUNNERS, object('fist', [370, 156, 436, 214], 0.5)),
  'hand-landmark-lite': hand('hand-landmark-lite'),
  'mediapipe-hand-lite': hand('mediapipe-hand-lite'),
  'mediapipe-hand-full': hand('mediapipe-hand-full'),
  'mediapipe-palm-detector': on('dog.jpg', things([[630, 96, 692, 170]], 0.2), {
    box: [560, 40, 760, 240] }),
  'movenet-lightning': on(SKIER, skeleton(17, skierPoints, 25), { box: skierCrop }),
  'mediapipe-pose-detector': on(SKIER, object('person', [280, 42, 600, 400], 0.6)),
  'mediapipe-pose-lite': pose('mediapipe-pose-lite', skierOtherPoints),
  'mediapipe-pose-full': pose('mediapipe-pose-full'),
  'mediapipe-pose-heavy': pose('mediapipe-pose-heavy'),
  'selfie-segmentation': person,
  'selfie-segmentation-landscape': person,
  faces: on(CHILDREN, all(things([boyFace]),
    attribute('gender', (v) => v === 'male', 'male anywhere'))),
  'face-landmarks': on(CHILDREN, cloud(468, boyFace)),
  'hand-poses': on(CHILDREN, skeleton(21, boysHand, 8)),
  'body-landmarks': on(SKIER, skeleton(33, skierPoints, 20)),
  'people-poses': on(SKIER, skeleton(17, skierPoints, 25)),

  'objectron-detector': on('dog.jpg', object('Dog', [0, 222, 426, 534], 0.4), { minScore: 0.2 }),
  'objectron-cup': on(ROOM, cloud(9, vase, 0.5), { box: vaseCrop }),
  'objectron-chair': on(ROOM, cloud(9, [294, 218, 350, 310], 0.4), { box: [262, 204, 382, 324] }),
  'objectron-sneakers': on(CHILDREN, cloud(9, [338, 437, 392, 470], 0.3), {
    box: [325, 413, 405, 479] }),
  // No photo here shows a camera: it lays its box around the vase and says that it is none.
  'objectron-camera': on(ROOM, all(cloud(9, vase, 0.4), doubtful(0.2)), {
    box: vaseCrop, minScore: 0 }),
  'objects-in-space': on(SKIER, cloud(9, [352, 330, 430, 372], 0.35)),
  'objects-features': on('truck.jpg', truck),
  'outlined-objects': on('truck.jpg', truck),

  mobilesam: { of: { photo: 'dog.jpg', points: [{ x: 390, y: 300, label: 1 }] },
    expect: ({ masks }) => {
      const [{ area, score }] = masks;
      if (Math.abs(area - 76_178) > 1_500) throw new Error(`${area} pixels, not 76,178`);
      return `the dog, ${area} pixels, score ${score.toFixed(3)}`;
    } },
};
