import type { Rect } from '../../editor/camera';
import { cuboidOf, defaultDepth } from '../../editor/cuboids/cuboid';
import type { PointerInput } from '../../editor/input';
import { patchOverlay } from '../../editor/overlay';
import type { ImageCuboidShape, Point } from '../../kernel/records';
import { ToolPhase } from '../toolNode';

/** The front face stands; the pointer has the corner of the back face. */
export class CuboidDepth extends ToolPhase {
  readonly id = 'depth';
  private front!: Rect;
  private shape!: ImageCuboidShape;

  override enter(info: unknown): void {
    this.front = info as Rect;
    this.show(this.editor.view.clampToImage(defaultDepth(this.front)), false);
  }

  override exit(): void {
    patchOverlay(this.editor.overlay, { drawing: null });
  }

  override down(): boolean {
    return true;
  }

  /** With Shift nothing gets smaller with the distance. */
  override move(input: PointerInput): boolean {
    this.show(this.editor.view.clampToImage(input.point), input.shift);
    return true;
  }

  override up(input: PointerInput): boolean {
    if (input.button !== 0) return false;
    this.move(input);
    return this.complete();
  }

  override complete(): boolean {
    const { shape } = this;
    this.tool.go('idle');
    void this.editor.create(shape);
    return true;
  }

  override back(): boolean {
    return this.cancel();
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }

  private show(toward: Point, parallel: boolean): void {
    this.shape = cuboidOf(this.front, toward, parallel);
    patchOverlay(this.editor.overlay, { drawing: { kind: 'shape', shape: this.shape } });
  }
}
