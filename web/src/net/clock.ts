/** Time and chance as the connection sees them; tests bring their own and replay by it. */
export interface Clock {
  /** Milliseconds that never go back. */
  now(): number;
  /** Runs once after `ms`; the result cancels. */
  after(ms: number, run: () => void): () => void;
  /** 0 to 1. */
  random(): number;
}

export const browserClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** One thing to do later; setting it anew replaces what was set. */
export class Timer {
  private cancel: (() => void) | null = null;

  constructor(private readonly clock: Clock) {}

  get running(): boolean {
    return this.cancel !== null;
  }

  start(ms: number, run: () => void): void {
    this.stop();
    this.cancel = this.clock.after(ms, () => {
      this.cancel = null;
      run();
    });
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }
}

const kFirstDelayMs = 500;
const kLongestDelayMs = 15_000;

/** How long to wait after `failures` in a row, one or more: doubled each time, a half by chance. */
export function backoff(failures: number, clock: Clock): number {
  const longest = Math.min(kLongestDelayMs, kFirstDelayMs * 2 ** Math.min(failures - 1, 10));
  return longest * (0.5 + clock.random() / 2);
}
