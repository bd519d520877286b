/** A finger or a pen that stays where it came down. */
import type { Point } from '../kernel/records';

const kRestMs = 500;
/** A hand is never quite still. */
const kStillPx = 12;

export class Rest {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private start: Point = [0, 0];

  begin(at: Point, rested: () => void): void {
    this.end();
    this.start = at;
    this.timer = setTimeout(rested, kRestMs);
  }

  move(at: Point): void {
    if (Math.hypot(at[0] - this.start[0], at[1] - this.start[1]) > kStillPx) this.end();
  }

  end(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
