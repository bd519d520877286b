// Detections of both sides, paired, and the regions that they give to the next model.
import { analyze, boxOf, check } from './bench.mjs';
import { regionFrame, toPhoto } from './frame.mjs';

// Every detection well above the threshold has its like on the other side.
export function matchDetections(verdict, ours, theirs, bboxOf = (one) => one.bbox) {
  const nearest = (bbox, list, get) => list.map((one) => [get(one), one])
    .sort(([a], [b]) => distance(a, bbox) - distance(b, bbox))[0]?.[1];
  const sure = theirs.filter(({ score }) => score >= 0.55);
  for (const one of sure) {
    const match = nearest(bboxOf(one), ours, boxOf);
    if (!match) { verdict.same('found', 'none', 'one'); continue; }
    verdict.box(boxOf(match), bboxOf(one));
    verdict.score(match.score, one.score);
  }
  const extra = ours.filter(({ score }) => score >= 0.55).length;
  verdict.same('number found', extra, sure.length);
  return sure.map((one) => [nearest(bboxOf(one), ours, boxOf), one]).filter(([match]) => match);
}
const distance = (a, b) => Math.hypot(...a.map((v, i) => v - b[i]));

export const regionOf = ({ region: { cx, cy, width, rotation, mirrored } }) => (
  { cx, cy, size: width, degrees: rotation, mirrored });
export function judgeRegion(verdict, ours, theirs, side) {
  const corners = (region) => [[0, 0], [side, 0], [0, side]].map((corner) => (
    toPhoto(regionFrame(region, side), corner)));
  verdict.points(corners(ours), corners(theirs), theirs.size / side);
}

// Checks a detector, then `judge` on the first regions that it found: ours, then theirs.
export async function detected(id, family, photo, theirs, side, judge) {
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
