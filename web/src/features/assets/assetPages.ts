/**
 * The images of a gallery by position, fetched a page at a time around what is seen. Pages that
 * went out of sight before they came are not waited for.
 */
import type { Asset } from '@/net/api';

export const pageSize = 100;
const kKept = 80;

export type FetchPage = (first: number, signal: AbortSignal) => Promise<Asset[]>;

interface PageState {
  items: readonly Asset[] | null;
  /** What is there is older than the last change that was told. */
  stale: boolean;
  failed: boolean;
  request: AbortController | null;
  seen: number;
}

export class AssetPages {
  private pages = new Map<number, PageState>();
  private readonly listeners = new Set<() => void>();
  private version = 0;
  private wanted: [number, number] = [0, -1];
  private clock = 0;

  constructor(
    private readonly fetchPage: FetchPage,
    /** What was learnt of the list may be wrong by now. */
    private readonly forget: () => void = () => {},
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  getVersion = (): number => this.version;

  at(position: number): Asset | undefined {
    return this.pages.get(Math.floor(position / pageSize))?.items?.[position % pageSize];
  }

  failedAt(position: number): boolean {
    return this.pages.get(Math.floor(position / pageSize))?.failed ?? false;
  }

  /** A page that came by another way. */
  put(page: number, items: readonly Asset[]): void {
    const state = this.pageAt(page);
    state.request?.abort();
    this.pages.set(page, { ...state, items, stale: false, failed: false, request: null });
    this.tell();
  }

  /** These positions are seen. */
  want(first: number, last: number): void {
    const from = Math.max(0, Math.floor(first / pageSize));
    const to = Math.floor(last / pageSize);
    this.wanted = [from, to];
    for (const [page, state] of this.pages) {
      if (page < from - 1 || page > to + 1) this.abandon(state);
    }
    for (let page = from; page <= to; page += 1) this.fetch(page);
    this.forgetFar();
  }

  /** Something changed on the server: what is seen is fetched again, and shown until it came. */
  refresh(): void {
    this.forget();
    for (const state of this.pages.values()) {
      state.stale = true;
      state.failed = false;
    }
    const [from, to] = this.wanted;
    for (let page = from; page <= to; page += 1) this.fetch(page);
  }

  retry(): void {
    for (const state of this.pages.values()) state.failed = false;
    this.tell();
    const [from, to] = this.wanted;
    for (let page = from; page <= to; page += 1) this.fetch(page);
  }

  close(): void {
    for (const state of this.pages.values()) this.abandon(state);
    this.listeners.clear();
  }

  private pageAt(page: number): PageState {
    let state = this.pages.get(page);
    if (!state) {
      state = { items: null, stale: true, failed: false, request: null, seen: 0 };
      this.pages.set(page, state);
    }
    this.clock += 1;
    state.seen = this.clock;
    return state;
  }

  private fetch(page: number): void {
    const state = this.pageAt(page);
    if (!state.stale || state.failed || state.request) return;
    const request = new AbortController();
    state.request = request;
    this.fetchPage(page * pageSize, request.signal).then(
      (items) => {
        if (state.request !== request) return;
        Object.assign(state, { items, stale: false, request: null });
        this.tell();
      },
      () => {
        if (state.request !== request) return;
        Object.assign(state, { failed: true, request: null });
        this.tell();
      },
    );
  }

  private abandon(state: PageState): void {
    state.request?.abort();
    state.request = null;
  }

  private forgetFar(): void {
    if (this.pages.size <= kKept) return;
    const oldest = [...this.pages].sort((a, b) => a[1].seen - b[1].seen);
    for (const [page, state] of oldest.slice(0, this.pages.size - kKept)) {
      this.abandon(state);
      this.pages.delete(page);
    }
  }

  private tell(): void {
    this.version += 1;
    for (const listener of [...this.listeners]) listener();
  }
}
