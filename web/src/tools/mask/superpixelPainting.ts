import type { PointerInput } from '../../editor/input';
import { MaskTiles } from '../../editor/masks/maskTiles';
import { inkColor, paint, type PaintMode } from '../../editor/masks/painting';
import { setPainter } from '../../editor/overlay';
import { ToolPhase } from '../toolNode';
import { kFillAlpha } from './ink';
import type { SuperpixelTool } from './superpixelTool';
import { TilePictures } from './tilePictures';

/** The button is down: every superpixel the pointer comes over is taken. */
export class SuperpixelPainting extends ToolPhase {
  readonly id = 'painting';
  private mode: PaintMode = 'add';
  private taken = new Set<number>();
  private tiles!: MaskTiles;
  private pictures!: TilePictures;

  override enter(info: unknown): void {
    const input = info as PointerInput;
    const { width, height } = this.editor.view.image.get();
    this.mode = input.alt ? 'erase' : 'add';
    this.taken.clear();
    this.tiles = new MaskTiles(width, height);
    this.pictures = new TilePictures(this.tiles, inkColor(this.editor));
    this.take(input);
  }

  override move(input: PointerInput): boolean {
    this.take(input);
    return true;
  }

  override up(): boolean {
    const part = this.tiles.part();
    const { width, height } = this.editor.view.image.get();
    this.tool.go('idle');
    const done = part
      ? paint(this.editor, this.mode, this.editor.kernel.encodePart(part, height, width))
      : Promise.resolve();
    void done.finally(() => setPainter(this.editor.overlay, 'taken', null));
    return true;
  }

  override cancel(): boolean {
    setPainter(this.editor.overlay, 'taken', null);
    this.tool.go('idle');
    return true;
  }

  private take({ path, point }: PointerInput): void {
    const { sheet } = this.tool as SuperpixelTool;
    for (const at of path ?? [point]) {
      const label = sheet.at(at);
      if (label === null || this.taken.has(label)) continue;
      this.taken.add(label);
      sheet.fill(this.tiles, label);
    }
    setPainter(this.editor.overlay, 'taken', ({ context }) =>
      this.pictures.draw(context, this.mode === 'add' ? kFillAlpha : 0),
    );
  }
}
