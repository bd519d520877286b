/**
 * Points and box of one object under way, the request for its mask and the preview. A new prompt
 * aborts the request before it; an answer that is no longer wanted is dropped.
 */
import type { Shape } from '../../kernel/records';
import type { Editor, MaskForm, SegmentMask } from '../../editor/editor';
import { patchOverlay, type PromptPoint } from '../../editor/overlay';
import { outlineOf, type Bounds, type Outline } from '../../editor/outline';
import type { Refinement } from './refinement';

/** Answers faster than this need no spinner. */
const kSpinnerDelayMs = 150;
/** Pixels by which a stored polygon may differ from its mask. */
const kPolygonTolerance = 1;

export class Prompter {
  private points: PromptPoint[] = [];
  private box: Bounds | null = null;
  private mask: SegmentMask | null = null;
  private outline: Outline | null = null;
  private inFlight: AbortController | null = null;
  private busy = false;
  private spinnerTimer: ReturnType<typeof setTimeout> | null = null;
  private stale = false;
  private acceptWhenReady = false;

  constructor(
    private readonly editor: Editor,
    private readonly refinement: Refinement,
  ) {}

  get isEmpty(): boolean {
    return this.points.length === 0 && this.box === null;
  }

  /** `hold` adds without asking yet; `ask` sends what was held. */
  addPoint(point: PromptPoint, hold: boolean): void {
    this.points.push(point);
    this.changed(hold);
  }

  setBox(box: Bounds, hold: boolean): void {
    this.box = box;
    this.changed(hold);
  }

  ask(): void {
    if (this.stale) void this.request();
  }

  clear(): void {
    this.abort();
    this.points = [];
    this.box = null;
    this.mask = null;
    this.outline = null;
    this.stale = false;
    this.acceptWhenReady = false;
    this.refinement.show(null);
    patchOverlay(this.editor.overlay, { prompt: null });
  }

  /** Makes the preview an object; with an answer still on its way, as soon as it is there. */
  accept(): void {
    if (this.inFlight || this.stale) {
      this.acceptWhenReady = true;
      this.ask();
      return;
    }
    if (!this.mask) return;
    const shape = this.shapeOf(this.mask);
    const refined = this.editor.refining.get() !== null;
    this.clear();
    if (shape && refined) this.refinement.keep(shape);
    else if (shape) void this.editor.create(shape);
    else this.editor.notices.emit({ tone: 'info', code: 'no_mask' });
  }

  private shapeOf(mask: SegmentMask): Shape | null {
    const target = this.refinement.target;
    if (target) return this.inForm(mask, target.shape.type === 'mask' ? 'mask' : 'polygon');
    // Under a label that takes boxes only, the outline becomes its box.
    if (this.editor.currentLabel()?.kind === 'box') return this.boxOf(mask);
    return this.inForm(mask, this.editor.maskForm.get());
  }

  private inForm(mask: SegmentMask, form: MaskForm): Shape | null {
    if (form === 'mask') return { type: 'mask', rle: mask.rle };
    const parts = this.editor.kernel.maskToPolygons(mask.rle, kPolygonTolerance);
    return parts.length > 0 ? { type: 'polygon', parts } : null;
  }

  private boxOf(mask: SegmentMask): Shape | null {
    const bounds = this.editor.kernel.shapeBounds({ type: 'mask', rle: mask.rle });
    if (!bounds) return null;
    const [x, y, x1, y1] = bounds;
    return { type: 'box', x, y, width: x1 - x, height: y1 - y };
  }

  private changed(hold: boolean): void {
    this.stale = true;
    this.abort();
    if (hold) this.show();
    else void this.request();
  }

  private async request(): Promise<void> {
    this.abort();
    this.stale = false;
    const controller = new AbortController();
    this.inFlight = controller;
    this.spinnerTimer = setTimeout(() => {
      this.busy = true;
      this.show();
    }, kSpinnerDelayMs);
    this.show();
    try {
      const previous = this.refinement.mask();
      const prompt = { points: [...this.points], box: this.box, ...(previous && { previous }) };
      const mask = await this.editor.services.segment(prompt, controller.signal);
      if (this.inFlight !== controller) return;
      this.mask = mask;
      this.outline = mask && outlineOf({ type: 'mask', rle: mask.rle }, this.editor.kernel);
      if (this.refinement.target) this.refinement.show(mask && this.shapeOf(mask));
      if (!mask) this.editor.notices.emit({ tone: 'info', code: 'no_mask' });
    } catch (error) {
      if (this.inFlight !== controller) return;
      this.acceptWhenReady = false;
      const detail = error instanceof Error ? error.message : String(error);
      this.editor.notices.emit({ tone: 'error', code: 'segment_failed', detail });
    }
    this.endRequest();
    this.show();
    if (this.acceptWhenReady) this.accept();
  }

  private abort(): void {
    this.inFlight?.abort();
    this.endRequest();
  }

  private endRequest(): void {
    this.inFlight = null;
    this.busy = false;
    if (this.spinnerTimer !== null) clearTimeout(this.spinnerTimer);
    this.spinnerTimer = null;
  }

  private show(): void {
    if (this.isEmpty) return;
    const last = this.points.at(-1);
    const at = last ? ([last.x, last.y] as const) : this.box && centre(this.box);
    patchOverlay(this.editor.overlay, {
      prompt: {
        points: [...this.points],
        box: this.box,
        mask: this.outline,
        score: this.mask?.score ?? null,
        busyAt: this.busy ? (at ?? null) : null,
      },
    });
  }
}

function centre(box: Bounds): readonly [number, number] {
  return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}
