import { screenDistance, type PointerInput } from '../../editor/input';
import { patchOverlay } from '../../editor/overlay';
import { rectBetween, round64, squareCorner } from '../../editor/transform';
import type { Point } from '../../kernel/records';
import { ToolPhase } from '../toolNode';

/**
 * Further than this with the button down and the gesture is a drag, not the first of two clicks.
 */
const kDragPx = 4;
const kSmallestPx = 3;

export class BoxDrawing extends ToolPhase {
  readonly id = 'drawing';
  private anchor: Point = [0, 0];
  private anchorScreen: Point = [0, 0];
  private dragging = false;
  private clicks = 0;

  override enter(info: unknown): void {
    const input = info as PointerInput;
    this.anchor = this.editor.view.clampToImage(input.point);
    this.anchorScreen = input.screen;
    this.dragging = false;
    this.clicks = 1;
    this.show(this.anchor, this.anchor);
  }

  override exit(): void {
    patchOverlay(this.editor.overlay, { drawing: null });
  }

  override down(): boolean {
    this.clicks += 1;
    return true;
  }

  override move(input: PointerInput): boolean {
    const far = screenDistance(this.anchorScreen, input.screen) > kDragPx;
    if (this.clicks === 1 && far && input.button === 0) this.dragging = true;
    const [from, to] = this.corners(input);
    this.show(from, to);
    return true;
  }

  override up(input: PointerInput): boolean {
    if (this.clicks === 1 && !this.dragging) return true;
    const [from, to] = this.corners(input);
    this.finish(from, to);
    return true;
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }

  override back(): boolean {
    return this.cancel();
  }

  private corners(input: PointerInput): [Point, Point] {
    const { view } = this.editor;
    const reached = input.shift ? squareCorner(this.anchor, input.point) : input.point;
    const to = view.clampToImage(reached);
    if (!input.alt) return [this.anchor, to];
    const mirrored: Point = [2 * this.anchor[0] - to[0], 2 * this.anchor[1] - to[1]];
    return [view.clampToImage(mirrored), to];
  }

  private show(from: Point, to: Point): void {
    patchOverlay(this.editor.overlay, { drawing: { kind: 'box', from, to } });
  }

  private finish(from: Point, to: Point): void {
    const rect = rectBetween(from, to);
    const tiny =
      Math.min(rect.width, rect.height) < Math.min(1, this.editor.view.reach(1)) ||
      Math.min(rect.width, rect.height) < this.editor.view.reach(kSmallestPx);
    if (tiny) return this.tool.go('idle');
    const created = this.editor.create({
      type: 'box',
      x: round64(rect.x),
      y: round64(rect.y),
      width: round64(rect.width),
      height: round64(rect.height),
    });
    this.tool.go('idle');
    // A first label may still be on its way: keep showing what was drawn until the box exists.
    if (this.editor.currentLabel() === null) {
      this.show(from, to);
      void created.finally(() => {
        if (this.tool.phase === 'idle') patchOverlay(this.editor.overlay, { drawing: null });
      });
    }
  }
}
