/** The superpixels of what is in view, made anew when the view rests somewhere else. */
import { maskSetting } from '../../editor/masks/maskSettings';
import type { MaskTiles } from '../../editor/masks/maskTiles';
import { fillAreaRow, type Area } from '../../editor/masks/vision';
import type { Editor } from '../../editor/editor';
import { setPainter, type PainterFrame } from '../../editor/overlay';
import type { Rect } from '../../editor/camera';
import { preferences } from '../../net/preferences';
import type { Point } from '../../kernel/records';
import type { Superpixels } from '../../kernel/visionDesk';
import { Asking } from './asking';

const kRestMs = 200;

interface Sheet {
  area: Area;
  found: Superpixels;
}

export class SuperpixelSheet {
  private sheet: Sheet | null = null;
  private wanted = '';
  private timer: ReturnType<typeof setTimeout> | null = null;
  private stops: (() => void)[] = [];
  private readonly asking: Asking;

  constructor(private readonly editor: Editor) {
    this.asking = new Asking(editor);
  }

  open(): void {
    const { view } = this.editor;
    const later = () => this.later();
    this.stops = [view.camera.subscribe(later), view.stage.subscribe(later)];
    this.stops.push(preferences.subscribe(later));
    this.cut();
  }

  close(): void {
    for (const stop of this.stops) stop();
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.asking.forget();
    this.wanted = '';
    this.replace(null);
  }

  /** Which one is there, null where none is known. */
  at([x, y]: Point): number | null {
    if (!this.sheet) return null;
    const { area, found } = this.sheet;
    const column = Math.floor((x - area.x) / area.step);
    const row = Math.floor((y - area.y) / area.step);
    if (column < 0 || row < 0 || column >= found.width || row >= found.height) return null;
    return found.labels[row * found.width + column] ?? null;
  }

  fill(tiles: MaskTiles, label: number): void {
    if (!this.sheet) return;
    const { area, found } = this.sheet;
    const [x0, y0, x1, y1] = found.boxes.subarray(4 * label, 4 * label + 4);
    for (let y = y0!; y < y1!; y++) {
      const row = found.labels.subarray(y * found.width + x0!, y * found.width + x1!);
      for (let from = row.indexOf(label); from >= 0;) {
        let to = from + 1;
        while (to < row.length && row[to] === label) to += 1;
        fillAreaRow(tiles, area, y, [x0! + from, x0! + to]);
        from = row.indexOf(label, to);
      }
    }
  }

  private later(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.cut(), kRestMs);
  }

  private cut(): void {
    this.timer = null;
    const { view, vision } = this.editor;
    const rect = inView(this.editor);
    const cell = view.reach(maskSetting('cell'));
    const wanted = JSON.stringify([rect, cell]);
    if (wanted === this.wanted || !vision) return;
    this.wanted = wanted;
    const middle: Point = [rect.x + rect.width / 2, rect.y + rect.height / 2];
    void this.asking.ask(middle, async () => {
      const sheet = await vision.superpixels(rect, view.image.get(), cell);
      if (wanted === this.wanted) this.replace(sheet);
      else sheet.found.edges?.close();
    });
  }

  private replace(sheet: Sheet | null): void {
    this.sheet?.found.edges?.close();
    this.sheet = sheet;
    const { overlay } = this.editor;
    setPainter(overlay, 'superpixels', sheet ? (frame) => drawEdges(frame, sheet) : null);
  }
}

function inView({ view }: Editor): Rect {
  const { width, height } = view.stage.get();
  const corners = [
    view.toImage([0, 0]),
    view.toImage([width, 0]),
    view.toImage([0, height]),
    view.toImage([width, height]),
  ];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function drawEdges({ context }: PainterFrame, { area, found }: Sheet): void {
  if (!found.edges) return;
  context.save();
  context.translate(area.x, area.y);
  context.scale(area.step, area.step);
  context.imageSmoothingEnabled = false;
  context.drawImage(found.edges, 0, 0);
  context.restore();
}
