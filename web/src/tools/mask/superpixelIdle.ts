import type { PointerInput } from '../../editor/input';
import { MaskTiles } from '../../editor/masks/maskTiles';
import { finishMask, inkColor, mayPaint, selectedMask } from '../../editor/masks/painting';
import { setPainter } from '../../editor/overlay';
import { ToolPhase } from '../toolNode';
import { kFillAlpha } from './ink';
import { middleOf } from './middle';
import type { SuperpixelTool } from './superpixelTool';
import { TilePictures } from './tilePictures';

export class SuperpixelIdle extends ToolPhase {
  readonly id = 'idle';
  private shown: number | null = null;

  override enter(): void {
    this.editor.cursor.set('crosshair');
  }

  override exit(): void {
    this.show(null);
  }

  override move({ point }: PointerInput): boolean {
    this.show((this.tool as SuperpixelTool).sheet.at(point));
    return true;
  }

  override leave(): boolean {
    this.show(null);
    return true;
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return false;
    if ((this.tool as SuperpixelTool).sheet.at(input.point) === null) return true;
    if (mayPaint(this.editor, input.alt ? 'erase' : 'add')) this.tool.go('painting', input);
    return true;
  }

  /** Ends the mask in hand; without one the superpixel in the middle of the view begins one. */
  override complete(): boolean {
    if (selectedMask(this.editor)) {
      finishMask(this.editor);
      return true;
    }
    this.tool.dispatch(middleOf(this.editor, 'down'));
    this.tool.dispatch(middleOf(this.editor, 'up'));
    return true;
  }

  override cancel(): boolean {
    if (this.editor.selection.get().size > 0) this.editor.select([]);
    else this.editor.tool.set('select');
    return true;
  }

  private show(label: number | null): void {
    if (label === this.shown) return;
    this.shown = label;
    if (label === null) return setPainter(this.editor.overlay, 'superpixel', null);
    const { width, height } = this.editor.view.image.get();
    const tiles = new MaskTiles(width, height);
    (this.tool as SuperpixelTool).sheet.fill(tiles, label);
    const pictures = new TilePictures(tiles, inkColor(this.editor));
    setPainter(this.editor.overlay, 'superpixel', ({ context }) =>
      pictures.draw(context, kFillAlpha),
    );
  }
}
