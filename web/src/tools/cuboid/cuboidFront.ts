import { screenDistance, type PointerInput } from '../../editor/input';
import { patchOverlay } from '../../editor/overlay';
import { rectBetween, squareCorner } from '../../editor/transform';
import type { Point } from '../../kernel/records';
import { ToolPhase } from '../toolNode';

const kDragPx = 4;
const kSmallestPx = 3;

/** The face towards us, by a drag or by two clicks. */
export class CuboidFront extends ToolPhase {
  readonly id = 'front';
  private start!: PointerInput;
  private anchor: Point = [0, 0];
  private dragged = false;
  private clicks = 0;

  override enter(info: unknown): void {
    this.start = info as PointerInput;
    this.anchor = this.editor.view.clampToImage(this.start.point);
    this.dragged = false;
    this.clicks = 1;
  }

  override exit(): void {
    patchOverlay(this.editor.overlay, { drawing: null });
  }

  override down(): boolean {
    this.clicks += 1;
    return true;
  }

  override move(input: PointerInput): boolean {
    const far = screenDistance(this.start.screen, input.screen) > kDragPx;
    if (this.clicks === 1 && far && input.button === 0) this.dragged = true;
    const drawing = { kind: 'box', from: this.anchor, to: this.reached(input) } as const;
    patchOverlay(this.editor.overlay, { drawing });
    return true;
  }

  override up(input: PointerInput): boolean {
    if (this.clicks === 1 && !this.dragged) return true;
    const front = rectBetween(this.anchor, this.reached(input));
    const least = Math.max(1, this.editor.view.reach(kSmallestPx));
    const tiny = Math.min(front.width, front.height) < least;
    this.tool.go(tiny ? 'idle' : 'depth', front);
    return true;
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }

  override back(): boolean {
    return this.cancel();
  }

  private reached(input: PointerInput): Point {
    const to = input.shift ? squareCorner(this.anchor, input.point) : input.point;
    return this.editor.view.clampToImage(to);
  }
}
