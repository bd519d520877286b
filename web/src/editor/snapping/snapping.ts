/**
 * Where a vertex wants to lie: on a vertex of a neighbour, else on its edge, else on the border of
 * the image, within eight screen pixels. Ctrl suspends it.
 */
import type { Editor } from '../editor';
import { aroundPoint } from '../hitTest';
import type { PointerInput } from '../input';
import { round64 } from '../transform';
import type { Point } from '../../kernel/records';
import { nearestPlace, type ContourPlace } from './contours';

const kSnapPx = 8;

export interface Snap {
  point: Point;
  kind: 'vertex' | 'edge' | 'border';
  /** The neighbour, and the place on it. */
  on: { id: string; place: ContourPlace } | null;
  /** A line to show: the edge or border that holds the point. */
  line: readonly [Point, Point] | null;
}

export interface SnapOptions {
  /** The object whose own vertex is moved. */
  except?: string;
}

export function snapPoint(
  editor: Editor,
  input: Pick<PointerInput, 'point' | 'ctrl'>,
  options: SnapOptions = {},
): Snap | null {
  if (input.ctrl || !editor.snapping.get()) return null;
  const reach = editor.view.reach(kSnapPx);
  return snapToNeighbour(editor, input.point, reach, options) ?? snapToBorder(editor, input.point);
}

function snapToNeighbour(editor: Editor, point: Point, reach: number, { except }: SnapOptions) {
  let best: Snap | null = null;
  let bestDistance = Infinity;
  for (const entry of editor.store.within(aroundPoint(...point, reach))) {
    const { id } = entry.annotation;
    if (id === except || !editor.isVisible(entry)) continue;
    const place = nearestPlace(entry.outline, point, reach);
    if (!place) continue;
    // A vertex counts before any edge.
    const distance = place.distance + (place.kind === 'edge' ? reach : 0);
    if (distance >= bestDistance) continue;
    bestDistance = distance;
    const path = entry.outline.paths[place.path];
    const line = place.kind === 'edge' && path ? edgeAt(path.points, place.along) : null;
    best = { point: rounded(place.point), kind: place.kind, on: { id, place }, line };
  }
  return best;
}

function edgeAt(points: Float32Array, along: number): [Point, Point] {
  const count = points.length / 2;
  const index = Math.floor(along) % count;
  const next = (index + 1) % count;
  return [
    [points[2 * index]!, points[2 * index + 1]!],
    [points[2 * next]!, points[2 * next + 1]!],
  ];
}

/** Inside as well as outside: the border itself is where objects are cut off. */
function snapToBorder(editor: Editor, [x, y]: Point): Snap | null {
  const { width, height } = editor.view.image.get();
  const reach = editor.view.reach(kSnapPx);
  const sx = [0, width].find((at) => Math.abs(at - x) <= reach);
  const sy = [0, height].find((at) => Math.abs(at - y) <= reach);
  if (sx === undefined && sy === undefined) return null;
  const [cx, cy] = editor.view.clampToImage([x, y]);
  const point = rounded([sx ?? cx, sy ?? cy]);
  const line: [Point, Point] =
    sx === undefined
      ? [
          [0, point[1]],
          [width, point[1]],
        ]
      : [
          [point[0], 0],
          [point[0], height],
        ];
  return { point, kind: 'border', on: null, line };
}

function rounded([x, y]: Point): Point {
  return [round64(x), round64(y)];
}
