/**
 * Undo and redo as operations, per person: a step holds what would take it back, and running that
 * gives the step that brings it again. Nothing is rewound; others see a new edit. As others edit,
 * steps are carried over what they do, as if they came first (rule R12 of docs/live-protocol.md):
 * undo never takes back what somebody else did, and a step of which nothing is left is skipped.
 * Each stack is what leads away from the present state, the next step last.
 */
import { uuidv7 } from '../kernel/ids';
import type { Kernel } from '../kernel/kernel';
import type { OperationDraft } from '../kernel/records';
import { changeOf, targetOf } from '../net/operations';
import type { CommitResult, Gesture } from '../net/session';
import { Emitter, Signal } from './signal';

export interface Step {
  /** The gesture as it was first made; undoing and redoing it does not change its name. */
  step: string;
  title: string;
  operations: OperationDraft[];
}

/** Runs operations; what was applied and how to take it back. */
export type Runner = (
  operations: readonly OperationDraft[],
  gesture: Gesture,
) => Pick<CommitResult, 'inverse'> & { applied: readonly unknown[] };

export interface HistoryState {
  undo: string | null;
  redo: string | null;
}

export class History {
  readonly state = new Signal<HistoryState>({ undo: null, redo: null });
  /** Titles of steps that were passed over because others' changes left nothing of them. */
  readonly skipped = new Emitter<string>();
  /** A step was undone or done again. */
  readonly moved = new Emitter<string>();
  private undoSteps: Step[] = [];
  private redoSteps: Step[] = [];

  constructor(
    private readonly run: Runner,
    private readonly kernel: Pick<Kernel, 'transformAll'>,
  ) {}

  record(step: Step): void {
    if (step.operations.length === 0) return;
    this.undoSteps.push({ ...step, operations: step.operations.map(changeOf) });
    this.redoSteps = [];
    this.tell();
  }

  /** Steps of earlier visits, under those of this one; what is known here already is left out. */
  fill(undo: readonly Step[], redo: readonly Step[]): void {
    const known = new Set([...this.undoSteps, ...this.redoSteps].map(({ step }) => step));
    const fresh = (steps: readonly Step[]) => steps.filter(({ step }) => !known.has(step));
    this.undoSteps.unshift(...fresh(undo));
    if (known.size === 0) this.redoSteps.unshift(...fresh(redo));
    this.tell();
  }

  clear(): void {
    this.undoSteps = [];
    this.redoSteps = [];
    this.tell();
  }

  /** Somebody else's change has come under what is seen here; steps in `but` are told anew. */
  carryOver(foreign: OperationDraft, but: ReadonlySet<string> = new Set()): void {
    for (const steps of [this.undoSteps, this.redoSteps]) {
      this.carry(
        steps.filter(({ step }) => !but.has(step)),
        foreign,
      );
    }
  }

  /** A step's part in `target` is taken back by these now. */
  reinvert(step: string, target: string, operations: readonly OperationDraft[]): void {
    const found = [...this.undoSteps, ...this.redoSteps].find((each) => each.step === step);
    if (!found) return;
    const others = found.operations.filter((operation) => targetOf(operation) !== target);
    found.operations = [...operations.map(changeOf), ...others];
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
      const { step, title: name, operations } = from.pop()!;
      const result = this.run(operations, { step: uuidv7(), undoes: step });
      if (result.applied.length === 0) {
        this.skipped.emit(name);
        continue;
      }
      to.push({ step, title: name, operations: result.inverse.map(changeOf) });
      title = name;
      this.moved.emit(step);
    }
    this.tell();
    return title;
  }

  /** All operations on the changed object, in the order in which they would run, at once. */
  private carry(steps: readonly Step[], foreign: OperationDraft): void {
    const target = targetOf(foreign);
    const met: { step: Step; index: number }[] = [];
    for (const step of steps.toReversed()) {
      step.operations.forEach((operation, index) => {
        if (targetOf(operation) === target) met.push({ step, index });
      });
    }
    if (met.length === 0) return;
    const changes = met.map(({ step, index }) => step.operations[index]!);
    const merged = this.kernel.transformAll(changes, [foreign], 'earlier');
    met.forEach(({ step, index }, place) => {
      step.operations[index] = merged.changes[place]!.change ?? kNothing;
    });
    for (const { step } of met) {
      step.operations = step.operations.filter((operation) => operation !== kNothing);
    }
  }

  private tell(): void {
    this.state.set({
      undo: this.undoSteps.at(-1)?.title ?? null,
      redo: this.redoSteps.at(-1)?.title ?? null,
    });
  }
}

/** Marks the place of an operation of which nothing is left. */
const kNothing: OperationDraft = { op: 'del', target: '' };
