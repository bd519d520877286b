import type { Point } from '../../kernel/records';
import { screenDistance, type PointerInput } from '../../editor/input';
import { patchOverlay } from '../../editor/overlay';
import { round64 } from '../../editor/transform';
import { ToolPhase } from '../toolNode';

const kClosePx = 10;
/** A second click this near to the last vertex is the same vertex (the end of a double click). */
const kSamePx = 3;
/** Dragging with the button down drops a vertex every so many screen pixels. */
const kFreehandPx = 14;

export class PolygonDrawing extends ToolPhase {
  readonly id: string = 'drawing';
  private points: Point[] = [];
  private cursor: Point | null = null;
  private pressed = false;

  override enter(info: unknown): void {
    this.points = [];
    this.cursor = null;
    this.down(info as PointerInput);
  }

  override exit(): void {
    this.pressed = false;
    patchOverlay(this.editor.overlay, { drawing: null });
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
    if (this.pressed && far) this.add(input);
    this.show(this.nearFirst(input));
    return true;
  }

  override up(): boolean {
    this.pressed = false;
    return true;
  }

  override double(): boolean {
    return this.complete();
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }

  override back(): boolean {
    this.points.pop();
    if (this.points.length === 0) this.tool.go('idle');
    else this.show(false);
    return true;
  }

  override complete(): boolean {
    if (this.points.length < 3) return true;
    this.finish(this.points);
    return true;
  }

  /** What becomes of the closed ring. */
  protected finish(points: Point[]): void {
    const created = this.editor.create({ type: 'polygon', parts: [{ points }] });
    this.tool.go('idle');
    if (this.editor.currentLabel() === null) {
      const drawing = { kind: 'path', points, cursor: null, closing: true } as const;
      patchOverlay(this.editor.overlay, { drawing });
      void created.finally(() => {
        if (this.tool.phase === 'idle') patchOverlay(this.editor.overlay, { drawing: null });
      });
    }
  }

  private add(input: PointerInput): void {
    const last = this.points.at(-1);
    if (last && screenDistance(this.editor.view.toScreen(last), input.screen) < kSamePx) return;
    this.points.push(this.place(input));
    this.show(false);
  }

  /** Shift holds the new edge to multiples of 15 degrees. */
  private place(input: PointerInput): Point {
    const last = this.points.at(-1);
    const [x, y] = this.editor.view.clampToImage(input.point);
    if (!input.shift || !last) return [round64(x), round64(y)];
    const step = Math.PI / 12;
    const angle = Math.round(Math.atan2(y - last[1], x - last[0]) / step) * step;
    const length = Math.hypot(x - last[0], y - last[1]);
    const held: Point = [last[0] + Math.cos(angle) * length, last[1] + Math.sin(angle) * length];
    const [hx, hy] = this.editor.view.clampToImage(held);
    return [round64(hx), round64(hy)];
  }

  private nearFirst(input: PointerInput): boolean {
    const first = this.points[0];
    if (!first || this.points.length < 3) return false;
    return screenDistance(this.editor.view.toScreen(first), input.screen) <= kClosePx;
  }

  private show(closing: boolean): void {
    const drawing = {
      kind: 'path',
      points: [...this.points],
      cursor: this.cursor,
      closing,
    } as const;
    patchOverlay(this.editor.overlay, { drawing });
  }
}
