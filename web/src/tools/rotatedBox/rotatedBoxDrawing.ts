import { screenDistance, type PointerInput } from '../../editor/input';
import { boxFromSide, heldAngle } from '../../editor/orientedBox';
import type { BoxShape, Point } from '../../kernel/records';
import { DrawingPhase } from '../drawing/drawingPhase';

const kDragPx = 4;
const kSmallestPx = 3;

/** The first side by two clicks or a drag, then the width by one more click. */
export class RotatedBoxDrawing extends DrawingPhase {
  private start: Point = [0, 0];
  private end: Point | null = null;
  private cursor: Point = [0, 0];
  private clicks = 0;

  override enter(info: unknown): void {
    const { point } = info as PointerInput;
    this.start = this.editor.view.clampToImage(point);
    this.cursor = this.start;
    this.end = null;
    this.clicks = 1;
    this.draw();
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return this.back();
    this.clicks += 1;
    this.cursor = this.place(input);
    return true;
  }

  override move(input: PointerInput): boolean {
    this.cursor = this.place(input);
    this.draw();
    return true;
  }

  override up(input: PointerInput): boolean {
    this.cursor = this.place(input);
    if (this.end) return this.finish();
    const far = this.apart(this.start, this.cursor) > kDragPx;
    if (far) this.end = this.cursor;
    else if (this.clicks > 1) this.tool.go('idle');
    if (this.tool.phase === this.id) this.draw();
    return true;
  }

  override complete(): boolean {
    return this.end ? this.finish() : true;
  }

  /** The width first, then the side. */
  override back(): boolean {
    if (!this.end) return this.cancel();
    this.end = null;
    this.clicks = 1;
    this.draw();
    return true;
  }

  private finish(): boolean {
    const box = this.box();
    const least = this.editor.view.reach(kSmallestPx);
    if (Math.min(box.width, box.height) >= Math.max(least, 0.5)) this.keep(box);
    return true;
  }

  private place(input: PointerInput): Point {
    const { view } = this.editor;
    const held = input.shift && !this.end ? heldAngle(this.start, input.point) : input.point;
    return view.clampToImage(held);
  }

  private box(): BoxShape {
    return boxFromSide(this.start, this.end ?? this.cursor, this.cursor);
  }

  private apart(a: Point, b: Point): number {
    return screenDistance(this.editor.view.toScreen(a), this.editor.view.toScreen(b));
  }

  private draw(): void {
    if (this.end) this.show(this.box());
    else this.show({ type: 'polyline', points: [this.start, this.cursor] });
  }
}
