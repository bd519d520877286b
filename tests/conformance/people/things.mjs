// Objectron (arXiv:2012.09988): the detector of 23 kinds of things, then boxes in space of shoes,
// chairs, cups and cameras.
import { inPhoto, keepBest, sigmoid, ssdAnchors } from './anchors.mjs';
import { analyze, check, have, installed, outputsOf, pointsOf, sized } from './bench.mjs';
import { matchDetections, regionOf } from './detections.mjs';
import { look, toPhoto } from './frame.mjs';

async function detectThings(photo) {
  const seen = look(photo, { width: 300, fit: 'stretch', scale: 1 / 127.5, offset: -1 });
  const outputs = await outputsOf('objectron-detector', seen);
  const [codes, logits] = [sized(outputs, 1917 * 4), sized(outputs, 1917 * 24)];
  const all = ssdAnchors().map(([ax, ay, aw, ah], i) => {
    const [dy, dx, dh, dw] = codes.subarray(4 * i, 4 * i + 4);
    const columns = [...logits.subarray(24 * i + 1, 24 * i + 24)];
    const label = columns.indexOf(Math.max(...columns));
    const [x, y] = [ax + dx / 10 * aw, ay + dy / 10 * ah];
    const [w, h] = [aw * Math.exp(dw / 5), ah * Math.exp(dh / 5)];
    const numbers = [x - w / 2, y - h / 2, x + w / 2, y + h / 2].map((n) => n * 300);
    return { label, score: sigmoid(columns[label]), numbers };
  }).filter(({ score }) => score >= 0.4);
  const labels = [...new Set(all.map(({ label }) => label))];
  return labels.flatMap((label) => keepBest(all.filter((one) => one.label === label), 0.5))
    .map((one) => inPhoto(one, seen.frame, photo));
}

async function checkThing(id, photo, mine) {
  const place = `${Math.round(mine.cx)},${Math.round(mine.cy)}`;
  await check(`${id} on ${photo.name} at ${place}`, async (verdict) => {
    const seen = look(photo, { width: 224, outside: 'edge', scale: 1 / 255 }, mine);
    const outputs = await outputsOf(id, seen);
    const numbers = sized(outputs, 18);
    const points = Array.from({ length: 9 }, (_, i) => (
      toPhoto(seen.frame, [numbers[2 * i], numbers[2 * i + 1]])));
    const [ours] = analyze(id, 'objectron', photo, { region: mine, minScore: 0 });
    verdict.points(pointsOf(ours), points, mine.size / 224);
    verdict.score(ours.score, sized(outputs, 1)[0]);
  });
}

const SECOND = { Footwear: 'objectron-sneakers', Chair: 'objectron-chair',
  Mug: 'objectron-cup', Camera: 'objectron-camera' };

export async function things(photos) {
  if (!have('objectron-detector')) return;
  for (const photo of photos) {
    const found = analyze('objectron-detector', 'objectron_detector', photo, { minScore: 0.4 });
    await check(`objectron-detector on ${photo.name}`, async (verdict) => {
      matchDetections(verdict, found, await detectThings(photo));
    });
    for (const one of found.filter((f) => installed(SECOND[f.class] ?? '-')).slice(0, 2)) {
      await checkThing(SECOND[one.class], photo, regionOf(one));
    }
  }
}
