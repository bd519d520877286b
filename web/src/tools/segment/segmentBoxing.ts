import type { PointerInput } from '../../editor/input';
import { patchOverlay } from '../../editor/overlay';
import { rectBetween } from '../../editor/transform';
import type { Point } from '../../kernel/records';
import { SegmentPhase } from './segmentPhase';

export class SegmentBoxing extends SegmentPhase {
  readonly id = 'boxing';
  private from: Point = [0, 0];

  override enter(info: unknown): void {
    this.from = this.editor.view.clampToImage((info as PointerInput).point);
  }

  override exit(): void {
    patchOverlay(this.editor.overlay, { drawing: null });
  }

  override move(input: PointerInput): boolean {
    const to = this.editor.view.clampToImage(input.point);
    patchOverlay(this.editor.overlay, { drawing: { kind: 'box', from: this.from, to } });
    return true;
  }

  override up(input: PointerInput): boolean {
    const { x, y, width, height } = rectBetween(
      this.from,
      this.editor.view.clampToImage(input.point),
    );
    this.tool.go('idle');
    if (width >= 1 && height >= 1) this.prompter.setBox([x, y, x + width, y + height], input.ctrl);
    return true;
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }
}
