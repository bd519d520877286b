import type { Rect } from '../../editor/camera';
import { screenDistance, type PointerInput } from '../../editor/input';
import { snapToGuides } from '../../editor/snapping/snapping';
import { rectBetween, round64, squareCorner } from '../../editor/transform';
import type { Point, Shape } from '../../kernel/records';
import { DrawingPhase } from './drawingPhase';

/**
 * Further than this with the button down and the gesture is a drag, not the first of two clicks.
 */
const kDragPx = 4;
const kSmallestPx = 3;

/** A shape that fills an upright rectangle, by a drag or by two clicks. */
export abstract class RectDrawing extends DrawingPhase {
  private anchor: Point = [0, 0];
  private anchorScreen: Point = [0, 0];
  private dragging = false;
  private clicks = 0;

  override enter(info: unknown): void {
    const input = info as PointerInput;
    this.anchor = this.editor.view.clampToImage(snapToGuides(this.editor, input));
    this.anchorScreen = input.screen;
    this.dragging = false;
    this.clicks = 1;
    this.show(this.shapeIn(rectBetween(this.anchor, this.anchor)));
  }

  override down(): boolean {
    this.clicks += 1;
    return true;
  }

  override move(input: PointerInput): boolean {
    const far = screenDistance(this.anchorScreen, input.screen) > kDragPx;
    if (this.clicks === 1 && far && input.button === 0) this.dragging = true;
    this.show(this.shapeIn(this.rect(input)));
    return true;
  }

  override up(input: PointerInput): boolean {
    if (this.clicks === 1 && !this.dragging) return true;
    const rect = this.rect(input);
    if (this.isTiny(rect)) this.tool.go('idle');
    else this.keep(this.shapeIn(rect));
    return true;
  }

  /** `rect` is rounded already. */
  protected abstract shapeIn(rect: Rect): Shape;

  private rect(input: PointerInput): Rect {
    const { view } = this.editor;
    const reached = input.shift
      ? squareCorner(this.anchor, input.point)
      : snapToGuides(this.editor, input);
    const to = view.clampToImage(reached);
    const mirrored: Point = [2 * this.anchor[0] - to[0], 2 * this.anchor[1] - to[1]];
    const from = input.alt ? view.clampToImage(mirrored) : this.anchor;
    const { x, y, width, height } = rectBetween(from, to);
    return { x: round64(x), y: round64(y), width: round64(width), height: round64(height) };
  }

  private isTiny({ width, height }: Rect): boolean {
    const { view } = this.editor;
    const side = Math.min(width, height);
    return side < Math.min(1, view.reach(1)) || side < view.reach(kSmallestPx);
  }
}
