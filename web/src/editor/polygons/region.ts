/**
 * Areas as rings of points: what the set operations work on. They come from a library that is
 * loaded when the first one is needed.
 */
import type { Kernel } from '../../kernel/kernel';
import type { Point, PolygonShape, Shape } from '../../kernel/records';
import { outlineOf } from '../outline';
import { round64 } from '../transform';

/** Parts, each an outer ring and its holes; rings are not repeated at their end. */
export type Region = readonly (readonly (readonly Point[])[])[];

/** Smaller rings are what rounding leaves behind. Square pixels. */
const kLeastArea = 0.01;

/** Null for a shape without an area of its own. */
export function regionOf(shape: Shape, kernel: Kernel): Region | null {
  if (shape.type === 'polygon') {
    const parts = shape.parts ?? [{ points: shape.points ?? [] }];
    return parts.map((part) => [part.points, ...(part.holes ?? [])]);
  }
  if (shape.type !== 'box' && shape.type !== 'ellipse') return null;
  const outline = outlineOf(shape, kernel);
  return outline && outline.paths.map(({ points }) => [pairs(points)]);
}

function pairs(flat: Float32Array): Point[] {
  return Array.from({ length: flat.length / 2 }, (_, i): Point => [flat[2 * i]!, flat[2 * i + 1]!]);
}

export function polygonOf(region: Region): PolygonShape {
  return {
    type: 'polygon',
    parts: region.map(([points, ...holes]) => ({
      points: [...points!],
      ...(holes.length > 0 && { holes: holes.map((hole) => [...hole]) }),
    })),
  };
}

/** Signed, by the direction in which the ring runs. */
export function areaOf(ring: readonly Point[]): number {
  let sum = 0;
  ring.forEach(([x, y], i) => {
    const [px, py] = ring.at(i - 1)!;
    sum += px * y - x * py;
  });
  return sum / 2;
}

export function isInside(ring: readonly Point[], [x, y]: Point): boolean {
  let inside = false;
  ring.forEach(([ax, ay], i) => {
    const [bx, by] = ring.at(i - 1)!;
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  });
  return inside;
}

type Clip = typeof import('polyclip-ts');
type Geometry = Parameters<Clip['union']>[0];

/** @throws Error when the library could not be fetched. */
export function loadClip(): Promise<Clip> {
  return import('polyclip-ts');
}

export function unite(clip: Clip, [first, ...others]: readonly Region[]): Region {
  return first ? cleaned(clip.union(asGeometry(first), ...others.map(asGeometry))) : [];
}

export function subtract(clip: Clip, from: Region, taken: readonly Region[]): Region {
  return cleaned(clip.difference(asGeometry(from), ...taken.map(asGeometry)));
}

function asGeometry(region: Region): Geometry {
  return region.map((rings) => rings.map((ring) => ring.map(([x, y]): [number, number] => [x, y])));
}

function cleaned(parts: [number, number][][][]): Region {
  return parts
    .map((rings) => rings.map(cleanRing).filter((ring) => Math.abs(areaOf(ring)) > kLeastArea))
    .filter((rings) => rings.length > 0);
}

/** Rounded, without the repeated end and without doubles. */
export function cleanRing(ring: readonly Point[]): Point[] {
  const rounded = ring.map(([x, y]): Point => [round64(x), round64(y)]);
  return rounded.filter(([x, y], i) => {
    const [px, py] = rounded.at(i - 1)!;
    return x !== px || y !== py;
  });
}
