/**
 * Where to draw another person's cursor between two reports of it. Reports come about ten times a
 * second; the cursor glides from where it was seen to where it was reported within one interval.
 * Image pixels, milliseconds of one steady clock.
 */
import type { Point } from '../kernel/records';

/** A little over the server's pace, so that a cursor in motion never stands still. */
const kGlideMs = 120;
/** After a silence the first report is a jump, not a slow flight across the image. */
const kJumpAfterMs = 1500;
export const kIdleMs = 10_000;
const kFadeMs = 600;

export class CursorTrack {
  private from: Point;
  private to: Point;
  private since: number;
  private reported: number;

  constructor(at: Point, time: number) {
    this.from = at;
    this.to = at;
    this.since = time;
    this.reported = time;
  }

  /** The same place again is no sign of life. */
  report(at: Point, time: number): void {
    if (at[0] === this.to[0] && at[1] === this.to[1]) return;
    const jump = time - this.reported > kJumpAfterMs;
    this.from = jump ? at : this.at(time);
    this.to = at;
    this.since = time;
    this.reported = time;
  }

  at(time: number): Point {
    const share = Math.min(1, Math.max(0, (time - this.since) / kGlideMs));
    const [x0, y0] = this.from;
    const [x1, y1] = this.to;
    return [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share];
  }

  /** 1 while it lives, falling to 0 after `kIdleMs` without a move. */
  opacity(time: number): number {
    const idle = time - this.reported - kIdleMs;
    return 1 - Math.min(1, Math.max(0, idle / kFadeMs));
  }

  /** Whether the next frame would look different. */
  moving(time: number): boolean {
    const gliding = time - this.since < kGlideMs;
    const idle = time - this.reported - kIdleMs;
    return gliding || (idle >= 0 && idle < kFadeMs);
  }

  /** When it will begin to fade; null when it has. */
  fadesAt(time: number): number | null {
    const start = this.reported + kIdleMs;
    return start > time ? start : null;
  }
}
