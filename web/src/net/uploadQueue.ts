/**
 * Sends files to a project a few at a time. Small files travel together so that a folder of
 * thousands does not cost thousands of round trips; each file still has its own progress, its
 * own end and its own reason when it is refused. Large files travel alone and in pieces: they can
 * be paused, and go on where they were cut. Not tied to a page: it goes on while the person looks
 * elsewhere in the app; what a reload cuts is remembered.
 */
import { t } from '../i18n/i18n';
import type { Asset, UploadResult } from './api';
import { randomKey } from './http';
import { postForm } from './postForm';
import { assetsUploadPath } from './routes';
import { asApiError, browserOnline, isPassing, waitMs } from './uploadRetry';
import { forgetUpload, type StoredFile, tusUpload } from './tusUpload';
import {
  BrowserUploadMemory,
  type RememberedUpload,
  uploadKey,
  type UploadMemory,
} from './uploadMemory';

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
  paused: boolean;
  /** From before the page was loaded: they go on once they are chosen again. */
  remembered: readonly RememberedUpload[];
  /** Chosen again although they are there already. */
  doubled: number;
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

export interface SendLarge {
  (
    file: File,
    options: {
      id?: string;
      signal: AbortSignal;
      onBegun: (id: string) => void;
      onSent: (bytes: number) => void;
    },
  ): Promise<StoredFile>;
}

export interface UploadQueueOptions {
  send: SendFiles;
  sendLarge?: SendLarge;
  /** Gives up what the server has of a large file. */
  forgetLarge?: (id: string) => Promise<void>;
  largeBytesMin?: number;
  memory?: UploadMemory;
  projectId?: string;
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
  key: string;
  /** The server's name of a large file's upload. */
  uploadId?: string;
}

interface Trip {
  batch: Entry[];
  controller: AbortController;
}

const noMemory: UploadMemory = { of: async () => [], put: () => {}, forget: () => {} };

export class UploadQueue {
  private entries: Entry[] = [];
  private readonly trips = new Set<Trip>();
  private nextId = 1;
  private paused = false;
  private doubled = 0;
  private remembered: RememberedUpload[] = [];
  private readonly listeners = new Set<() => void>();
  private snapshot: UploadSnapshot;
  private readonly options: Required<UploadQueueOptions>;

  constructor(options: UploadQueueOptions) {
    this.options = {
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      whenOnline: browserOnline,
      parallelMax: 3,
      batchFilesMax: 8,
      batchBytesMax: 8 << 20,
      attemptsMax: 5,
      sendLarge: () => Promise.reject(new Error('No way for large files.')),
      forgetLarge: async () => {},
      largeBytesMin: Number.POSITIVE_INFINITY,
      memory: noMemory,
      projectId: '',
      ...options,
    };
    this.snapshot = this.summary();
    void this.remember();
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
    this.doubled = 0;
    const added: Entry[] = [];
    const there = new Set(this.entries.map((entry) => entry.key));
    for (const file of files) {
      const key = uploadKey(this.options.projectId, file);
      if (there.has(key)) {
        this.doubled += 1;
        continue;
      }
      there.add(key);
      const item: UploadItem = {
        id: this.nextId++,
        name: file.name,
        sizeBytes: file.size,
        phase: 'waiting',
        share: 0,
        assetIds: [],
      };
      const uploadId = this.remembered.find((one) => one.key === key)?.uploadId;
      added.push({ item, file, key, uploadId });
    }
    this.remembered = this.remembered.filter((one) => !there.has(one.key));
    this.entries.push(...added);
    this.options.memory.put(added.map((entry) => this.memoryOf(entry)));
    this.publish();
    this.pump();
  }

  /** Large files stop where they are; small ones that are on their way arrive. */
  pause(): void {
    this.paused = true;
    for (const trip of this.trips) {
      if (trip.batch.some((entry) => this.isLarge(entry.file))) trip.controller.abort();
    }
    this.publish();
  }

  resume(): void {
    this.paused = false;
    this.publish();
    this.pump();
  }

  /** One file that waits or travels alone is given up. */
  remove(itemId: number): void {
    const entry = this.entries.find(({ item }) => item.id === itemId);
    if (!entry || !this.canRemove(entry.item)) return;
    this.entries = this.entries.filter((one) => one !== entry);
    for (const trip of this.trips) {
      if (trip.batch.includes(entry)) trip.controller.abort();
    }
    this.giveUp([entry]);
    this.publish();
  }

  canRemove(item: UploadItem): boolean {
    return (
      item.phase === 'waiting' || (item.phase === 'uploading' && this.isLargeSize(item.sizeBytes))
    );
  }

  forgetRemembered(): void {
    this.options.memory.forget(this.remembered.map((one) => one.key));
    for (const { uploadId } of this.remembered) if (uploadId) this.drop(uploadId);
    this.remembered = [];
    this.publish();
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
    const given = this.entries.filter(({ item }) => !isSettled(item.phase));
    this.entries = this.entries.filter(({ item }) => isSettled(item.phase));
    for (const trip of this.trips) trip.controller.abort();
    this.paused = false;
    this.giveUp(given);
    this.publish();
  }

  clear(): void {
    this.entries = this.entries.filter(({ item }) => !isSettled(item.phase));
    this.publish();
  }

  private pump(): void {
    while (!this.paused && this.trips.size < this.options.parallelMax) {
      const batch = this.takeBatch();
      if (batch.length === 0) return;
      const trip = { batch, controller: new AbortController() };
      this.trips.add(trip);
      void this.sendBatch(trip).finally(() => {
        this.trips.delete(trip);
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
      const large = this.isLarge(entry.file);
      if (names.has(entry.file.name) || (large && batch.length > 0)) continue;
      names.add(entry.file.name);
      bytes += entry.file.size;
      batch.push(entry);
      if (large) break;
    }
    for (const entry of batch) entry.item = { ...entry.item, phase: 'uploading' };
    return batch;
  }

  private async sendBatch({ batch, controller }: Trip): Promise<void> {
    const { signal } = controller;
    const key = randomKey();
    let attempt = 1;
    for (;;) {
      try {
        await this.sendOnce(batch, key, signal);
        return;
      } catch (error) {
        if (signal.aborted) return this.stopped(batch);
        const failure = asApiError(error);
        // Another request of the same upload brought more than this one knew of.
        const behind = failure.code === 'offset_differs';
        // Being offline is no attempt, however long it lasts.
        const waited = failure.status === 0 && (await this.options.whenOnline());
        if (signal.aborted) return this.stopped(batch);
        if (waited) continue;
        if (attempt >= this.options.attemptsMax || !(behind || isPassing(failure))) {
          for (const entry of batch) fail(entry, failure.code, failure.detail);
          this.options.memory.forget(batch.map((entry) => entry.key));
          return;
        }
        await this.options.sleep(waitMs(failure, attempt));
        if (signal.aborted) return this.stopped(batch);
        attempt += 1;
      }
    }
  }

  private async sendOnce(batch: Entry[], key: string, signal: AbortSignal): Promise<void> {
    const [large] = batch;
    if (large && this.isLarge(large.file)) return this.sendLarge(large, signal);
    this.showProgress(batch, 0);
    const files = batch.map((entry) => entry.file);
    const onProgress = (share: number) => this.showProgress(batch, share);
    this.finishBatch(batch, await this.options.send(files, { key, signal, onProgress }));
    this.options.memory.forget(batch.map((entry) => entry.key));
  }

  private async sendLarge(entry: Entry, signal: AbortSignal): Promise<void> {
    const result = await this.options.sendLarge(entry.file, {
      id: entry.uploadId,
      signal,
      onBegun: (id) => {
        entry.uploadId = id;
        this.options.memory.put([this.memoryOf(entry)]);
      },
      onSent: (bytes) => {
        if (!signal.aborted) this.showProgress([entry], bytes / entry.file.size);
      },
    });
    const items = result.asset_ids.map((id) => ({ id, filename: entry.file.name }) as Asset);
    this.finishBatch([entry], { items, rejected: result.rejected });
    this.options.memory.forget([entry.key]);
  }

  /** Paused ones wait again; those that were given up are gone from the list already. */
  private stopped(batch: Entry[]): void {
    for (const entry of batch) {
      if (!isSettled(entry.item.phase)) entry.item = { ...entry.item, phase: 'waiting' };
    }
  }

  private isLarge(file: File): boolean {
    return this.isLargeSize(file.size);
  }

  private isLargeSize(bytes: number): boolean {
    return bytes >= this.options.largeBytesMin;
  }

  private memoryOf(entry: Entry): RememberedUpload {
    const { key, file, uploadId } = entry;
    const { projectId } = this.options;
    return { key, projectId, name: file.name, sizeBytes: file.size, uploadId, at: Date.now() };
  }

  private async remember(): Promise<void> {
    const found = await this.options.memory.of(this.options.projectId);
    if (found.length === 0) return;
    const there = new Set(this.entries.map((entry) => entry.key));
    for (const entry of this.entries) {
      entry.uploadId ??= found.find((one) => one.key === entry.key)?.uploadId;
    }
    this.remembered = found.filter((one) => !there.has(one.key));
    this.publish();
  }

  private giveUp(entries: readonly Entry[]): void {
    this.options.memory.forget(entries.map((entry) => entry.key));
    for (const { uploadId } of entries) if (uploadId) this.drop(uploadId);
  }

  private drop(uploadId: string): void {
    // What cannot be told is removed by the server a day later.
    this.options.forgetLarge(uploadId).catch(() => {});
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
        fail(entry, first?.code ?? 'rejected', first?.detail ?? t('uploads.nothingUsable'));
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
      this.entries.push({ item, file: whole.file, key: `${whole.key}/${file.filename}` });
    }
  }

  private publish(): void {
    this.snapshot = this.summary();
    for (const listener of [...this.listeners]) listener();
  }

  private summary(): UploadSnapshot {
    const items = this.entries.map((entry) => entry.item);
    let [stored, failed, sentBytes, totalBytes] = [0, 0, 0, 0];
    let firstAssetId: string | null = null;
    for (const item of items) {
      if (item.phase === 'stored') stored += 1;
      if (item.phase === 'failed') failed += 1;
      sentBytes += (isSettled(item.phase) ? 1 : item.share) * item.sizeBytes;
      totalBytes += item.sizeBytes;
      firstAssetId ??= item.assetIds[0] ?? null;
    }
    const active = this.trips.size > 0 || stored + failed < items.length;
    const { paused, remembered, doubled } = this;
    const counts = { stored, failed, sentBytes, totalBytes };
    return { items, active, paused, remembered, doubled, ...counts, firstAssetId };
  }
}

function fail(entry: Entry, code: string, detail: string): void {
  entry.item = { ...entry.item, phase: 'failed', code, detail };
}

function isSettled(phase: UploadPhase): boolean {
  return phase === 'stored' || phase === 'failed';
}

// Below, a request of their own costs more than sending them again.
const kLargeBytes = 4 << 20;

export function uploadsTo(projectId: string): UploadQueue {
  return new UploadQueue({
    projectId,
    memory: new BrowserUploadMemory(),
    largeBytesMin: kLargeBytes,
    sendLarge: (file, options) => tusUpload(projectId, file, options),
    forgetLarge: forgetUpload,
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
