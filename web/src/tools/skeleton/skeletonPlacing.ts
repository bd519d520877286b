import { screenDistance, type PointerInput } from '../../editor/input';
import { patchOverlay } from '../../editor/overlay';
import { placeTemplate } from '../../editor/skeletons/joints';
import { rectBetween } from '../../editor/transform';
import type { SkeletonShape } from '../../kernel/records';
import { ToolPhase } from '../toolNode';
import type { SkeletonLabel } from './skeletonLabel';

const kDragPx = 4;

/** The button is down: a drag stretches the whole template, a click places its first point. */
export class SkeletonPlacing extends ToolPhase {
  readonly id = 'placing';
  private start!: PointerInput;
  private label!: SkeletonLabel;
  private shape: SkeletonShape | null = null;

  override enter(info: unknown): void {
    const { input, label } = info as { input: PointerInput; label: SkeletonLabel };
    this.start = input;
    this.label = label;
    this.shape = null;
  }

  override exit(): void {
    patchOverlay(this.editor.overlay, { drawing: null });
  }

  override move(input: PointerInput): boolean {
    if (!this.shape && screenDistance(this.start.screen, input.screen) <= kDragPx) return true;
    const { view } = this.editor;
    const rect = rectBetween(view.clampToImage(this.start.point), view.clampToImage(input.point));
    this.shape = placeTemplate(this.label.skeleton, rect);
    patchOverlay(this.editor.overlay, { drawing: { kind: 'shape', shape: this.shape } });
    return true;
  }

  /** What a template placed needs next is its joints moved: the select tool has their handles. */
  override up(): boolean {
    const { shape, start, label } = this;
    if (!shape) {
      this.tool.go('pointwise', { input: start, label });
      return true;
    }
    this.tool.go('idle');
    void this.editor.create(shape).then((id) => {
      if (id !== null) this.editor.tool.set('select');
    });
    return true;
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }
}
