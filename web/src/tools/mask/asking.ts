/**
 * Questions to the vision worker, one at a time. One that waits gives way to the next, unless it is
 * to be kept: moves may be skipped, clicks may not.
 */
import type { Editor } from '../../editor/editor';
import { setPainter, type PainterFrame } from '../../editor/overlay';
import type { Point } from '../../kernel/records';

/** Answers faster than this need no spinner. */
const kSpinnerDelayMs = 150;

export class Asking {
  private queue: { work: () => Promise<void>; keep: boolean }[] = [];
  private running: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly editor: Editor) {}

  /** Resolves when nothing is waited for any more. */
  ask(at: Point, work: () => Promise<void>, keep = false): Promise<void> {
    if (this.queue.at(-1)?.keep === false) this.queue.pop();
    this.queue.push({ work, keep });
    this.timer ??= setTimeout(() => this.spin(at), kSpinnerDelayMs);
    this.running ??= this.run();
    return this.running;
  }

  /** Forgets what is not yet asked; the answer under way must look for itself whether it counts. */
  forget(): void {
    this.queue = [];
    this.still();
  }

  private async run(): Promise<void> {
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      try {
        await next.work();
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        this.editor.notices.emit({ tone: 'error', code: 'vision_failed', detail });
      }
    }
    this.running = null;
    this.still();
  }

  private spin(at: Point): void {
    setPainter(this.editor.overlay, 'asking', (frame) => drawSpinner(frame, at));
  }

  private still(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.editor.overlay.get().painters.has('asking')) {
      setPainter(this.editor.overlay, 'asking', null);
    }
  }
}

function drawSpinner({ context, zoom, time }: PainterFrame, [x, y]: Point): boolean {
  const turn = time * 2 * Math.PI * 1.3;
  for (const [width, color] of [
    [5, 'rgb(11 16 32 / .8)'],
    [2.5, '#FFFFFF'],
  ] as const) {
    context.beginPath();
    context.arc(x, y, 15 / zoom, turn, turn + 1.5 * Math.PI);
    context.lineWidth = width / zoom;
    context.strokeStyle = color;
    context.stroke();
  }
  return true;
}
