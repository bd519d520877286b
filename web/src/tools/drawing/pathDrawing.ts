import { screenDistance, type PointerInput } from '../../editor/input';
import { heldAngle } from '../../editor/orientedBox';
import { patchOverlay } from '../../editor/overlay';
import { snapPoint } from '../../editor/snapping/snapping';
import { showSnap } from '../../editor/snapping/snapPainter';
import { Tracer } from '../../editor/snapping/tracer';
import { round64 } from '../../editor/transform';
import type { Point } from '../../kernel/records';
import { DrawingPhase } from './drawingPhase';

const kClosePx = 10;
/** A second click this near to the last vertex is the same vertex (the end of a double click). */
const kSamePx = 3;
/** Dragging with the button down drops a vertex every so many screen pixels. */
const kFreehandPx = 14;

/**
 * Vertices by clicks or freehand; new ones snap to neighbours and to the border of the image, and
 * follow a neighbour's contour while it is traced.
 */
export abstract class PathDrawing extends DrawingPhase {
  protected points: Point[] = [];
  private cursor: Point | null = null;
  private pressed = false;
  private ahead: readonly Point[] = [];
  private readonly tracer = new Tracer(this.editor);
  /** A ring closes on its first vertex; a line stays open. */
  protected abstract readonly closed: boolean;

  override enter(info: unknown): void {
    this.points = [];
    this.cursor = null;
    this.ahead = [];
    this.tracer.stop();
    this.down(info as PointerInput);
  }

  override exit(): void {
    this.pressed = false;
    this.tracer.stop();
    showSnap(this.editor, null);
    super.exit();
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return this.back();
    this.pressed = true;
    if (this.nearFirst(input)) return this.complete();
    this.add(input);
    return true;
  }

  override move(input: PointerInput): boolean {
    this.cursor = this.place(input);
    const last = this.points.at(-1);
    const far = last && screenDistance(this.editor.view.toScreen(last), input.screen) > kFreehandPx;
    if (this.pressed && far && !this.tracer.active && this.freehand()) this.add(input);
    this.ahead = this.tracer.ahead(this.cursor);
    this.draw(this.nearFirst(input));
    return true;
  }

  override up(_input: PointerInput): boolean {
    this.pressed = false;
    return true;
  }

  override double(): boolean {
    return this.complete();
  }

  override back(): boolean {
    this.tracer.stop();
    this.ahead = [];
    this.points.pop();
    if (this.points.length === 0) this.tool.go('idle');
    else this.draw(false);
    return true;
  }

  override complete(): boolean {
    if (this.points.length >= (this.closed ? 3 : 2)) this.finish(this.points);
    return true;
  }

  /** Starts or ends the tracing of the contour on which the last vertex lies. */
  override trace(): boolean {
    const last = this.points.at(-1);
    if (this.tracer.active) this.tracer.stop();
    else if (!last || !this.tracer.start(last)) {
      this.editor.notices.emit({ tone: 'info', code: 'no_contour' });
    }
    this.ahead = this.cursor ? this.tracer.ahead(this.cursor) : [];
    this.draw(false);
    return true;
  }

  protected abstract finish(points: Point[]): void;

  /** Whether dragging drops vertices on the way. */
  protected freehand(): boolean {
    return true;
  }

  private add(input: PointerInput): void {
    const last = this.points.at(-1);
    if (last && screenDistance(this.editor.view.toScreen(last), input.screen) < kSamePx) return;
    const next = this.place(input);
    this.points.push(...this.tracer.take(next), next);
    this.ahead = [];
    this.draw(false);
  }

  /** On a neighbour or the border; else Shift holds the new edge to multiples of 15 degrees. */
  private place(input: PointerInput): Point {
    const { view } = this.editor;
    const snap = input.shift ? null : snapPoint(this.editor, input);
    showSnap(this.editor, snap);
    if (snap) return snap.point;
    const last = this.points.at(-1);
    const wanted = input.shift && last ? heldAngle(last, input.point) : input.point;
    const [x, y] = view.clampToImage(wanted);
    return [round64(x), round64(y)];
  }

  private nearFirst(input: PointerInput): boolean {
    const first = this.points[0];
    if (!this.closed || !first || this.points.length < 3) return false;
    return screenDistance(this.editor.view.toScreen(first), input.screen) <= kClosePx;
  }

  private draw(closing: boolean): void {
    const points = [...this.points, ...this.ahead];
    const { cursor, closed } = this;
    const drawing = { kind: 'path', points, cursor, closing, open: !closed } as const;
    patchOverlay(this.editor.overlay, { drawing });
  }
}
