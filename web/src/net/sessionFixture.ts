/**
 * A server and an outbox in memory, for tests: what they answer is scripted, what they do is real.
 */
import type { Kernel, KernelDocument } from '../kernel/kernel';
import type { Operation, Snapshot } from '../kernel/records';
import type { Outbox } from './sessionOutbox';
import {
  TransportError,
  type OperationBatch,
  type RejectedOperation,
  type SendResult,
  type SessionTransport,
} from './sessionTransport';

export class ScriptedServer implements SessionTransport {
  readonly batches: OperationBatch[] = [];
  loads = 0;
  revision = 0;
  /** Thrown by the next requests, one each. */
  failures: TransportError[] = [];
  /** Applies the next batch, but its answer is lost. */
  loseNextAnswer = false;
  /** Refuses operations by a rule of the test. */
  refuse: (operation: Operation) => string | null = () => null;
  private readonly document: KernelDocument;
  private readonly seen = new Map<string, Operation>();

  constructor(kernel: Kernel, snapshot: Snapshot = { revision: 0, items: [] }) {
    this.document = kernel.createDocument();
    this.document.load(snapshot);
    this.revision = snapshot.revision;
  }

  get items() {
    return this.document.items();
  }

  /** What another person does meanwhile. */
  act(operation: Operation): void {
    const result = this.document.apply(operation);
    if (!result.ok) throw new Error(result.code);
    this.revision += 1;
  }

  load(): Promise<Snapshot> {
    this.loads += 1;
    return Promise.resolve({ revision: this.revision, items: this.document.items() });
  }

  async send(_assetId: string, batch: OperationBatch): Promise<SendResult> {
    await Promise.resolve();
    this.batches.push(structuredClone(batch));
    const failure = this.failures.shift();
    if (failure) throw failure;
    const answer = this.answer(batch);
    if (this.loseNextAnswer) {
      this.loseNextAnswer = false;
      throw new TransportError('unreachable', 'unreachable', 'lost');
    }
    return answer;
  }

  private answer(batch: OperationBatch): SendResult {
    const known = batch.operations.filter((operation) => this.seen.has(operation.id));
    if (known.length === batch.operations.length) {
      return { kind: 'applied', revision: this.revision, applied: batch.operations };
    }
    const rejected: RejectedOperation[] = known.map(({ id }) => ({ id, code: 'already_applied' }));
    const trial = this.document.clone();
    for (const operation of batch.operations) {
      const outcome = trial.apply(operation);
      const code = this.refuse(operation) ?? (outcome.ok ? null : outcome.code);
      if (code) rejected.push({ id: operation.id, code });
    }
    if (rejected.length > 0) return { kind: 'rejected', revision: this.revision, rejected };
    const applied = batch.operations.map((operation) => {
      this.document.apply(operation);
      this.seen.set(operation.id, operation);
      this.revision += 1;
      const time = '2026-01-01T00:00:00Z';
      return { ...operation, revision: this.revision, created_at: time, created_by: 'someone' };
    });
    return { kind: 'applied', revision: this.revision, applied };
  }
}

export class MemoryOutbox implements Outbox {
  readonly rows = new Map<string, Operation>();
  broken = false;

  async read(): Promise<Operation[]> {
    await this.check();
    return [...this.rows.values()];
  }
  async append(operations: readonly Operation[]): Promise<void> {
    await this.check();
    for (const operation of operations) this.rows.set(operation.id, operation);
  }
  async remove(ids: readonly string[]): Promise<void> {
    await this.check();
    for (const id of ids) this.rows.delete(id);
  }
  private check(): Promise<void> {
    return this.broken ? Promise.reject(new Error('no storage')) : Promise.resolve();
  }
}
