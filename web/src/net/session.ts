/**
 * The one door of the editor to its document: `confirmed` state as the server last told it, plus
 * `pending` operations on top. Every change is applied here at once, kept in the outbox, sent in
 * batches, and either confirmed or taken back with a notice. One batch is in flight at a time, so
 * the server sees operations in the order they were made. Not thread-safe: one session per page.
 */
import type { Kernel, KernelDocument } from '../kernel/kernel';
import type { Annotation, Operation, OperationDraft, Snapshot } from '../kernel/records';
import { uuidv7 } from '../kernel/ids';
import type { Outbox } from './sessionOutbox';
import {
  TransportError,
  type RemoteBatch,
  type SendResult,
  type SessionTransport,
} from './sessionTransport';

export type SaveState =
  | { kind: 'saved' }
  | { kind: 'saving'; count: number }
  | { kind: 'offline'; count: number; kept: boolean }
  | { kind: 'signed_out'; count: number };

/** Something the person should be told; `code` is stable and translated above. */
export interface SessionNotice {
  code: string;
  detail: string;
  operations: Operation[];
}

/** Ids that changed, or null when anything may have. */
export type Touched = readonly string[] | null;

export interface CommitResult {
  applied: Operation[];
  /** Undo what was applied, in the order to run them. */
  inverse: OperationDraft[];
}

export interface SessionOptions {
  kernel: Kernel;
  transport: SessionTransport;
  outbox: Outbox;
  assetId: string;
  onChange(touched: Touched): void;
  onSaveState(state: SaveState): void;
  onNotice(notice: SessionNotice): void;
}

const kBatchDelayMs = 30;
const kBatchOperationsMax = 200;
const kBackoffMs = [500, 1000, 2000, 4000, 8000, 15000] as const;

export class Session {
  private confirmed: KernelDocument;
  private live: KernelDocument;
  private revision = 0;
  private pending: Operation[] = [];
  private inFlight: Promise<void> | null = null;
  /** A batch whose answer was lost: it is sent again exactly as it was, or the server balks. */
  private unanswered: Operation[] | null = null;
  private failures = 0;
  private retryAfterMs: number | null = null;
  private trouble: 'unreachable' | 'signed_out' | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private outboxQueue: Promise<void> = Promise.resolve();
  private outboxBroken = false;
  private unsubscribe: (() => void) | null = null;
  private closed = false;

  private constructor(private readonly options: SessionOptions) {
    this.confirmed = options.kernel.createDocument();
    this.live = options.kernel.createDocument();
  }

  /** Loads the server's state and lays operations left from an earlier visit on top. */
  static async open(options: SessionOptions): Promise<Session> {
    const session = new Session(options);
    const left = options.outbox.read().catch(() => {
      session.outboxBroken = true;
      return [] as Operation[];
    });
    const snapshot = await options.transport.load(options.assetId);
    session.pending = await left;
    session.adopt(snapshot);
    session.unsubscribe =
      options.transport.subscribe?.(options.assetId, (batch) => session.receive(batch)) ?? null;
    if (session.pending.length > 0) session.schedule(0);
    session.tell();
    return session;
  }

  get(id: string): Annotation | null {
    return this.live.get(id);
  }

  ids(): string[] {
    return this.live.ids();
  }

  items(): Annotation[] {
    return this.live.items();
  }

  get pendingCount(): number {
    return this.pending.length;
  }

  /** True when closing the page now would lose a change. */
  get wouldLose(): boolean {
    return this.pending.length > 0 && this.outboxBroken;
  }

  /**
   * Applies operations here and now and queues them for the server. An operation the kernel
   * refuses is left out with a notice; the others stand.
   */
  commit(drafts: readonly OperationDraft[]): CommitResult {
    const applied: Operation[] = [];
    const inverse: OperationDraft[] = [];
    const touched = new Set<string>();
    for (const draft of drafts) {
      const operation = { ...draft, id: uuidv7() } as Operation;
      const undo = this.live.invert(operation);
      const result = this.live.apply(operation);
      if (!result.ok) {
        this.options.onNotice({ ...result, operations: [operation] });
        continue;
      }
      applied.push(operation);
      inverse.unshift(...undo.map(nameless));
      for (const id of result.touched) touched.add(id);
    }
    if (applied.length > 0) {
      this.pending.push(...applied);
      this.keep(applied);
      this.options.onChange([...touched]);
      this.schedule(kBatchDelayMs);
      this.tell();
    }
    return { applied, inverse };
  }

  /** Sends what waits without further delay; resolves when it is acknowledged or has failed. */
  async flush(): Promise<void> {
    this.cancelTimer();
    while (this.pending.length > 0) {
      const failuresBefore = this.failures;
      await (this.inFlight ?? this.push());
      if (this.failures > failuresBefore || this.trouble !== null) return;
    }
  }

  /** The network or the sign-in is back: try at once. */
  retryNow(): void {
    if (this.pending.length === 0) return;
    this.schedule(0);
  }

  /** Takes the server's present state and lays pending operations on top. */
  async refresh(): Promise<void> {
    const snapshot = await this.options.transport.load(this.options.assetId);
    if (this.closed) return;
    this.adopt(snapshot);
  }

  /** Sends what waits in the background; the outbox keeps what does not get through. */
  close(): void {
    if (this.closed) return;
    this.unsubscribe?.();
    void this.flush().finally(() => {
      this.closed = true;
      this.cancelTimer();
      this.confirmed.dispose();
      this.live.dispose();
    });
    this.closed = true;
  }

  private adopt(snapshot: Snapshot): void {
    this.revision = snapshot.revision;
    this.confirmed.load(snapshot);
    this.rebase();
  }

  /**
   * An operation that no longer applies here stays pending: the server may already have taken it
   * (its answer was lost), and only the server may refuse it.
   */
  private rebase(): void {
    const previous = this.live;
    this.live = this.confirmed.clone();
    for (const operation of this.pending) this.live.apply(operation);
    previous.dispose();
    this.options.onChange(null);
  }

  private receive(batch: RemoteBatch): void {
    if (this.closed || batch.revision <= this.revision) return;
    for (const operation of batch.operations) this.confirmed.apply(asSent(operation));
    this.revision = batch.revision;
    this.rebase();
  }

  private schedule(delayMs: number): void {
    if (this.inFlight !== null || this.closed) return;
    this.cancelTimer();
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.push();
    }, delayMs);
  }

  private cancelTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private push(): Promise<void> {
    if (this.pending.length === 0) return Promise.resolve();
    const batch = this.unanswered ?? this.pending.slice(0, kBatchOperationsMax);
    this.inFlight = this.exchange(batch).finally(() => {
      this.inFlight = null;
      this.tell();
      if (this.pending.length > 0) this.schedule(this.nextDelay());
    });
    this.tell();
    return this.inFlight;
  }

  private nextDelay(): number {
    if (this.failures === 0) return 0;
    if (this.retryAfterMs !== null) return this.retryAfterMs;
    const step = kBackoffMs[Math.min(this.failures, kBackoffMs.length) - 1]!;
    return step * (0.75 + Math.random() * 0.5);
  }

  private async exchange(batch: Operation[]): Promise<void> {
    const { transport, assetId } = this.options;
    try {
      await this.outboxQueue;
      const request = { base_revision: this.revision, operations: batch };
      this.unanswered = batch;
      const result = await transport.send(assetId, request);
      this.unanswered = null;
      await this.settle(batch, result);
      this.failures = 0;
      this.trouble = null;
    } catch (error) {
      await this.fail(batch, error);
    }
  }

  private async settle(batch: Operation[], result: SendResult): Promise<void> {
    if (result.kind === 'rejected') {
      const rejected = new Map(result.rejected.map((entry) => [entry.id, entry.code]));
      const dropped = batch.filter((operation) => rejected.has(operation.id));
      this.drop(dropped);
      for (const operation of dropped) {
        const code = rejected.get(operation.id)!;
        // Sent before this page was opened: it is in the state that is fetched now.
        if (code === 'already_applied') continue;
        this.options.onNotice({ code, detail: '', operations: [operation] });
      }
      this.adopt(await this.options.transport.load(this.options.assetId));
      return;
    }
    if (result.revision < this.revision) {
      // A refresh overtook this answer: the state already holds these operations.
      this.drop(batch);
      this.rebase();
      return;
    }
    const alone = result.revision - this.revision <= batch.length;
    const applied = result.applied.length > 0 ? result.applied : batch;
    const touched = new Set<string>();
    for (const operation of applied) {
      const outcome = this.confirmed.apply(asSent(operation));
      if (outcome.ok) for (const id of outcome.touched) touched.add(id);
    }
    this.revision = result.revision;
    this.drop(batch);
    if (!alone) this.adopt(await this.options.transport.load(this.options.assetId));
    else this.takeStored(touched);
  }

  /** The server may store an operation more fully than it was sent (asset, vertex keys). */
  private takeStored(touched: Set<string>): void {
    const busy = new Set(this.pending.map(targetOf));
    const changed = [...touched].filter((id) => {
      if (busy.has(id)) return false;
      const stored = this.confirmed.get(id);
      if (!stored || sameContent(stored, this.live.get(id))) return false;
      return this.live.apply({ op: 'put', id: uuidv7(), annotation: stored }).ok;
    });
    if (changed.length > 0) this.options.onChange(changed);
  }

  private async fail(batch: Operation[], error: unknown): Promise<void> {
    this.failures += 1;
    this.retryAfterMs = error instanceof TransportError ? error.retryAfterMs : null;
    if (!(error instanceof TransportError) || error.failure === 'unreachable') {
      this.trouble = 'unreachable';
      return;
    }
    if (error.failure === 'signed_out') {
      this.trouble = 'signed_out';
      return;
    }
    this.trouble = null;
    this.unanswered = null;
    const named = error.indices.flatMap((index) => batch[index] ?? []);
    const dropped = named.length > 0 ? named : batch;
    this.drop(dropped);
    this.options.onNotice({ code: error.code, detail: error.message, operations: dropped });
    this.rebase();
  }

  private drop(operations: readonly Operation[]): void {
    const ids = new Set(operations.map((operation) => operation.id));
    this.pending = this.pending.filter((operation) => !ids.has(operation.id));
    this.outboxQueue = this.outboxQueue
      .then(() => this.options.outbox.remove([...ids]))
      .catch(() => this.breakOutbox());
  }

  private keep(operations: readonly Operation[]): void {
    this.outboxQueue = this.outboxQueue
      .then(() => this.options.outbox.append(operations))
      .catch(() => this.breakOutbox());
  }

  private breakOutbox(): void {
    this.outboxBroken = true;
    this.tell();
  }

  private tell(): void {
    if (this.closed) return;
    const count = this.pending.length;
    if (count === 0) this.options.onSaveState({ kind: 'saved' });
    else if (this.trouble === 'signed_out') this.options.onSaveState({ kind: 'signed_out', count });
    else if (this.trouble === 'unreachable') {
      this.options.onSaveState({ kind: 'offline', count, kept: !this.outboxBroken });
    } else this.options.onSaveState({ kind: 'saving', count });
  }
}

function nameless(operation: Operation): OperationDraft {
  const { id: _id, ...draft } = operation;
  return draft as OperationDraft;
}

/** What the log adds to an operation is nothing that the kernel would take. */
function asSent(operation: Operation): Operation {
  const {
    revision: _revision,
    created_by: _author,
    created_at: _time,
    ...sent
  } = operation as Operation & Record<string, unknown>;
  return sent as Operation;
}

/** Revisions aside: the live document counts them on its own. */
function sameContent(a: Annotation, b: Annotation | null): boolean {
  return (
    b !== null && JSON.stringify({ ...a, revision: 0 }) === JSON.stringify({ ...b, revision: 0 })
  );
}

export function targetOf(operation: Operation): string {
  return operation.op === 'put' ? operation.annotation.id : operation.target;
}
