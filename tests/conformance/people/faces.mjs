// Faces: BlazeFace (arXiv:1907.05047), the mesh (arXiv:1907.06724), irises, and what is said of a
// face. Second models look at the regions of the first, each side at its own.
import { blend, gridCentres, inPhoto, pointedBoxes, uprightDegrees } from './anchors.mjs';
import { analyze, check, have, outputsOf, pointsOf, sized } from './bench.mjs';
import { judgeRegion, matchDetections, regionOf } from './detections.mjs';
import { look, toPhoto } from './frame.mjs';

const SIGNED = { scale: 1 / 127.5, offset: -1 };
const UNIT = { scale: 1 / 255, offset: 0 };
const DETECTORS = { blazeface: 256, 'blazeface-back': 256, 'blazeface-front': 128 };

async function detectFaces(id, photo, scoreMin) {
  const side = DETECTORS[id];
  const seen = look(photo, { width: side, fit: 'square', ...SIGNED });
  const outputs = await outputsOf(id, seen);
  const joined = (columns) => Float32Array.from(
    [512, 384].flatMap((rows) => [...sized(outputs, rows * columns)]));
  const centres = gridCentres([[16, 2], [8, 6]]);
  const found = blend(pointedBoxes(joined(1), joined(16), centres, 6, side, scoreMin), 0.3);
  return found.map((one) => {
    const face = inPhoto(one, seen.frame, photo);
    const degrees = uprightDegrees(face.points[0], face.points[1], 0);
    const size = 1.5 * Math.max(face.width, face.height);
    return { ...face, region: { cx: face.cx, cy: face.cy, size, degrees }, step: seen.frame[0] };
  });
}

async function meshOf(photo, region) {
  const seen = look(photo, { width: 192, outside: 'edge', ...UNIT }, region);
  const outputs = await outputsOf('face-mesh', seen);
  const numbers = sized(outputs, 1404);
  const points = Array.from({ length: 468 }, (_, i) => (
    toPhoto(seen.frame, [numbers[3 * i], numbers[3 * i + 1]])));
  return { points, score: sized(outputs, 1)[0] };
}

// The eye whose outer and inner corner these are; the left one is looked at mirrored.
function eyeRegion(points, outer, inner, mirrored) {
  const [a, b] = [points[outer], points[inner]];
  const [left, right] = mirrored ? [b, a] : [a, b];
  return { cx: (a[0] + b[0]) / 2, cy: (a[1] + b[1]) / 2, mirrored,
    size: 2.3 * Math.hypot(a[0] - b[0], a[1] - b[1]), degrees: uprightDegrees(left, right, 0) };
}

async function checkEyes(photo, region, mesh) {
  await check(`iris on ${photo.name}`, async (verdict) => {
    const [, ...eyes] = analyze('face-mesh', 'face_mesh', photo, { region, minScore: 0 });
    const theirs = [eyeRegion(mesh.points, 33, 133, false), eyeRegion(mesh.points, 263, 362, true)];
    for (const [i, eye] of theirs.entries()) {
      judgeRegion(verdict, regionOf(eyes[i]), eye, 64);
      const seen = look(photo, { width: 64, outside: 'edge', ...UNIT }, eye);
      const numbers = sized(await outputsOf('iris', seen), 228);
      const points = Array.from({ length: 76 }, (_, k) => (
        toPhoto(seen.frame, [numbers[3 * k], numbers[3 * k + 1]])));
      const parameters = { shape: 'skeleton' };
      const [ours] = analyze('iris', 'iris', photo, { region: regionOf(eyes[i]), parameters });
      verdict.points(pointsOf(ours), points, eye.size / 64);
      const [, ellipse] = analyze('iris', 'iris', photo, { region: regionOf(eyes[i]) });
      verdict.points([[ellipse.shape.cx, ellipse.shape.cy]], [points[71]], eye.size / 64);
    }
  });
}

const EMOTIONS = ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'];
const STATEMENTS = {
  faceres: [{ width: 224 }, (verdict, ours, outputs) => {
    const male = sized(outputs, 1)[0];
    const years = [...sized(outputs, 100)].map((p, year) => ({ p, year }));
    const [a, b] = years.sort((one, other) => other.p - one.p);
    const { age, gender, gender_confidence: confidence } = ours.attributes;
    verdict.atMost('years apart', Math.abs(age - (a.p * a.year + b.p * b.year) / (a.p + b.p)), 0.5);
    verdict.same('gender', gender, male > 0.5 ? 'male' : 'female');
    verdict.score(confidence, Math.max(male, 1 - male));
    verdict.cosine(ours.embedding, [...sized(outputs, 1024)]);
  }],
  emotion: [{ width: 64, grey: true, ...SIGNED }, (verdict, ours, outputs) => {
    const scores = [...sized(outputs, 7)];
    verdict.same('emotion', ours.attributes.emotion, EMOTIONS[scores.indexOf(Math.max(...scores))]);
    verdict.score(ours.score, Math.max(...scores));
  }],
  antispoof: [{ width: 128, ...UNIT }, (verdict, ours, outputs) => {
    verdict.score(ours.attributes.real, sized(outputs, 1)[0]);
  }],
  liveness: [{ width: 32, ...UNIT }, (verdict, ours, outputs) => {
    verdict.score(ours.attributes.live, sized(outputs, 2)[0]);
  }],
};

async function checkFace(photo, face) {
  const name = `${photo.name} at ${Math.round(face.region.cx)},${Math.round(face.region.cy)}`;
  const mine = face.ours;
  for (const [id, [spec, judge]] of Object.entries(STATEMENTS)) {
    if (!have(id)) continue;
    await check(`${id} on ${name}`, async (verdict) => {
      const outputs = await outputsOf(id, look(photo, spec, face.region));
      judge(verdict, analyze(id, id, photo, { region: mine })[0], outputs);
    });
  }
  if (!have('face-mesh') || !have('iris')) return;
  const mesh = await meshOf(photo, face.region);
  await check(`face-mesh on ${name}`, async (verdict) => {
    const [ours] = analyze('face-mesh', 'face_mesh', photo, { region: mine, minScore: 0 });
    verdict.points(pointsOf(ours), mesh.points, face.region.size / 192);
    verdict.score(ours.score, mesh.score);
  });
  await checkEyes(photo, mine, mesh);
}

export async function faces(photos) {
  for (const id of Object.keys(DETECTORS)) {
    if (!have(id)) continue;
    for (const photo of photos) {
      const found = [];
      await check(`${id} on ${photo.name}`, async (verdict) => {
        const theirs = await detectFaces(id, photo, 0.5);
        const ours = analyze(id, 'blazeface', photo, { minScore: 0.5 });
        for (const [mine, other] of matchDetections(verdict, ours, theirs)) {
          judgeRegion(verdict, regionOf(mine), other.region, other.region.size / other.step);
          found.push({ ...other, ours: regionOf(mine) });
        }
        const parameters = { shape: 'skeleton' };
        const skeletons = analyze(id, 'blazeface', photo, { minScore: 0.5, parameters });
        found.forEach((one, i) => verdict.points(pointsOf(skeletons[i]), one.points, one.step));
      });
      const large = found.filter(({ region }) => id === 'blazeface' && region.size > 60);
      for (const face of large.slice(0, 2)) await checkFace(photo, face);
    }
  }
}
