/**
 * Follows a neighbour's contour: from the vertex where it starts, the first point chooses the
 * direction (the shorter way), every later one goes on in that direction.
 */
import type { Point } from '../../kernel/records';
import type { Editor } from '../editor';
import { aroundPoint } from '../hitTest';
import { nearestPlace, wayAlong, wayLength } from './contours';
import type { Outline } from '../outline';

/** Points that were snapped are stored in 64ths of a pixel. */
const kOnContour = 1 / 32;

interface Trace {
  /** The traced contour alone. */
  contour: Outline;
  along: number;
  point: Point;
  direction: 1 | -1 | null;
}

interface Way {
  points: Point[];
  along: number;
  direction: 1 | -1;
}

export class Tracer {
  private trace: Trace | null = null;

  constructor(private readonly editor: Editor) {}

  get active(): boolean {
    return this.trace !== null;
  }

  stop(): void {
    this.trace = null;
  }

  /** False when no contour goes through `from`. */
  start(from: Point): boolean {
    for (const entry of this.editor.store.within(aroundPoint(...from, kOnContour))) {
      if (!this.editor.isVisible(entry)) continue;
      const place = nearestPlace(entry.outline, from, kOnContour);
      if (!place || place.path < 0) continue;
      const paths = [entry.outline.paths[place.path]!];
      const contour = { ...entry.outline, paths, marks: new Float32Array(0) };
      this.trace = { contour, along: place.along, point: from, direction: null };
      return true;
    }
    return false;
  }

  /** The vertices that a click at `to` would add before it. */
  ahead(to: Point): Point[] {
    return this.wayTo(to)?.points ?? [];
  }

  /** Adds them: tracing goes on from `to`, or ends where `to` is not on the contour. */
  take(to: Point): Point[] {
    const way = this.wayTo(to);
    if (!way || !this.trace) {
      this.stop();
      return [];
    }
    this.trace = { ...this.trace, along: way.along, point: to, direction: way.direction };
    return way.points;
  }

  private wayTo(to: Point): Way | null {
    if (!this.trace) return null;
    const { contour, along, direction, point } = this.trace;
    const place = nearestPlace(contour, to, kOnContour);
    if (!place) return null;
    const ways = ([1, -1] as const)
      .filter((way) => direction === null || way === direction)
      .flatMap((way): Way[] => {
        const points = wayAlong(contour.paths[0]!, along, place.along, way);
        return points ? [{ points, along: place.along, direction: way }] : [];
      });
    const length = (way: Way) => wayLength([point, ...way.points, to]);
    return ways.sort((a, b) => length(a) - length(b))[0] ?? null;
  }
}
