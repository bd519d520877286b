/**
 * Undo and redo as operations: a step holds what would take it back, and running that gives the
 * step that brings it again. Nothing is rewound; others see a new edit. A step whose operations no
 * longer apply (somebody deleted the object) is skipped.
 */
import type { OperationDraft } from '../kernel/records';
import { Signal } from './signal';

export interface Step {
  title: string;
  operations: OperationDraft[];
}

/** Runs operations; what was applied and how to take it back. */
export type Runner = (operations: readonly OperationDraft[]) => {
  applied: readonly unknown[];
  inverse: OperationDraft[];
};

export interface HistoryState {
  undo: string | null;
  redo: string | null;
}

const kStepsMax = 500;

export class History {
  readonly state = new Signal<HistoryState>({ undo: null, redo: null });
  private undoSteps: Step[] = [];
  private redoSteps: Step[] = [];

  constructor(private readonly run: Runner) {}

  record(step: Step): void {
    if (step.operations.length === 0) return;
    this.undoSteps.push(step);
    if (this.undoSteps.length > kStepsMax) this.undoSteps.shift();
    this.redoSteps = [];
    this.tell();
  }

  /** The title of the step taken back, or null when there was none that still applies. */
  undo(): string | null {
    return this.move(this.undoSteps, this.redoSteps);
  }

  redo(): string | null {
    return this.move(this.redoSteps, this.undoSteps);
  }

  private move(from: Step[], to: Step[]): string | null {
    let title: string | null = null;
    while (title === null && from.length > 0) {
      const step = from.pop()!;
      const result = this.run(step.operations);
      if (result.applied.length === 0) continue;
      to.push({ title: step.title, operations: result.inverse });
      title = step.title;
    }
    this.tell();
    return title;
  }

  private tell(): void {
    this.state.set({
      undo: this.undoSteps.at(-1)?.title ?? null,
      redo: this.redoSteps.at(-1)?.title ?? null,
    });
  }
}
