/**
 * The vertices of a polygon, polyline or set of points one can take hold of, and the operations
 * that edit them.
 */
import {
  polygonParts,
  type Annotation,
  type OperationDraft,
  type Point,
  type Shape,
} from '../kernel/records';
import { uuidv7 } from '../kernel/ids';
import { nearestEdge, outlineOf } from './outline';
import { round64 } from './transform';
import type { Kernel } from '../kernel/kernel';

export interface VertexRef {
  part: number;
  /** -1 is the outer ring, others index the part's holes. */
  hole: number;
  index: number;
}

export interface Ring {
  part: number;
  hole: number;
  points: readonly Point[];
  keys: readonly string[] | null;
  closed: boolean;
}

/** In the order in which `outlineOf` lists its paths. */
export function ringsOf(shape: Shape): Ring[] {
  if (shape.type === 'polyline' || shape.type === 'points') {
    const keys = shape.keys ?? null;
    return [{ part: 0, hole: -1, points: shape.points, keys, closed: false }];
  }
  if (shape.type !== 'polygon') return [];
  return polygonParts(shape).flatMap((part, index) => [
    { part: index, hole: -1, points: part.points, keys: part.keys ?? null, closed: true },
    ...(part.holes ?? []).map((points, hole) => ({
      part: index,
      hole,
      points,
      keys: part.hole_keys?.[hole] ?? null,
      closed: true,
    })),
  ]);
}

export function hasVertices(shape: Shape): boolean {
  return shape.type === 'polygon' || shape.type === 'polyline' || shape.type === 'points';
}

export function findVertex(shape: Shape, x: number, y: number, reach: number): VertexRef | null {
  let best: VertexRef | null = null;
  let bestDistance = reach;
  for (const ring of ringsOf(shape)) {
    ring.points.forEach(([px, py], index) => {
      const distance = Math.hypot(px - x, py - y);
      if (distance > bestDistance) return;
      bestDistance = distance;
      best = { part: ring.part, hole: ring.hole, index };
    });
  }
  return best;
}

export interface EdgeRef extends VertexRef {
  x: number;
  y: number;
}

/** The place on an edge nearest to the pointer; `index` is the vertex before it. */
export function findEdge(
  shape: Shape,
  kernel: Kernel,
  x: number,
  y: number,
  reach: number,
): EdgeRef | null {
  if (!hasVertices(shape)) return null;
  const outline = outlineOf(shape, kernel);
  const edge = outline && nearestEdge(outline, x, y);
  if (!edge || edge.distance > reach) return null;
  const ring = ringsOf(shape)[edge.path];
  return ring
    ? { part: ring.part, hole: ring.hole, index: edge.index, x: edge.x, y: edge.y }
    : null;
}

function editRing(
  shape: Shape,
  at: VertexRef,
  edit: (points: Point[], keys: string[] | null) => void,
): Shape {
  const copy = structuredClone(shape) as Shape;
  if (copy.type === 'polyline' || copy.type === 'points') edit(copy.points, copy.keys ?? null);
  if (copy.type !== 'polygon') return copy;
  const part = copy.parts?.[at.part];
  if (!part) edit(copy.points ?? [], copy.keys ?? null);
  else if (at.hole >= 0) edit(part.holes?.[at.hole] ?? [], part.hole_keys?.[at.hole] ?? null);
  else edit(part.points, part.keys ?? null);
  return copy;
}

/** Stands for the key of a vertex that is only shown so far. */
const kNewKey = 'new';

export function withVertexAt(shape: Shape, at: VertexRef, x: number, y: number): Shape {
  return editRing(shape, at, (points) => {
    points[at.index] = [round64(x), round64(y)];
  });
}

export function withVertexAfter(shape: Shape, at: VertexRef, x: number, y: number): Shape {
  return editRing(shape, at, (points, keys) => {
    points.splice(at.index + 1, 0, [round64(x), round64(y)]);
    keys?.splice(at.index + 1, 0, kNewKey);
  });
}

/** Null when the ring would be left without an area (or a line without a length). */
export function withoutVertex(shape: Shape, at: VertexRef): Shape | null {
  const ring = ringAt(shape, at);
  if (!ring || ring.points.length <= fewestOf(shape)) return null;
  return editRing(shape, at, (points, keys) => {
    points.splice(at.index, 1);
    keys?.splice(at.index, 1);
  });
}

/** Of a ring, a line, a set of points. */
function fewestOf(shape: Shape): number {
  if (shape.type === 'points') return 1;
  return shape.type === 'polyline' ? 2 : 3;
}

/** @throws RangeError for a vertex the shape does not have. */
export function vertexAt(shape: Shape, at: VertexRef): Point {
  const point = ringAt(shape, at)?.points[at.index];
  if (!point) throw new RangeError(`no vertex ${at.index} in part ${at.part}`);
  return point;
}

export function ringAt(shape: Shape, at: VertexRef): Ring | undefined {
  return ringsOf(shape).find((ring) => ring.part === at.part && ring.hole === at.hole);
}

/**
 * Right after its neighbour in the order of all keys of the shape, since keys are unique across its
 * rings. In a ring of foreign, unordered keys the place comes from `after` alone and any new name
 * will do.
 */
function newKey(kernel: Kernel, shape: Shape, ring: readonly string[], index: number): string {
  const before = ring[index] ?? null;
  const next = ring[index + 1] ?? null;
  const all = ringsOf(shape).flatMap((one) => one.keys ?? []);
  const ordered = before !== null && (next === null || before < next);
  if (ordered && all.every(isFractional)) {
    const above = all.filter((key) => key > before).sort();
    return kernel.keyBetween(before, above[0] ?? null);
  }
  return uuidv7().replaceAll('-', '');
}

function isFractional(key: string): boolean {
  return /^[0-9A-Za-z]*[1-9A-Za-z]$/.test(key);
}

function replaceShape(annotation: Annotation, shape: Shape): OperationDraft {
  const prev = annotation.shape;
  return { op: 'set', target: annotation.id, field: 'shape', value: shape, prev };
}

/** A ring without keys (not yet stored) is replaced whole. */
export function moveVertex(annotation: Annotation, at: VertexRef, x: number, y: number) {
  const key = ringAt(annotation.shape, at)?.keys?.[at.index];
  if (key === undefined) return replaceShape(annotation, withVertexAt(annotation.shape, at, x, y));
  const place = { x: round64(x), y: round64(y) };
  return { op: 'vertex_set', target: annotation.id, key, ...place } satisfies OperationDraft;
}

export function insertVertex(
  kernel: Kernel,
  annotation: Annotation,
  at: VertexRef,
  x: number,
  y: number,
): OperationDraft {
  const keys = ringAt(annotation.shape, at)?.keys;
  const after = keys?.[at.index];
  if (!keys || after === undefined) {
    return replaceShape(annotation, withVertexAfter(annotation.shape, at, x, y));
  }
  return {
    op: 'vertex_insert',
    target: annotation.id,
    part: at.part,
    ...(at.hole >= 0 && { ring: at.hole + 1 }),
    after,
    key: newKey(kernel, annotation.shape, keys, at.index),
    x: round64(x),
    y: round64(y),
  };
}

export function deleteVertex(annotation: Annotation, at: VertexRef): OperationDraft | null {
  const shape = withoutVertex(annotation.shape, at);
  if (!shape) return null;
  const key = ringAt(annotation.shape, at)?.keys?.[at.index];
  if (key === undefined) return replaceShape(annotation, shape);
  return { op: 'vertex_del', target: annotation.id, key };
}
