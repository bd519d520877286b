/**
 * The one door of the editor to its document. Every change is applied here at once, kept on this
 * device, and sent in batches, one at a time, so that the server sees operations in the order they
 * were made. Others' operations are laid under what waits (replica.ts). What the server's log says
 * is the truth; what is on the screen is that with the queue on top.
 * Not thread-safe: one session per page and asset.
 */
import type { Kernel } from '../kernel/kernel';
import type { Annotation, Operation, OperationDraft, Snapshot } from '../kernel/records';
import { uuidv7 } from '../kernel/ids';
import { Timer, type Clock } from './clock';
import { Keeper } from './keeper';
import type { LiveLink } from './liveLink';
import type { RemoteOperation, ShownPresence } from './liveTypes';
import { Replica, type CommitResult, type Gesture, type ReplicaListeners } from './replica';
import { saveStateOf, type SaveState } from './saveState';
import { plainNotice } from './sessionNotices';
import type { Outbox } from './sessionOutbox';
import type { UndoSteps } from './sessionRequests';
import type {
  Acknowledgement,
  Arrival,
  Outage,
  Refusal,
  SessionWire,
  WireListener,
} from './sessionWire';

export type { CommitResult, Gesture, Touched } from './replica';
export type { SaveState } from './saveState';
export type { SessionNotice } from './sessionNotices';

export interface SessionListeners extends ReplicaListeners {
  onSaveState(state: SaveState): void;
}

export interface SessionOptions extends SessionListeners {
  kernel: Kernel;
  wire: SessionWire;
  outbox: Outbox;
  clock: Clock;
  presence?: Pick<LiveLink, 'show' | 'lock' | 'unlock'>;
  /** The state at that revision, or the present one. */
  load(revision?: number): Promise<Snapshot>;
  /** How this person's own steps are taken back, from earlier visits too. */
  undoSteps?(): Promise<UndoSteps>;
}

const kBatchDelayMs = 20;
const kBatchOperationsMax = 200;
/** How long an acknowledgement may wait for others' operations that come before it. */
const kGapMs = 2_000;
/** Others may edit between the question and the answer. */
const kUndoTries = 6;
const kUndoPauseMs = 250;

export class Session {
  private readonly replica: Replica;
  private readonly keeper: Keeper;
  private readonly sending: Timer;
  private readonly gap: Timer;
  private ready = false;
  private mayWrite = true;
  private outage: Outage | null = null;
  /** The batch that went out on the present connection. */
  private sent: number | null = null;
  private answer: Acknowledgement | null = null;
  /** The latest revision that the server has spoken of. */
  private promised = 0;
  /** How many operations still go alone, to find the one that the server balks at. */
  private alone = 0;
  private settled: (() => void)[] = [];
  private closed = false;
  onClose: () => void = () => {};

  private constructor(private readonly options: SessionOptions) {
    const { kernel, outbox, clock } = options;
    this.keeper = new Keeper(outbox, clock, () => this.tell());
    this.replica = new Replica(kernel, this.keeper, this.unlessClosed(options));
    this.sending = new Timer(clock);
    this.gap = new Timer(clock);
  }

  /** Loads the server's state and lays operations left from an earlier visit on top. */
  static async open(options: SessionOptions): Promise<Session> {
    const session = new Session(options);
    const left = await session.keeper.read();
    const bases = left.flatMap(({ base }) => base ?? []);
    session.replica.begin(await loadBefore(options, bases), left);
    session.keeper.onMore = (entries) => {
      session.replica.takeOver(entries);
      session.schedule(0);
      session.tell();
    };
    options.wire.start(session.listener);
    session.tell();
    return session;
  }

  get(id: string): Annotation | null {
    return this.replica.document.get(id);
  }

  ids(): string[] {
    return this.replica.document.ids();
  }

  items(): Annotation[] {
    return this.replica.document.items();
  }

  /** What the server has, as far as this page knows. */
  confirmed(): Snapshot {
    return { revision: this.revision, items: this.replica.document.confirmedItems() };
  }

  get revision(): number {
    return this.replica.revision;
  }

  get canWrite(): boolean {
    return this.mayWrite;
  }

  get pendingCount(): number {
    return this.replica.queue.size;
  }

  /** Operations that the server has not acknowledged. */
  unsaved(): Operation[] {
    return this.replica.queue.operations();
  }

  /** True when closing the page now would lose a change. */
  get wouldLose(): boolean {
    return this.pendingCount > 0 && this.keeper.broken;
  }

  /**
   * Applies operations here and now and queues them for the server. An operation the kernel
   * refuses is left out with a notice; the others stand.
   */
  commit(drafts: readonly OperationDraft[], gesture: Gesture = { step: uuidv7() }): CommitResult {
    if (!this.mayWrite) {
      this.options.onNotice(plainNotice('forbidden', '', []));
      return { applied: [], inverse: [] };
    }
    const result = this.replica.commit(drafts, gesture);
    if (result.applied.length > 0) {
      this.schedule(kBatchDelayMs);
      this.tell();
    }
    return result;
  }

  /** Sends what waits without further delay; resolves when it is acknowledged or cannot be. */
  async flush(): Promise<void> {
    this.push();
    while (this.pendingCount > 0 && this.ready && this.mayWrite) {
      await new Promise<void>((resolve) => this.settled.push(resolve));
    }
  }

  /** The network or the sign-in is back: try at once. */
  retryNow(): void {
    this.options.wire.retryNow();
  }

  /** Steps for the state that is here now; null when they cannot be had. */
  async undoSteps(): Promise<UndoSteps | null> {
    for (let tries = 0; tries < kUndoTries; tries++) {
      if (tries > 0) await this.pause(kUndoPauseMs * 2 ** tries);
      const steps = await this.options.undoSteps?.().catch(() => null);
      if (!steps || this.closed) return null;
      if (steps.revision === this.revision && this.pendingCount === 0) return steps;
    }
    return null;
  }

  /** Takes what the server has now, without waiting for it to be told. */
  async refresh(): Promise<void> {
    const snapshot = await this.options.load();
    if (!this.closed) this.replica.replace(snapshot);
  }

  /** What the others see of this page. */
  show(presence: ShownPresence): void {
    this.options.presence?.show(presence);
  }

  /** Tells the others that this object is being dragged; renewed until `unlock`. */
  lock(target: string): void {
    this.options.presence?.lock(target);
  }

  unlock(target: string): void {
    this.options.presence?.unlock(target);
  }

  /** Sends what waits in the background; the outbox keeps what does not get through. */
  close(): void {
    if (this.closed) return;
    this.onClose();
    void this.flush().finally(() => {
      this.options.wire.close();
      this.keeper.close();
      this.sending.stop();
      this.gap.stop();
      this.replica.document.dispose();
    });
    this.closed = true;
  }

  private readonly listener: WireListener = {
    revision: () => this.revision,
    onReady: (arrival, canWrite) => {
      this.ready = true;
      this.outage = this.sent = this.answer = null;
      this.mayWrite = canWrite;
      this.arrive(arrival);
      this.push();
      this.tell();
    },
    onArrival: (arrival) => this.arrive(arrival),
    onAcknowledged: (answer) => this.acknowledge(answer),
    onRefused: (refusal) => this.refuse(refusal),
    onOutage: (outage) => {
      this.ready = false;
      this.outage = outage;
      this.wake();
      this.tell();
    },
  };

  private arrive({ snapshot, operations, revision = 0 }: Arrival): void {
    if (snapshot) this.replica.replace(snapshot);
    this.promised = Math.max(this.promised, revision);
    this.take(operations);
  }

  private take(operations: readonly RemoteOperation[]): void {
    const before = this.pendingCount;
    if (!this.replica.take(operations)) return this.startOver();
    this.finish();
    this.watchGap();
    if (this.pendingCount !== before) this.tell();
  }

  /** Something is known to have happened that has not come here. */
  private watchGap(): void {
    if (!this.replica.gap && this.promised <= this.revision) return this.gap.stop();
    if (!this.gap.running) this.gap.start(kGapMs, () => this.options.wire.catchUp());
  }

  private acknowledge(answer: Acknowledgement): void {
    const batch = this.replica.queue.underWay;
    if (batch === null || batch.n !== answer.n) return;
    const sent = new Map(batch.operations.map((operation) => [operation.id, operation]));
    const stored = answer.stored.flatMap((entry): RemoteOperation[] => {
      if ('op' in entry) return [entry];
      const operation = sent.get(entry.id);
      return operation ? [{ ...operation, ...entry } as RemoteOperation] : [];
    });
    this.answer = answer;
    this.promised = Math.max(this.promised, answer.revision);
    this.take(stored);
  }

  /** The answer is complete once all of the log that it speaks of is here, others' part too. */
  private finish(): void {
    const { answer, replica } = this;
    const batch = replica.queue.underWay;
    if (answer === null || batch === null) return;
    if (answer.revision > this.revision) return;
    if (answer.stored.some(({ revision }) => revision > this.revision)) return;
    this.answer = null;
    const stored = new Set(answer.stored.map(({ id }) => id));
    replica.queue.endBatch();
    this.alone = Math.max(0, this.alone - 1);
    replica.fall(
      batch.operations.filter(({ id }) => !stored.has(id)),
      answer.dropped,
    );
    this.next();
  }

  /** Nothing of the batch was stored: without the ones at fault it is sent again. */
  private refuse(refusal: Refusal): void {
    const { queue } = this.replica;
    const batch = queue.underWay;
    if (batch === null || batch.n !== refusal.n) return;
    if (refusal.code === 'too_far_behind') return this.standOnPresent();
    const faults = faultsOf(refusal, batch.operations);
    const ids = new Set(faults.map(({ id }) => id));
    this.alone = ids.size === 0 ? batch.operations.length : Math.max(0, this.alone - 1);
    queue.returnBatch(ids);
    this.replica.fall(
      batch.operations.filter(({ id }) => ids.has(id)),
      faults,
    );
    this.next();
  }

  private standOnPresent(): void {
    this.options.load().then(
      (snapshot) => {
        if (this.closed) return;
        this.replica.standOn(snapshot);
        this.next();
      },
      () => this.gap.start(kGapMs, () => this.standOnPresent()),
    );
  }

  private next(): void {
    this.wake();
    this.push();
    this.tell();
  }

  private push(): void {
    this.sending.stop();
    if (!this.ready || !this.mayWrite) return;
    const batch = this.replica.queue.nextBatch(this.alone > 0 ? 1 : kBatchOperationsMax);
    if (batch === null || batch.n === this.sent) return;
    this.sent = batch.n;
    this.options.wire.send(batch);
  }

  private schedule(delayMs: number): void {
    if (this.replica.queue.underWay !== null || this.sending.running) return;
    this.sending.start(delayMs, () => this.push());
  }

  /** This page's state and the server's have parted, which must not happen: begin anew. */
  private startOver(): void {
    this.options.load().then(
      (snapshot) => {
        if (this.closed) return;
        this.replica.replace(snapshot);
        this.options.wire.catchUp();
      },
      () => this.gap.start(kGapMs, () => this.startOver()),
    );
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.options.clock.after(ms, resolve));
  }

  private wake(): void {
    const waiting = this.settled;
    this.settled = [];
    for (const resolve of waiting) resolve();
  }

  private tell(): void {
    if (this.closed) return;
    const { outage, mayWrite: canWrite, pendingCount: count } = this;
    this.keeper.holding(count > 0);
    this.options.onSaveState(saveStateOf({ count, outage, canWrite, kept: !this.keeper.broken }));
  }

  private unlessClosed(listeners: ReplicaListeners): ReplicaListeners {
    const open =
      <T extends unknown[]>(listener?: (...args: T) => void) =>
      (...args: T): void => {
        if (!this.closed) listener?.(...args);
      };
    return {
      onChange: open(listeners.onChange),
      onNotice: open(listeners.onNotice),
      onRemote: open(listeners.onRemote),
      onForeign: open(listeners.onForeign),
      onReinverted: open(listeners.onReinverted),
      onReplaced: open(listeners.onReplaced),
    };
  }
}

/** From the state they were made on, what came since can be laid under them one by one. */
async function loadBefore(options: SessionOptions, bases: readonly number[]): Promise<Snapshot> {
  if (bases.length === 0) return options.load();
  return options.load(Math.min(...bases)).catch(() => options.load());
}

function faultsOf({ code, detail, dropped }: Refusal, operations: readonly Operation[]) {
  if (dropped.length > 0) return dropped;
  return operations.length > 1 ? [] : operations.map(({ id }) => ({ id, code, rule: '', detail }));
}
