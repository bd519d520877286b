/**
 * Follows another person's view: what is in the middle of their window comes to the middle of this
 * one, at their scale. Whoever moves this window's view by hand stops following. The canvas calls
 * `step` while something is on its way.
 */
import { sameCamera, type Camera } from './camera';
import type { Company } from './company';
import type { View } from './view';

/** Share of the way that is left after each 16.7 ms. */
const kLeftPerFrame = 0.78;
const kFrameMs = 1000 / 60;
const kArrivedPx = 0.5;

export class Follower {
  private moving = false;
  private last: number | null = null;
  private readonly stops: (() => void)[];

  constructor(
    private readonly view: View,
    private readonly company: Company,
    private readonly still: () => boolean,
  ) {
    this.stops = [
      view.camera.subscribe(() => {
        if (!this.moving) company.following.set(null);
      }),
    ];
  }

  dispose(): void {
    for (const stop of this.stops) stop();
  }

  /** Moves the view towards the followed one's. Returns whether it has not arrived yet. */
  step(time: number): boolean {
    const target = this.target();
    if (!target) {
      this.last = null;
      return false;
    }
    const elapsed = this.last === null ? kFrameMs : Math.min(100, time - this.last);
    const left = this.still() ? 0 : kLeftPerFrame ** (elapsed / kFrameMs);
    const now = this.view.camera.get();
    const next = arrived(now, target) ? target : between(target, now, left);
    const going = next !== target && left > 0;
    this.moving = true;
    if (!sameCamera(now, next)) this.view.camera.set(next);
    this.moving = false;
    this.last = going ? time : null;
    return going;
  }

  private target(): Camera | null {
    const session = this.company.following.get();
    const view = session === null ? null : this.company.presence(session)?.view;
    return view ? this.view.cameraFor(view) : null;
  }
}

function arrived(a: Camera, b: Camera): boolean {
  const shift = Math.hypot(a.x - b.x, a.y - b.y);
  return shift < kArrivedPx && Math.abs(a.zoom / b.zoom - 1) < 1e-3;
}

function between(target: Camera, now: Camera, left: number): Camera {
  const mix = (to: number, from: number) => to + (from - to) * left;
  return {
    ...target,
    zoom: mix(target.zoom, now.zoom),
    x: mix(target.x, now.x),
    y: mix(target.y, now.y),
  };
}
