/** Time that stands still until a test moves it, and chance that a seed decides. */
import type { Clock } from './clock';

interface Due {
  at: number;
  order: number;
  run: () => void;
}

export class TestClock implements Clock {
  private time = 0;
  private order = 0;
  private due: Due[] = [];
  private state: number;

  constructor(seed = 1) {
    this.state = seed >>> 0;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const entry = { at: this.time + Math.max(0, ms), order: this.order++, run };
    this.due.push(entry);
    return () => {
      this.due = this.due.filter((each) => each !== entry);
    };
  }

  /** Mulberry32. */
  random(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** 0 to `count` - 1. */
  pick(count: number): number {
    return Math.floor(this.random() * count);
  }

  /** Runs what is due in order; what it awaits goes on in between. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.due = this.due.filter((each) => each !== next);
      this.time = next.at;
      next.run();
      await settle();
    }
    this.time = end;
  }

  private next(end: number): Due | undefined {
    let first: Due | undefined;
    for (const each of this.due) {
      if (each.at > end) continue;
      if (!first || each.at < first.at || (each.at === first.at && each.order < first.order)) {
        first = each;
      }
    }
    return first;
  }
}

/** All promises that can go on have gone on. */
function settle(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
