/** Of the comments what the canvas needs: which thread is open, and where one is being begun. */
import type { Point } from '../kernel/records';
import { Signal } from './signal';

/** Where a thread hangs: on an object, or on a spot in image pixels. */
export type Anchor = { annotationId: string } | { at: Point };

export class Discussion {
  readonly open = new Signal<string | null>(null);
  /** A thread that has a place but no words yet. */
  readonly draft = new Signal<Anchor | null>(null);

  get busy(): boolean {
    return this.open.get() !== null || this.draft.get() !== null;
  }

  begin(anchor: Anchor): void {
    this.open.set(null);
    this.draft.set(anchor);
  }

  show(threadId: string | null): void {
    this.draft.set(null);
    this.open.set(threadId);
  }
}
