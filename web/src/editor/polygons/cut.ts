/** Divides a ring along a line; every piece keeps the vertices it had. */
import type { Point } from '../../kernel/records';
import { crossings } from './crossings';
import { cleanRing, isInside } from './region';

type Ring = readonly Point[];

/** Null when the line does not divide it. */
export function cutRing(ring: Ring, line: readonly Point[]): Point[][] | null {
  let pieces: Point[][] = [[...ring]];
  for (const chord of chordsInside(ring, line)) {
    pieces = pieces.flatMap((piece) => split(piece, chord) ?? [piece]);
  }
  return pieces.length > 1 ? pieces.map(cleanRing).filter((piece) => piece.length >= 3) : null;
}

/** The stretches of the line within the ring, from border to border. */
function chordsInside(ring: Ring, line: readonly Point[]): Point[][] {
  const met = crossings(ring, line);
  return met.flatMap((from, i) => {
    const to = met[i + 1];
    if (!to) return [];
    const between = line.filter((_, k) => k > from.along + 1e-7 && k < to.along - 1e-7);
    const chord = [from.point, ...between, to.point];
    return isInside(ring, middleOf(chord)) ? [chord] : [];
  });
}

function middleOf(chord: readonly Point[]): Point {
  const i = Math.floor((chord.length - 1) / 2);
  const [a, b] = [chord[i]!, chord[i + 1]!];
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

function split(piece: Ring, chord: readonly Point[]): [Point[], Point[]] | null {
  const from = placeOn(piece, chord[0]!);
  const to = placeOn(piece, chord.at(-1)!);
  if (from === null || to === null || from === to) return null;
  if (!isInside(piece, middleOf(chord))) return null;
  return [
    [...between(piece, from, to), ...chord.toReversed()],
    [...between(piece, to, from), ...chord],
  ];
}

const kOnRing = 1e-6;

/** Edge and the way along it, or null when the point is not on the ring. */
function placeOn(ring: Ring, [x, y]: Point): number | null {
  for (let i = 0; i < ring.length; i++) {
    const [ax, ay] = ring[i]!;
    const [bx, by] = ring[(i + 1) % ring.length]!;
    const length = Math.hypot(bx - ax, by - ay);
    if (length === 0) continue;
    const t = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / (length * length);
    const off = Math.abs((x - ax) * (by - ay) - (y - ay) * (bx - ax)) / length;
    if (off <= kOnRing && t >= -kOnRing && t <= 1 + kOnRing) {
      return (i + Math.min(1, Math.max(0, t))) % ring.length;
    }
  }
  return null;
}

/** The vertices strictly between two places, forwards. */
function between(ring: Ring, from: number, to: number): Point[] {
  const count = ring.length;
  const length = (to - from + count) % count;
  const way: Point[] = [];
  for (let at = Math.floor(from) + 1; at - from < length - 1e-9; at++) way.push(ring[at % count]!);
  return way;
}
