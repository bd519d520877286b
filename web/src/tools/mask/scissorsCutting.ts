import { kMaskDefaults } from '../../editor/masks/maskSettings';
import { screenDistance, type PointerInput } from '../../editor/input';
import { paint, selectedMask, type PaintMode } from '../../editor/masks/painting';
import type { Area } from '../../editor/masks/vision';
import { setPainter } from '../../editor/overlay';
import type { Point } from '../../kernel/records';
import { ToolPhase } from '../toolNode';
import { Asking } from './asking';
import { drawWire } from './wire';

/** The wire is looked for within so many screen pixels of its last hold. */
const kReachPx = 480;
const kClosePx = 10;
/** A second click this near to the last hold is the end of a double click. */
const kSamePx = 3;

/** A place clicked, and the wire that leads there from the one before. */
interface Hold {
  at: Point;
  wire: readonly Point[];
}

export class ScissorsCutting extends ToolPhase {
  readonly id = 'cutting';
  private holds: Hold[] = [];
  private live: readonly Point[] = [];
  private area: Area | null = null;
  private mode: PaintMode = 'add';
  private turn = 0;
  private readonly asking = new Asking(this.editor);

  override enter(info: unknown): void {
    const input = info as PointerInput;
    this.mode = input.alt ? 'erase' : 'add';
    this.turn += 1;
    const at = this.editor.view.clampToImage(input.point);
    this.holds = [{ at, wire: [at] }];
    this.reseed();
  }

  override exit(): void {
    this.turn += 1;
    this.asking.forget();
    setPainter(this.editor.overlay, 'wire', null);
  }

  override down(input: PointerInput): boolean {
    if (input.button !== 0) return this.back();
    const last = this.holds.at(-1)!;
    if (this.holds.length > 2 && this.near(this.holds[0]!.at, input, kClosePx)) {
      return this.complete();
    }
    if (!this.near(last.at, input, kSamePx)) void this.hold(input);
    return true;
  }

  override move(input: PointerInput): boolean {
    const to = this.editor.view.clampToImage(input.point);
    if (input.shift) this.showLive([this.holds.at(-1)!.at, to]);
    else void this.wireTo(to, (wire) => this.showLive(wire));
    return true;
  }

  override double(): boolean {
    return this.complete();
  }

  override complete(): boolean {
    const close = (wire: readonly Point[]) => {
      if (this.holds.length > 1) this.close(wire);
    };
    void this.wireTo(this.holds[0]!.at, close, true);
    return true;
  }

  override back(): boolean {
    this.holds.pop();
    if (this.holds.length === 0) this.tool.go('idle');
    else this.reseed();
    return true;
  }

  override cancel(): boolean {
    this.tool.go('idle');
    return true;
  }

  private near(at: Point, { screen }: PointerInput, pixels: number): boolean {
    return screenDistance(this.editor.view.toScreen(at), screen) <= pixels;
  }

  private async hold(input: PointerInput): Promise<void> {
    const at = this.editor.view.clampToImage(input.point);
    const add = (wire: readonly Point[]) => {
      this.holds.push({ at, wire });
      this.reseed();
    };
    if (input.shift) add([this.holds.at(-1)!.at, at]);
    else await this.wireTo(at, add, true);
  }

  private reseed(): void {
    const { turn } = this;
    this.area = null;
    this.showLive([]);
    const { at } = this.holds.at(-1)!;
    const seed = async () => {
      const area = await this.seedAt(at);
      if (turn === this.turn) this.area = area;
    };
    void this.asking.ask(at, seed, true);
  }

  private wireTo(to: Point, use: (wire: readonly Point[]) => void, keep = false): Promise<void> {
    const { turn } = this;
    const look = async () => {
      const from = this.holds.at(-1)!.at;
      if (!this.area) this.area = await this.seedAt(from);
      if (turn !== this.turn || !this.area) return;
      const found = await this.editor.vision!.path(to, this.area);
      // Beyond the area the wire goes straight on.
      if (turn === this.turn) use([from, ...found.slice(1, -1), to]);
    };
    return this.asking.ask(to, look, keep);
  }

  private async seedAt(from: Point): Promise<Area | null> {
    const { view, vision } = this.editor;
    return (await vision?.seed(from, view.image.get(), view.reach(kReachPx))) ?? null;
  }

  private showLive(wire: readonly Point[]): void {
    this.live = wire;
    setPainter(this.editor.overlay, 'wire', (frame) =>
      drawWire(
        frame,
        this.holds.map(({ at }) => at),
        [...this.holds.flatMap((held) => held.wire), ...this.live],
      ),
    );
  }

  /** Added to the selected mask, or an object of its own in the form that is wished for. */
  private close(wire: readonly Point[]): void {
    const { editor } = this;
    const points = [...this.holds.flatMap((held) => held.wire), ...wire];
    const { width, height } = editor.view.image.get();
    const rle = editor.kernel.polygonToRle([{ points }], height, width);
    this.tool.go('idle');
    if (selectedMask(editor) || editor.maskForm.get() === 'mask') {
      void paint(editor, this.mode, rle);
      return;
    }
    const parts = editor.kernel.maskToPolygons(rle, kMaskDefaults.outline);
    if (parts.length > 0) void editor.create({ type: 'polygon', parts });
  }
}
