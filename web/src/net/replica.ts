/**
 * One asset's document on this page: what the log says, the person's own operations on top, and
 * both kept in step as either grows. Speaks to nobody but the device's outbox; what changed, what
 * fell away and what others did is told to the listeners as it happens.
 */
import type { Kernel } from '../kernel/kernel';
import type { Operation, OperationDraft, Snapshot } from '../kernel/records';
import { uuidv7 } from '../kernel/ids';
import { Arrivals } from './arrivals';
import type { Keeper } from './keeper';
import type { RemoteOperation } from './liveTypes';
import { Inverses } from './inverses';
import { changeOf, gestureOf, targetOf } from './operations';
import { Deletions, plainNotice, type SessionNotice } from './sessionNotices';
import type { KeptOperation } from './sessionOutbox';
import { SessionQueue, type Lost } from './sessionQueue';
import type { DroppedOperation } from './sessionWire';
import { SharedDocument } from './sharedDocument';

/** Ids that changed, or null when anything may have. */
export type Touched = readonly string[] | null;

/** The gesture that operations belong to: undone as one. */
export interface Gesture {
  step: string;
  undoes?: string;
}

export interface CommitResult {
  applied: Operation[];
  /** Undo what was applied, in the order to run them. */
  inverse: OperationDraft[];
}

export interface ReplicaListeners {
  onChange(touched: Touched): void;
  onNotice(notice: SessionNotice): void;
  /** Others' operations, before `onChange` of what they touch. */
  onRemote?(operations: readonly RemoteOperation[]): void;
  /**
   * Somebody else's change, over which undo steps are to be carried: as it is on what is seen here
   * without the gestures in `waiting`, which `onReinverted` tells of.
   */
  onForeign?(change: OperationDraft, waiting: ReadonlySet<string>): void;
  /** What takes back a waiting gesture's part in `target`, on what others did before it. */
  onReinverted?(gesture: string, target: string, operations: readonly OperationDraft[]): void;
  /** The state was replaced whole: what was known of how it came about is of no use. */
  onReplaced?(): void;
}

export class Replica {
  readonly queue: SessionQueue;
  readonly document: SharedDocument;
  private readonly arrivals = new Arrivals();
  private readonly deletions = new Deletions();

  constructor(
    kernel: Kernel,
    private readonly keeper: Keeper,
    private readonly listeners: ReplicaListeners,
  ) {
    this.queue = new SessionQueue(kernel);
    this.document = new SharedDocument(kernel, this.queue);
  }

  get revision(): number {
    return this.document.revision;
  }

  /** Has something come that lacks what comes before it? */
  get gap(): boolean {
    return this.arrivals.gap;
  }

  /** The first state, with what an earlier visit left on top. */
  begin(snapshot: Snapshot, left: readonly KeptOperation[]): void {
    this.queue.adopt(left.map((entry) => ({ base: snapshot.revision, ...known(entry) })));
    this.document.load(snapshot);
  }

  commit(drafts: readonly OperationDraft[], gesture: Gesture): CommitResult {
    const result: CommitResult = { applied: [], inverse: [] };
    for (const draft of drafts) {
      this.applyOwn({ ...draft, ...gesture, id: uuidv7() } as Operation, result);
    }
    const { applied } = result;
    if (applied.length === 0) return result;
    const entries = applied.map((operation) => ({ operation, base: this.revision }));
    this.queue.push(entries);
    this.keeper.put(entries);
    this.listeners.onChange([...new Set(applied.map(targetOf))]);
    return result;
  }

  /** Takes a newer state whole. */
  replace(snapshot: Snapshot): void {
    if (snapshot.revision <= this.revision) return;
    this.document.load(snapshot);
    this.arrivals.skipTo(snapshot.revision);
    this.listeners.onReplaced?.();
    this.listeners.onChange(null);
  }

  /** What waits was made too long ago to be merged: it stands on the present state instead. */
  standOn(snapshot: Snapshot): void {
    this.replace(snapshot);
    this.queue.returnBatch(new Set());
    this.queue.standOn(this.revision);
    this.show(new Set());
  }

  /** What the log says, in whatever order it comes. False when the two have parted. */
  take(operations: readonly RemoteOperation[]): boolean {
    this.settlePast(operations);
    this.arrivals.add(operations, this.revision);
    const ready = this.arrivals.take(this.revision);
    const foreign = ready.filter((operation) => !this.queue.has(operation.id));
    if (foreign.length > 0) this.listeners.onRemote?.(foreign);
    const touched = new Set<string>();
    const lost: Lost[] = [];
    const together = ready.every((operation) => this.grow(operation, touched, lost));
    this.show(touched);
    this.explain(lost);
    return together;
  }

  /** What another tab left. */
  takeOver(left: readonly KeptOperation[]): void {
    this.queue.adopt(left.map((entry) => ({ base: this.revision, ...known(entry) })));
    this.show(new Set(left.map(({ operation }) => targetOf(operation))));
  }

  /** These are no longer in the queue, and `dropped` says why. */
  fall(fallen: readonly Operation[], dropped: readonly DroppedOperation[]): void {
    const operations = new Map(fallen.map((operation) => [operation.id, operation]));
    const lost: Lost[] = [];
    for (const { id, code, rule, detail } of dropped) {
      const operation = operations.get(id);
      // Sent before this page was opened: it is in the log.
      if (!operation || code === 'already_applied') continue;
      if (rule !== '' || code === 'target_gone') lost.push({ operation, rule, code });
      else this.listeners.onNotice(plainNotice(code, detail, [operation]));
    }
    this.keeper.remove([...operations.keys()]);
    this.show(new Set(fallen.map(targetOf)));
    this.explain(lost);
  }

  private applyOwn(operation: Operation, result: CommitResult): void {
    const undo = this.document.invert(operation);
    const outcome = this.document.apply(operation);
    if (!outcome.ok) {
      this.listeners.onNotice(plainNotice(outcome.code, outcome.detail, [operation]));
      return;
    }
    result.applied.push(operation);
    result.inverse.unshift(...undo);
  }

  /** Part of the state already: told before, or in a snapshot. */
  private settlePast(operations: readonly RemoteOperation[]): void {
    const past = operations.filter(
      ({ id, revision }) => revision <= this.revision && this.queue.has(id),
    );
    for (const operation of past) this.queue.settle(operation);
    this.keeper.remove(past.map(({ id }) => id));
    this.show(new Set(past.map(targetOf)));
  }

  private grow(operation: RemoteOperation, touched: Set<string>, lost: Lost[]): boolean {
    const target = targetOf(operation);
    const own = this.queue.has(operation.id);
    const meets = own ? [] : this.queue.on(target);
    if (meets.length > 0) this.deletions.note(operation, this.document.get(target));
    if (!this.document.confirm(operation)) return false;
    if (own) {
      if (!this.queue.settle(operation)) touched.add(target);
      this.queue.advance(operation.revision - 1, operation.revision);
      this.keeper.remove([operation.id]);
      return true;
    }
    touched.add(target);
    const carried = this.queue.carryOver(operation);
    lost.push(...carried.lost);
    const undoing = meets.some(({ undoes }) => undoes !== undefined);
    const foreign = undoing ? carried.remote : changeOf(operation);
    const waiting = new Set(meets.flatMap((each) => gestureOf(each) ?? []));
    if (foreign !== null) this.listeners.onForeign?.(foreign, waiting);
    return true;
  }

  private show(touched: ReadonlySet<string>): void {
    const rewritten = this.queue.takeRewritten();
    if (rewritten !== null) this.keeper.put(rewritten);
    if (touched.size === 0) return;
    const inverses = new Inverses();
    this.document.restack(touched, (operation, inverse) => inverses.add(operation, inverse));
    for (const { gesture, target, operations } of inverses.all()) {
      this.listeners.onReinverted?.(gesture, target, operations);
    }
    this.listeners.onChange([...touched]);
  }

  private explain(lost: readonly Lost[]): void {
    this.keeper.remove(lost.map(({ operation }) => operation.id));
    for (const notice of this.deletions.explain(lost)) this.listeners.onNotice(notice);
  }
}

function known({ operation, base }: KeptOperation): { operation: Operation; base?: number } {
  return base === null ? { operation } : { operation, base };
}
