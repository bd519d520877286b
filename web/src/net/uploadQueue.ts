/**
 * Sends files to a project a few at a time. Small files travel together so that a folder of
 * thousands does not cost thousands of round trips; each file still has its own progress, its
 * own end and its own reason when it is refused. Not tied to a page: it goes on while the
 * person looks elsewhere in the app.
 */
import type { Asset, UploadResult } from './api';
import { ApiError, randomKey } from './http';
import { postForm } from './postForm';
import { assetsUploadPath } from './routes';

export type UploadPhase = 'waiting' | 'uploading' | 'processing' | 'stored' | 'failed';

export interface UploadItem {
  id: number;
  name: string;
  sizeBytes: number;
  phase: UploadPhase;
  /** 0 to 1, of the bytes that have left. */
  share: number;
  assetIds: string[];
  code?: string;
  detail?: string;
}

export interface UploadSnapshot {
  items: readonly UploadItem[];
  active: boolean;
  stored: number;
  failed: number;
  sentBytes: number;
  totalBytes: number;
  firstAssetId: string | null;
}

export interface SendFiles {
  (
    files: readonly File[],
    options: { key: string; signal: AbortSignal; onProgress: (share: number) => void },
  ): Promise<UploadResult>;
}

export interface UploadQueueOptions {
  send: SendFiles;
  sleep?: (ms: number) => Promise<void>;
  /** Resolves once the browser has a network, at once when it has one: true if it had to wait. */
  whenOnline?: () => Promise<boolean>;
  parallelMax?: number;
  batchFilesMax?: number;
  batchBytesMax?: number;
  attemptsMax?: number;
}

interface Entry {
  item: UploadItem;
  file: File;
}

export class UploadQueue {
  private entries: Entry[] = [];
  private running = 0;
  private nextId = 1;
  private controller = new AbortController();
  private readonly listeners = new Set<() => void>();
  private snapshot: UploadSnapshot = summarise([], 0);
  private readonly options: Required<UploadQueueOptions>;

  constructor(options: UploadQueueOptions) {
    this.options = {
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      whenOnline: browserOnline,
      parallelMax: 3,
      batchFilesMax: 8,
      batchBytesMax: 8 << 20,
      attemptsMax: 5,
      ...options,
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  getSnapshot = (): UploadSnapshot => this.snapshot;

  add(files: Iterable<File>): void {
    // A finished round makes room for the next one, but its failures stay to be read.
    if (!this.snapshot.active) {
      this.entries = this.entries.filter((entry) => entry.item.phase === 'failed');
    }
    for (const file of files) {
      const item: UploadItem = {
        id: this.nextId++,
        name: file.name,
        sizeBytes: file.size,
        phase: 'waiting',
        share: 0,
        assetIds: [],
      };
      this.entries.push({ item, file });
    }
    this.publish();
    this.pump();
  }

  retry(itemIds: readonly number[]): void {
    for (const entry of this.entries) {
      if (itemIds.includes(entry.item.id) && entry.item.phase === 'failed') {
        entry.item = {
          ...entry.item,
          phase: 'waiting',
          share: 0,
          code: undefined,
          detail: undefined,
        };
      }
    }
    this.publish();
    this.pump();
  }

  /** Stops what waits or travels; what is stored stays stored. */
  cancel(): void {
    this.controller.abort();
    this.controller = new AbortController();
    this.entries = this.entries.filter(({ item }) => isSettled(item.phase));
    this.publish();
  }

  clear(): void {
    this.entries = this.entries.filter(({ item }) => !isSettled(item.phase));
    this.publish();
  }

  private pump(): void {
    while (this.running < this.options.parallelMax) {
      const batch = this.takeBatch();
      if (batch.length === 0) return;
      this.running += 1;
      void this.sendBatch(batch).finally(() => {
        this.running -= 1;
        this.publish();
        this.pump();
      });
    }
  }

  // File names are unique within a batch, since the reply names refused files by them.
  private takeBatch(): Entry[] {
    const batch: Entry[] = [];
    const names = new Set<string>();
    let bytes = 0;
    for (const entry of this.entries) {
      if (entry.item.phase !== 'waiting') continue;
      const full = batch.length >= this.options.batchFilesMax;
      const heavy = batch.length > 0 && bytes + entry.file.size > this.options.batchBytesMax;
      if (full || heavy) break;
      if (names.has(entry.file.name)) continue;
      names.add(entry.file.name);
      bytes += entry.file.size;
      batch.push(entry);
    }
    for (const entry of batch) entry.item = { ...entry.item, phase: 'uploading' };
    return batch;
  }

  private async sendBatch(batch: Entry[]): Promise<void> {
    const { signal } = this.controller;
    const key = randomKey();
    let attempt = 1;
    for (;;) {
      try {
        const result = await this.options.send(
          batch.map((entry) => entry.file),
          { key, signal, onProgress: (share) => this.showProgress(batch, share) },
        );
        this.finishBatch(batch, result);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const failure = asApiError(error);
        this.showProgress(batch, 0);
        // Being offline is no attempt, however long it lasts.
        const waited = failure.status === 0 && (await this.options.whenOnline());
        if (signal.aborted) return;
        if (waited) continue;
        if (attempt >= this.options.attemptsMax || !isPassing(failure)) {
          for (const entry of batch) fail(entry, failure.code, failure.detail);
          return;
        }
        await this.options.sleep(waitMs(failure, attempt));
        if (signal.aborted) return;
        attempt += 1;
      }
    }
  }

  private showProgress(batch: Entry[], share: number): void {
    const total = batch.reduce((sum, entry) => sum + entry.file.size, 0);
    let before = 0;
    for (const entry of batch) {
      const sent = share * total - before;
      const own = entry.file.size > 0 ? Math.min(1, Math.max(0, sent / entry.file.size)) : share;
      const phase: UploadPhase = share >= 1 ? 'processing' : 'uploading';
      entry.item = { ...entry.item, phase, share: own };
      before += entry.file.size;
    }
    this.publish();
  }

  private finishBatch(batch: Entry[], result: UploadResult): void {
    const rejected = new Map((result.rejected ?? []).map((file) => [file.filename, file]));
    const byName = new Map<string, Asset[]>();
    for (const asset of result.items) {
      byName.set(asset.filename, [...(byName.get(asset.filename) ?? []), asset]);
    }
    const onlyOne = batch.length === 1;
    for (const entry of batch) {
      const refusal = rejected.get(entry.file.name);
      const assets = onlyOne ? result.items : (byName.get(entry.file.name) ?? []);
      if (refusal && assets.length === 0) {
        fail(entry, refusal.code, refusal.detail);
        continue;
      }
      const assetIds = assets.map((asset) => asset.id);
      if (onlyOne && assetIds.length === 0 && rejected.size > 0) {
        const [first] = rejected.values();
        fail(entry, first?.code ?? 'rejected', first?.detail ?? 'Nothing in it could be used.');
        continue;
      }
      entry.item = { ...entry.item, phase: 'stored', share: 1, assetIds };
    }
    // Members of an archive that were refused have no entry of their own yet.
    const known = new Set(batch.map((entry) => entry.file.name));
    for (const file of rejected.values()) {
      const whole = batch[0];
      if (known.has(file.filename) || !whole || whole.item.phase === 'failed') continue;
      const item: UploadItem = {
        id: this.nextId++,
        name: file.filename,
        sizeBytes: 0,
        phase: 'failed',
        share: 1,
        assetIds: [],
        code: file.code,
        detail: file.detail,
      };
      this.entries.push({ item, file: whole.file });
    }
  }

  private publish(): void {
    this.snapshot = summarise(
      this.entries.map((entry) => entry.item),
      this.running,
    );
    for (const listener of [...this.listeners]) listener();
  }
}

function fail(entry: Entry, code: string, detail: string): void {
  entry.item = { ...entry.item, phase: 'failed', code, detail };
}

function browserOnline(): Promise<boolean> {
  if (typeof navigator === 'undefined' || navigator.onLine !== false) return Promise.resolve(false);
  return new Promise((resolve) => {
    window.addEventListener('online', () => resolve(true), { once: true });
  });
}

function isSettled(phase: UploadPhase): boolean {
  return phase === 'stored' || phase === 'failed';
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, 'unreachable', error instanceof Error ? error.message : 'Upload failed.');
}

/** Failures that the same request may outlive. */
function isPassing(error: ApiError): boolean {
  return [0, 408, 429, 502, 503, 504].includes(error.status);
}

function waitMs(error: ApiError, attempt: number): number {
  if (error.retryAfterS !== null) return Math.min(60, error.retryAfterS) * 1000;
  return Math.min(8000, 500 * 2 ** (attempt - 1));
}

function summarise(items: UploadItem[], running: number): UploadSnapshot {
  let [stored, failed, sentBytes, totalBytes] = [0, 0, 0, 0];
  let firstAssetId: string | null = null;
  for (const item of items) {
    if (item.phase === 'stored') stored += 1;
    if (item.phase === 'failed') failed += 1;
    sentBytes += (isSettled(item.phase) ? 1 : item.share) * item.sizeBytes;
    totalBytes += item.sizeBytes;
    firstAssetId ??= item.assetIds[0] ?? null;
  }
  const active = running > 0 || stored + failed < items.length;
  return { items, active, stored, failed, sentBytes, totalBytes, firstAssetId };
}

export function uploadsTo(projectId: string): UploadQueue {
  return new UploadQueue({
    send: (files, { key, signal, onProgress }) => {
      const form = new FormData();
      for (const file of files) form.append('files', file, file.name);
      const headers = { 'Idempotency-Key': key };
      const options = { headers, signal, onProgress, isReply: isUploadResult };
      return postForm(assetsUploadPath(projectId), form, options);
    },
  });
}

/** An upload of which nothing was taken fails as a whole, and names each file's reason. */
function isUploadResult(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'items' in body && 'rejected' in body;
}
