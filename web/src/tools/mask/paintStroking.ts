import type { PointerInput } from '../../editor/input';
import { maskSetting, type MaskSettings } from '../../editor/masks/maskSettings';
import { MaskTiles } from '../../editor/masks/maskTiles';
import { inkColor, paint, type PaintMode } from '../../editor/masks/painting';
import { Stroke } from '../../editor/masks/stroke';
import { TilePictures } from './tilePictures';
import { setPainter, type PainterFrame } from '../../editor/overlay';
import { kFillAlpha } from './ink';
import { modeOf, PaintPhase } from './paintPhase';
import { paintTip } from './tip';

/** The button is down: pixels are painted, nothing is told to the document yet. */
export class PaintStroking extends PaintPhase {
  readonly id = 'stroking';
  private mode: PaintMode = 'add';
  private tiles!: MaskTiles;
  private stroke!: Stroke;
  private pictures!: TilePictures;
  private size!: MaskSettings['size'];
  private kept = false;

  override enter(info: unknown): void {
    const input = info as PointerInput;
    const { width, height } = this.editor.view.image.get();
    this.mode = modeOf(this.paintTool, input);
    this.tiles = new MaskTiles(width, height);
    this.stroke = new Stroke(this.tiles, maskSetting('form') === 'square' ? 'square' : 'round');
    this.pictures = new TilePictures(this.tiles, inkColor(this.editor));
    this.size = maskSetting('size');
    this.kept = false;
    const { lastEnd } = this.paintTool;
    if (input.shift && lastEnd) this.stroke.to(lastEnd, this.size);
    this.follow(input);
  }

  override exit(): void {
    if (!this.kept) setPainter(this.editor.overlay, 'stroke', null);
  }

  override move(input: PointerInput): boolean {
    this.follow(input);
    return true;
  }

  override up(input: PointerInput): boolean {
    this.paintTool.lastEnd = input.point;
    const part = this.tiles.part();
    const { width, height } = this.editor.view.image.get();
    this.kept = true;
    this.tool.go('idle');
    const done = part
      ? paint(this.editor, this.mode, this.editor.kernel.encodePart(part, height, width))
      : Promise.resolve();
    // A first label may still be on its way: the stroke is shown until the mask exists.
    void done.finally(() => setPainter(this.editor.overlay, 'stroke', null));
    return true;
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }

  override back(): boolean {
    return this.cancel();
  }

  private follow(input: PointerInput): void {
    const felt = input.pointer === 'pen' && maskSetting('pressure') ? (input.pressure ?? 0.5) : 0.5;
    const diameter = Math.max(1, this.size * 2 * felt);
    for (const point of input.path ?? [input.point]) this.stroke.to(point, diameter);
    setPainter(this.editor.overlay, 'stroke', (frame) => this.draw(frame));
  }

  private draw(frame: PainterFrame): void {
    this.pictures.draw(frame.context, this.mode === 'add' ? kFillAlpha : 0);
    if (this.tool.phase === this.id) paintTip(this.editor, frame);
  }
}
