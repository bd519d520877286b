/** The lines of shapes as something to hold on to: what is near a point, and the way along them. */
import Flatbush from 'flatbush';
import type { Point } from '../../kernel/records';
import type { Outline, OutlinePath } from '../outline';

/** A place on a path: `along` counts edges, so whole numbers are vertices. */
export interface ContourPlace {
  path: number;
  along: number;
  point: Point;
  distance: number;
  kind: 'vertex' | 'edge';
}

/** Shapes with fewer edges are looked through one by one. */
const kIndexedFrom = 48;

interface EdgeIndex {
  tree: Flatbush;
  edges: readonly (readonly [path: number, index: number])[];
}

/** Outlines never change, so an index lives as long as its outline. */
const indices = new WeakMap<Outline, EdgeIndex>();

function edgeCount({ points, closed }: OutlinePath): number {
  const count = points.length / 2;
  return closed ? count : count - 1;
}

function allEdges(outline: Outline): [number, number][] {
  return outline.paths.flatMap((path, number) =>
    Array.from({ length: Math.max(0, edgeCount(path)) }, (_, i): [number, number] => [number, i]),
  );
}

function edgeEnds({ points }: OutlinePath, index: number): [number, number, number, number] {
  const next = (index + 1) % (points.length / 2);
  return [points[2 * index]!, points[2 * index + 1]!, points[2 * next]!, points[2 * next + 1]!];
}

function indexOf(outline: Outline, edges: [number, number][]): EdgeIndex {
  const known = indices.get(outline);
  if (known) return known;
  const tree = new Flatbush(edges.length);
  for (const [path, index] of edges) {
    const [ax, ay, bx, by] = edgeEnds(outline.paths[path]!, index);
    tree.add(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by));
  }
  tree.finish();
  const made = { tree, edges };
  indices.set(outline, made);
  return made;
}

function edgesNear(outline: Outline, x: number, y: number, reach: number) {
  const known = indices.get(outline);
  const edges = known ? null : allEdges(outline);
  if (edges && edges.length < kIndexedFrom) return edges;
  const index = known ?? indexOf(outline, edges!);
  const found = index.tree.search(x - reach, y - reach, x + reach, y + reach);
  return found.map((place) => index.edges[place]!);
}

/** The nearest vertex within `reach`, else the nearest place on an edge. */
export function nearestPlace(outline: Outline, [x, y]: Point, reach: number): ContourPlace | null {
  let vertex: ContourPlace | null = nearestMark(outline, x, y, reach);
  let edge: ContourPlace | null = null;
  for (const [path, index] of edgesNear(outline, x, y, reach)) {
    const ends = edgeEnds(outline.paths[path]!, index);
    const count = outline.paths[path]!.points.length / 2;
    for (const end of [0, 1] as const) {
      const point: Point = [ends[2 * end]!, ends[2 * end + 1]!];
      const distance = Math.hypot(point[0] - x, point[1] - y);
      if (distance > (vertex?.distance ?? reach)) continue;
      vertex = { path, along: (index + end) % count, point, distance, kind: 'vertex' };
    }
    const on = placeOnEdge(ends, x, y);
    if (on.distance > (edge?.distance ?? reach)) continue;
    edge = { path, along: index + on.t, point: on.point, distance: on.distance, kind: 'edge' };
  }
  return vertex ?? edge;
}

function nearestMark({ marks }: Outline, x: number, y: number, reach: number) {
  let best: ContourPlace | null = null;
  for (let i = 0; i + 1 < marks.length; i += 2) {
    const point: Point = [marks[i]!, marks[i + 1]!];
    const distance = Math.hypot(point[0] - x, point[1] - y);
    if (distance > (best?.distance ?? reach)) continue;
    best = { path: -1, along: i / 2, point, distance, kind: 'vertex' };
  }
  return best;
}

function placeOnEdge([ax, ay, bx, by]: [number, number, number, number], x: number, y: number) {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  const point: Point = [ax + t * dx, ay + t * dy];
  return { t, point, distance: Math.hypot(point[0] - x, point[1] - y) };
}

/** The vertices strictly between two places, in the order of the way. Null: there is no way. */
export function wayAlong(
  { points, closed }: OutlinePath,
  from: number,
  to: number,
  direction: 1 | -1,
): Point[] | null {
  const count = points.length / 2;
  if (!closed && Math.sign(to - from) === -direction) return null;
  const ahead = direction > 0 ? to - from : from - to;
  const length = closed ? ((ahead % count) + count) % count : ahead;
  const way: Point[] = [];
  const first = direction > 0 ? Math.floor(from) + 1 : Math.ceil(from) - 1;
  for (let at = first; Math.abs(at - from) < length; at += direction) {
    const index = ((at % count) + count) % count;
    way.push([points[2 * index]!, points[2 * index + 1]!]);
  }
  return way;
}

export function wayLength(way: readonly Point[]): number {
  let sum = 0;
  for (let i = 1; i < way.length; i++) {
    sum += Math.hypot(way[i]![0] - way[i - 1]![0], way[i]![1] - way[i - 1]![1]);
  }
  return sum;
}
