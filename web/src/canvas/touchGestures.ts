/**
 * Fingers on the stage. One draws, unless a pen was seen, then it moves the view; two move and zoom
 * it; a tap of two undoes, of three redoes; one that rests asks for a menu.
 */
import type { Point } from '../kernel/records';
import { Rest } from './rest';

const kTapMs = 300;
const kTapPx = 12;

export interface TouchTarget {
  pan(dx: number, dy: number): void;
  zoomAt(screen: Point, factor: number): void;
  /** What one finger has begun is not to be. */
  cancel(): void;
  undo(): void;
  redo(): void;
  menu(screen: Point): void;
}

interface Finger {
  start: Point;
  at: Point;
}

export class TouchGestures {
  private readonly fingers = new Map<number, Finger>();
  private most = 0;
  private since = 0;
  private strayed = false;
  private readonly rest = new Rest();

  constructor(private readonly target: TouchTarget) {}

  get many(): boolean {
    return this.most > 1;
  }

  dispose(): void {
    this.rest.end();
  }

  /** `rests`: whether it may ask for a menu by staying. */
  down(id: number, at: Point, time: number, rests = true): void {
    if (this.fingers.size === 0) {
      this.most = 0;
      this.since = time;
      this.strayed = false;
    }
    this.fingers.set(id, { start: at, at });
    this.most = Math.max(this.most, this.fingers.size);
    this.rest.end();
    if (this.fingers.size === 2) this.target.cancel();
    if (this.most === 1 && rests) this.rest.begin(at, () => this.rested(id));
  }

  /** Returns whether the finger moves the view, so that no tool may hear of it. */
  move(id: number, at: Point, pans: boolean): boolean {
    const finger = this.fingers.get(id);
    if (!finger) return false;
    const before = this.measure();
    const last = finger.at;
    finger.at = at;
    this.rest.move(at);
    if (Math.hypot(at[0] - finger.start[0], at[1] - finger.start[1]) > kTapPx) this.strayed = true;
    if (this.many) {
      this.pinch(before);
      return true;
    }
    if (pans && this.strayed) this.target.pan(at[0] - last[0], at[1] - last[1]);
    return pans;
  }

  /** Returns whether the finger was part of a gesture of several. */
  up(id: number, time: number): boolean {
    const { many } = this;
    this.rest.end();
    if (!this.fingers.delete(id)) return many;
    if (this.fingers.size > 0 || this.strayed || time - this.since > kTapMs) return many;
    if (this.most === 2) this.target.undo();
    if (this.most === 3) this.target.redo();
    return many;
  }

  lost(id: number): void {
    this.rest.end();
    this.fingers.delete(id);
    this.strayed = true;
  }

  private rested(id: number): void {
    const finger = this.fingers.get(id);
    if (!finger) return;
    this.target.cancel();
    this.most = Infinity;
    this.strayed = true;
    this.target.menu(finger.at);
  }

  private pinch(before: { span: number; centre: Point } | null): void {
    const now = this.measure();
    if (!before || !now || !this.strayed) return;
    this.target.pan(now.centre[0] - before.centre[0], now.centre[1] - before.centre[1]);
    this.target.zoomAt(now.centre, now.span / before.span);
  }

  private measure(): { span: number; centre: Point } | null {
    const [a, b] = [...this.fingers.values()];
    if (!a || !b) return null;
    return {
      span: Math.max(1, Math.hypot(a.at[0] - b.at[0], a.at[1] - b.at[1])),
      centre: [(a.at[0] + b.at[0]) / 2, (a.at[1] + b.at[1]) / 2],
    };
  }
}
