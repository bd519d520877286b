import type { PointerInput } from '../../editor/input';
import { paint, type PaintMode } from '../../editor/masks/painting';
import type { Point } from '../../kernel/records';
import { PolygonDrawing } from '../polygon/polygonDrawing';
import { modeOf } from './paintPhase';
import type { PaintTool } from './paintTool';

/** A polygon whose inside is added to the mask, or taken from it. */
export class PaintOutlining extends PolygonDrawing {
  override readonly id = 'outlining';
  private mode: PaintMode = 'add';

  override enter(info: unknown): void {
    this.mode = modeOf(this.tool as PaintTool, info as PointerInput);
    super.enter(info);
  }

  protected override finish(points: Point[]): void {
    const { width, height } = this.editor.view.image.get();
    const rle = this.editor.kernel.polygonToRle([{ points }], height, width);
    this.tool.go('idle');
    void paint(this.editor, this.mode, rle);
  }
}
