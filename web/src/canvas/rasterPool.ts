/**
 * The workers that draw tiles. All know all shapes; each draws one tile at a time, so that what is
 * wanted most can be asked for as late as possible.
 */
import type { RasterReply, RasterRequest } from './rasterProtocol';

export type TileRequest = Omit<RasterRequest & { type: 'tile' }, 'type' | 'ticket'>;

interface Runner {
  worker: Worker;
  done: ((picture: ImageBitmap | null) => void) | null;
  ticket: number;
}

export class RasterPool {
  private readonly runners: Runner[];
  private ticket = 0;

  constructor(count: number) {
    this.runners = Array.from({ length: count }, () => this.start());
  }

  get idle(): boolean {
    return this.runners.every(({ done }) => done === null);
  }

  get free(): boolean {
    return this.runners.some(({ done }) => done === null);
  }

  tell(request: RasterRequest): void {
    for (const { worker } of this.runners) worker.postMessage(request);
  }

  /** One of the workers must be free. */
  draw(request: TileRequest, done: (picture: ImageBitmap | null) => void): void {
    const runner = this.runners.find((each) => each.done === null)!;
    runner.done = done;
    runner.ticket = ++this.ticket;
    runner.worker.postMessage({ type: 'tile', ticket: runner.ticket, ...request });
  }

  dispose(): void {
    for (const { worker } of this.runners) worker.terminate();
  }

  private start(): Runner {
    const worker = new Worker(new URL('./raster.worker.ts', import.meta.url), { type: 'module' });
    const runner: Runner = { worker, done: null, ticket: 0 };
    worker.onmessage = ({ data }: MessageEvent<RasterReply>) => {
      const { done } = runner;
      if (data.ticket !== runner.ticket || !done) return data.picture?.close();
      runner.done = null;
      done(data.picture);
    };
    return runner;
  }
}
