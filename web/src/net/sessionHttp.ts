/**
 * The session over plain HTTP, for where no socket gets through: one POST per batch, and the log is
 * asked every few seconds for what others did.
 */
import { t } from '../i18n/i18n';
import { backoff, type Clock, Timer } from './clock';
import {
  TransportError,
  type Arrival,
  type Batch,
  type DroppedOperation,
  type SessionWire,
  type WireListener,
} from './sessionWire';
import type { RemoteOperation } from './liveTypes';

export type PostReply =
  | { kind: 'applied'; revision: number; applied: RemoteOperation[] }
  | { kind: 'rejected'; revision: number; rejected: { id: string; code: string }[] };

export interface HttpRequests {
  /** What happened after `revision`. @throws TransportError */
  since(revision: number): Promise<Arrival>;
  /** @throws TransportError */
  post(batch: Batch): Promise<PostReply>;
}

const kPollMs = 4_000;

export class HttpWire implements SessionWire {
  private listener: WireListener | null = null;
  private ready = false;
  private failures = 0;
  private attempt = 0;
  private readonly timer: Timer;

  constructor(
    private readonly requests: HttpRequests,
    private readonly clock: Clock,
  ) {
    this.timer = new Timer(clock);
  }

  start(listener: WireListener): void {
    this.listener = listener;
    this.ready = false;
    this.catchUp();
  }

  send(batch: Batch): void {
    const attempt = this.attempt;
    const still = () => attempt === this.attempt;
    this.post(batch, still, (error) => this.fail(error));
  }

  /** A single batch beside a wire that is in use; `onFailed` when it did not get through. */
  sendOnce(batch: Batch, listener: WireListener, onFailed: () => void): void {
    this.listener = listener;
    const attempt = this.attempt;
    this.post(
      batch,
      () => attempt === this.attempt,
      () => void this.clock.after(kPollMs, onFailed),
    );
  }

  retryNow(): void {
    if (this.ready) return;
    this.failures = 0;
    this.catchUp();
  }

  lose(): void {
    if (this.ready)
      this.fail(new TransportError('unreachable', 'unreachable', t('common.http.unreachable')));
  }

  catchUp(): void {
    if (this.listener === null) return;
    this.timer.stop();
    const attempt = this.attempt;
    this.requests.since(this.listener.revision()).then(
      (arrival) => attempt === this.attempt && this.arrive(arrival),
      (error: unknown) => attempt === this.attempt && this.fail(error),
    );
  }

  close(): void {
    this.attempt += 1;
    this.timer.stop();
    this.listener = null;
  }

  private post(batch: Batch, still: () => boolean, onFailed: (error: unknown) => void): void {
    this.requests.post(batch).then(
      (reply) => still() && this.answer(batch, reply),
      (error: unknown) => {
        if (!still()) return;
        if (error instanceof TransportError && error.failure === 'refused') {
          this.refuse(batch, error);
        } else onFailed(error);
      },
    );
  }

  private arrive(arrival: Arrival): void {
    this.failures = 0;
    this.timer.start(kPollMs, () => this.catchUp());
    if (this.ready) return this.listener?.onArrival(arrival);
    this.ready = true;
    this.listener?.onReady(arrival, true);
  }

  private answer({ n }: Batch, reply: PostReply): void {
    if (reply.kind === 'applied') {
      const { revision, applied } = reply;
      this.listener?.onAcknowledged({ n, revision, stored: applied, dropped: [] });
      // Others came before it.
      if (this.ready && this.listener && this.listener.revision() < revision) this.catchUp();
      return;
    }
    const dropped = reply.rejected.map(({ id, code }) => ({ id, code, rule: '', detail: '' }));
    this.listener?.onRefused({ n, code: 'rejected', detail: '', dropped });
    if (this.ready) this.catchUp();
  }

  private refuse(batch: Batch, error: TransportError): void {
    const { code, message: detail } = error;
    const dropped = error.indices.flatMap((index): DroppedOperation[] => {
      const id = batch.operations[index]?.id;
      return id === undefined ? [] : [{ id, code, rule: '', detail }];
    });
    this.listener?.onRefused({ n: batch.n, code, detail, dropped });
  }

  private fail(error: unknown): void {
    this.attempt += 1;
    this.ready = false;
    this.failures += 1;
    const known = error instanceof TransportError ? error : null;
    const failure = known?.failure ?? 'unreachable';
    if (failure === 'unreachable' || failure === 'refused') {
      const delay = known?.retryAfterMs ?? backoff(this.failures, this.clock);
      this.timer.start(delay, () => this.catchUp());
    } else this.timer.stop();
    this.listener?.onOutage(failure === 'refused' ? 'unreachable' : failure);
  }
}
