/** The page's side of the vision worker, which starts with the first question. */
import { t } from '@/i18n/i18n';
import type { VisionPort } from '../editor/masks/vision';
import type { VisionReplies, VisionRequest } from '../kernel/visionDesk';
import type { VisionAnswer, VisionCall } from './vision.worker';

interface Waiting {
  resolve(reply: unknown): void;
  reject(error: Error): void;
}

export class VisionClient implements VisionPort {
  private worker: Worker | null = null;
  private sequence = 0;
  private readonly waiting = new Map<number, Waiting>();

  ask<R extends VisionRequest>(request: R): Promise<VisionReplies[R['kind']]> {
    const sequence = ++this.sequence;
    const call: VisionCall = { sequence, request };
    const transfer = request.kind === 'load' ? [request.pixels.buffer] : [];
    return new Promise((resolve, reject) => {
      this.waiting.set(sequence, { resolve: resolve as Waiting['resolve'], reject });
      this.open().postMessage(call, transfer);
    });
  }

  close(): void {
    this.worker?.terminate();
    this.worker = null;
    this.fail(t('masks.vision.closed'));
  }

  private open(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(new URL('./vision.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<VisionAnswer>) => this.settle(data);
    worker.onerror = () => {
      this.worker = null;
      this.fail(t('masks.vision.notStarted'));
    };
    this.worker = worker;
    return worker;
  }

  private settle({ sequence, reply, error }: VisionAnswer): void {
    const waiting = this.waiting.get(sequence);
    this.waiting.delete(sequence);
    if (error === undefined) waiting?.resolve(reply);
    else waiting?.reject(new Error(error));
  }

  private fail(text: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(text));
    this.waiting.clear();
  }
}
