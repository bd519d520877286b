/**
 * The mask under the resting pointer, before any click. One request is under way at a time; where
 * the pointer goes on, it is ended, and asked anew from where the pointer comes to rest. What is
 * shown goes as soon as the pointer leaves it.
 */
import type { Editor } from '../../editor/editor';
import { closedOutline, containsPoint, flatten, type Outline } from '../../editor/outline';
import { setPainter } from '../../editor/overlay';
import type { Point, PolygonPart } from '../../kernel/records';
import { paintHover } from './paintHover';

/**
 * A pointer that moves on within this time is on its way elsewhere. Moves are told frame by frame,
 * so that none with the next frame is rest; where frames are shorter, none with a few.
 */
const kRestMs = 15;
const kPainter = 'hover';

export class HoverPreview {
  private frame = 0;
  private inFlight: AbortController | null = null;
  private shown: Outline | null = null;

  constructor(private readonly editor: Editor) {}

  at(point: Point): void {
    this.stopAsking();
    if (this.shown && !containsPoint(this.shown, ...point)) this.show(null);
    this.waitForRest(point, null);
  }

  off(): void {
    this.stopAsking();
    this.show(null);
  }

  private waitForRest(point: Point, since: number | null): void {
    this.frame = requestAnimationFrame((time) => {
      if (since !== null && time - since >= kRestMs) void this.ask(point);
      else this.waitForRest(point, since ?? time);
    });
  }

  private async ask(point: Point): Promise<void> {
    const controller = new AbortController();
    this.inFlight = controller;
    let parts: readonly PolygonPart[] = [];
    try {
      parts = await this.editor.services.preview(point, controller.signal);
    } catch {
      // A preview that fails is none; a click will say what is wrong.
    }
    if (this.inFlight !== controller) return;
    this.inFlight = null;
    this.show(parts.length > 0 ? outlineOfParts(parts) : null);
  }

  private stopAsking(): void {
    cancelAnimationFrame(this.frame);
    this.inFlight?.abort();
    this.inFlight = null;
  }

  private show(outline: Outline | null): void {
    if (outline === this.shown) return;
    this.shown = outline;
    const painter = outline && paintHover(outline);
    setPainter(this.editor.overlay, kPainter, painter);
  }
}

function outlineOfParts(parts: readonly PolygonPart[]): Outline {
  return closedOutline(
    parts.flatMap((part) => [part.points, ...(part.holes ?? [])].map((ring) => flatten(ring))),
  );
}
