import type { PointerInput } from '../../editor/input';
import { MaskTiles } from '../../editor/masks/maskTiles';
import { maskSetting, setMaskSetting } from '../../editor/masks/maskSettings';
import { inkColor, paint, type PaintMode } from '../../editor/masks/painting';
import { fillAreaPart, type Area } from '../../editor/masks/vision';
import { setPainter, type PainterFrame } from '../../editor/overlay';
import type { Rle } from '../../kernel/records';
import type { WandFound } from '../../kernel/visionDesk';
import { ToolPhase } from '../toolNode';
import { Asking } from './asking';
import { drawInk, kFillAlpha } from './ink';

/** Screen pixels of a drag for one step of tolerance. */
const kStepPx = 3;

type Found = WandFound & { area: Area };

/** The button is down: what the wand takes is shown, the drag changes its tolerance. */
export class WandProbing extends ToolPhase {
  readonly id = 'probing';
  private start!: PointerInput;
  private tolerance = 0;
  private mode: PaintMode = 'add';
  private found: Found | null = null;
  private turn = 0;
  private readonly asking = new Asking(this.editor);

  override enter(info: unknown): void {
    this.start = info as PointerInput;
    this.mode = this.start.alt ? 'erase' : 'add';
    this.tolerance = maskSetting('tolerance');
    this.turn += 1;
    void this.look();
  }

  override exit(): void {
    this.asking.forget();
  }

  override move({ screen }: PointerInput): boolean {
    const steps = Math.round((screen[0] - this.start.screen[0]) / kStepPx);
    const tolerance = Math.min(255, Math.max(0, this.tolerance + steps));
    if (tolerance === maskSetting('tolerance')) return true;
    setMaskSetting('tolerance', tolerance);
    void this.look();
    return true;
  }

  override up(): boolean {
    void this.finish(this.turn);
    return true;
  }

  override cancel(): boolean {
    this.turn += 1;
    this.show(null);
    this.tool.go('idle');
    return true;
  }

  private look(): Promise<void> {
    const { turn } = this;
    return this.asking.ask(this.start.point, async () => {
      const options = {
        tolerance: maskSetting('tolerance'),
        contiguous: maskSetting('contiguous'),
        color: inkColor(this.editor),
      };
      const image = this.editor.view.image.get();
      const found = (await this.editor.vision?.wand(this.start.point, image, options)) ?? null;
      if (turn === this.turn) this.show(found);
      else found?.picture?.close();
    });
  }

  private async finish(turn: number): Promise<void> {
    await this.look();
    if (turn !== this.turn) return;
    const { found } = this;
    this.tool.go('idle');
    if (found) await paint(this.editor, this.mode, this.rleOf(found));
    if (turn === this.turn) this.show(null);
  }

  private rleOf({ part, area }: Found): Rle {
    const { width, height } = this.editor.view.image.get();
    const { kernel } = this.editor;
    if (area.step === 1) {
      const placed = { ...part, x: part.x + area.x, y: part.y + area.y };
      return kernel.encodePart(placed, height, width);
    }
    const tiles = new MaskTiles(width, height);
    fillAreaPart(tiles, area, part);
    return kernel.encodePart(tiles.part()!, height, width);
  }

  private show(found: Found | null): void {
    this.found?.picture?.close();
    this.found = found;
    const draw = found?.picture ? (frame: PainterFrame) => this.draw(frame, found) : null;
    setPainter(this.editor.overlay, 'wand', draw);
  }

  private draw({ context }: PainterFrame, { part, picture, area }: Found): void {
    const place = context
      .getTransform()
      .translate(area.x + part.x * area.step, area.y + part.y * area.step)
      .scale(area.step);
    if (picture) drawInk(context, picture, place, this.mode === 'add' ? kFillAlpha : 0);
  }
}
