/**
 * Where a vertex wants to lie: on a vertex of a neighbour, else on its edge, else on a guide or the
 * border of the image, within eight screen pixels. Ctrl suspends it.
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
  return snapToNeighbour(editor, input.point, reach, options) ?? snapToLines(editor, input.point);
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

/** A corner of what is drawn upright: onto guides and the border, on each axis by itself. */
export function snapToGuides(
  editor: Editor,
  { point, ctrl }: Pick<PointerInput, 'point' | 'ctrl'>,
) {
  if (ctrl || !editor.snapping.get()) return point;
  return snapToLines(editor, point)?.point ?? point;
}

/** Inside as well as outside: the border itself is where objects are cut off. */
function snapToLines(editor: Editor, [x, y]: Point): Snap | null {
  const { width, height } = editor.view.image.get();
  const sx = nearestLine(editor, 'x', x);
  const sy = nearestLine(editor, 'y', y);
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

function nearestLine(editor: Editor, axis: 'x' | 'y', value: number): number | undefined {
  const { width, height } = editor.view.image.get();
  const guides = editor.view.guides.get().filter((guide) => guide.axis === axis);
  const lines = [...guides.map(({ at }) => at), 0, axis === 'x' ? width : height];
  const away = (at: number) => Math.abs(at - value);
  const near = lines.filter((at) => away(at) <= editor.view.reach(kSnapPx));
  return near.sort((a, b) => away(a) - away(b))[0];
}

function rounded([x, y]: Point): Point {
  return [round64(x), round64(y)];
}
