/**
 * Operations that no server has acknowledged yet, kept on this device so that a closed tab loses
 * nothing. One row per operation, ordered by when it was made, with the revision it was made on;
 * rows of one asset and one user belong to the tab that made them. What a tab left that has not
 * been heard of for a while is taken over by the next one. Should both turn out to be alive, both
 * send the same operations, which has one effect. Works on plain-HTTP hosts (IndexedDB does, locks
 * and OPFS do not).
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Operation } from '../kernel/records';
import { randomKey } from './http';

export interface KeptOperation {
  operation: Operation;
  /** Null where it is not known: rows of an earlier version. */
  base: number | null;
}

export interface Leftovers {
  entries: KeptOperation[];
  /** When what another tab holds may be free; null when there is nothing of another tab. */
  againMs: number | null;
}

export interface Outbox {
  /** What this tab and tabs that are gone have left; it is this tab's from now on. */
  read(): Promise<Leftovers>;
  /** Adds, or replaces at its place. */
  put(entries: readonly KeptOperation[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** This tab is alive; to be called every few seconds while anything waits. */
  hold(): Promise<void>;
}

interface OutboxRow {
  id: string;
  queue: string;
  sequence: number;
  operation: Operation;
  base?: number | null;
  tab?: string;
}

interface OutboxSchema extends DBSchema {
  operations: { key: string; value: OutboxRow; indexes: { queue: [string, number] } };
  tabs: { key: string; value: { tab: string; until: number } };
}

const kDatabase = 'annotateai-outbox';
const kLeaseMs = 15_000;

let database: Promise<IDBPDatabase<OutboxSchema>> | null = null;

function open(): Promise<IDBPDatabase<OutboxSchema>> {
  database ??= openVersion().catch((error: unknown) => {
    database = null;
    throw error;
  });
  return database;
}

function openVersion(): Promise<IDBPDatabase<OutboxSchema>> {
  let giveUp: (reason: Error) => void;
  const blocked = new Promise<never>((_, reject) => (giveUp = reject));
  const opening = openDB<OutboxSchema>(kDatabase, 2, {
    upgrade(db, oldVersion) {
      if (oldVersion < 1) {
        const store = db.createObjectStore('operations', { keyPath: 'id' });
        store.createIndex('queue', ['queue', 'sequence']);
      }
      db.createObjectStore('tabs', { keyPath: 'tab' });
    },
    // Rather nothing kept, which is said, than a page that waits for another tab to close.
    blocked: () => giveUp(new Error('another tab holds an older version')),
    // A tab with a newer build waits for this one otherwise.
    blocking: () => void database?.then((db) => db.close()),
    terminated() {
      database = null;
    },
  });
  return Promise.race([opening, blocked]);
}

export class IndexedDbOutbox implements Outbox {
  private readonly queue: string;
  private readonly tab = tabName();
  private readonly places = new Map<string, number>();
  private sequence = Date.now() * 1000;

  constructor(userId: string, assetId: string) {
    this.queue = `${userId}/${assetId}`;
  }

  async read(): Promise<Leftovers> {
    const transaction = (await open()).transaction(['operations', 'tabs'], 'readwrite');
    const operations = transaction.objectStore('operations');
    const tabs = await transaction.objectStore('tabs').getAll();
    const now = Date.now();
    const alive = new Map(tabs.filter(({ until }) => until > now).map((x) => [x.tab, x.until]));
    const range = IDBKeyRange.bound([this.queue, 0], [this.queue, Infinity]);
    const entries: KeptOperation[] = [];
    let again: number | null = null;
    for (const row of await operations.index('queue').getAll(range)) {
      const until = row.tab === undefined || row.tab === this.tab ? null : alive.get(row.tab);
      if (until) {
        again = Math.max(again ?? 0, until - now);
        continue;
      }
      void operations.put({ ...row, tab: this.tab });
      this.places.set(row.id, row.sequence);
      entries.push({ operation: row.operation, base: row.base ?? null });
    }
    for (const { tab, until } of tabs) {
      if (until <= now) void transaction.objectStore('tabs').delete(tab);
    }
    await transaction.done;
    return { entries, againMs: again };
  }

  async put(entries: readonly KeptOperation[]): Promise<void> {
    const { queue, tab } = this;
    const rows = entries.map(({ operation, base }): OutboxRow => {
      const sequence = this.places.get(operation.id) ?? this.sequence++;
      this.places.set(operation.id, sequence);
      return { id: operation.id, queue, sequence, operation, base, tab };
    });
    const transaction = (await open()).transaction(['operations', 'tabs'], 'readwrite');
    const operations = transaction.objectStore('operations');
    for (const row of rows) void operations.put(row);
    void transaction.objectStore('tabs').put({ tab, until: Date.now() + kLeaseMs });
    await transaction.done;
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.places.delete(id);
    const transaction = (await open()).transaction('operations', 'readwrite');
    for (const id of ids) void transaction.store.delete(id);
    await transaction.done;
  }

  async hold(): Promise<void> {
    await (await open()).put('tabs', { tab: this.tab, until: Date.now() + kLeaseMs });
  }
}

const kTabKey = 'aa.tab';

/** The same over a reload of this tab. */
function tabName(): string {
  try {
    const known = sessionStorage.getItem(kTabKey);
    if (known !== null) return known;
    const name = randomKey();
    sessionStorage.setItem(kTabKey, name);
    return name;
  } catch {
    return randomKey();
  }
}
