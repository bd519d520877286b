import type { PointerInput } from '../../editor/input';
import { boxAround } from '../../editor/orientedBox';
import { patchOverlay, setPainter } from '../../editor/overlay';
import type { Point } from '../../kernel/records';
import { DrawingPhase } from '../drawing/drawingPhase';
import { pointsPainter } from '../drawing/pointsPainter';

const kPoints = 4;
const kSmallestPx = 3;
const kPainter = 'extreme-points';

/** The topmost, leftmost, lowest and rightmost point of an object, in any order. */
export class ExtremeBoxDrawing extends DrawingPhase {
  private points: Point[] = [];

  override enter(info: unknown): void {
    this.points = [];
    this.down(info as PointerInput);
  }

  override exit(): void {
    setPainter(this.editor.overlay, kPainter, null);
    super.exit();
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return this.back();
    this.points.push(this.editor.view.clampToImage(input.point));
    if (this.points.length === kPoints) return this.finish();
    this.draw(this.points);
    return true;
  }

  override move(input: PointerInput): boolean {
    this.draw([...this.points, this.editor.view.clampToImage(input.point)]);
    return true;
  }

  override up(): boolean {
    return true;
  }

  /** With fewer than four points: two that span an area are enough. */
  override complete(): boolean {
    return this.finish();
  }

  override back(): boolean {
    this.points.pop();
    if (this.points.length === 0) this.tool.go('idle');
    else this.draw(this.points);
    return true;
  }

  private finish(): boolean {
    const box = boxAround(this.points);
    const least = Math.max(1, this.editor.view.reach(kSmallestPx));
    if (Math.min(box.width, box.height) >= least) this.keep(box);
    else if (this.points.length === kPoints) this.tool.go('idle');
    return true;
  }

  private draw(reached: readonly Point[]): void {
    patchOverlay(this.editor.overlay, { drawing: { kind: 'shape', shape: boxAround(reached) } });
    setPainter(this.editor.overlay, kPainter, pointsPainter(this.points));
  }
}
