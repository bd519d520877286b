/**
 * Operations that no server has acknowledged yet, kept on this device so that a closed tab loses
 * nothing. One row per operation, ordered by when it was made; rows of one asset and one user form
 * a queue. Works on plain-HTTP hosts (IndexedDB does, locks and OPFS do not).
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Operation } from '../kernel/records';

export interface Outbox {
  read(): Promise<Operation[]>;
  append(operations: readonly Operation[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

interface OutboxRow {
  id: string;
  queue: string;
  sequence: number;
  operation: Operation;
}

interface OutboxSchema extends DBSchema {
  operations: { key: string; value: OutboxRow; indexes: { queue: [string, number] } };
}

const kDatabase = 'annotateai-outbox';

let database: Promise<IDBPDatabase<OutboxSchema>> | null = null;

function open(): Promise<IDBPDatabase<OutboxSchema>> {
  database ??= openDB<OutboxSchema>(kDatabase, 1, {
    upgrade(db) {
      const store = db.createObjectStore('operations', { keyPath: 'id' });
      store.createIndex('queue', ['queue', 'sequence']);
    },
    terminated() {
      database = null;
    },
  }).catch((error: unknown) => {
    database = null;
    throw error;
  });
  return database;
}

export class IndexedDbOutbox implements Outbox {
  private readonly queue: string;
  private sequence = Date.now() * 1000;

  constructor(userId: string, assetId: string) {
    this.queue = `${userId}/${assetId}`;
  }

  async read(): Promise<Operation[]> {
    const db = await open();
    const range = IDBKeyRange.bound([this.queue, 0], [this.queue, Infinity]);
    const rows = await db.getAllFromIndex('operations', 'queue', range);
    return rows.map((row) => row.operation);
  }

  async append(operations: readonly Operation[]): Promise<void> {
    const rows = operations.map((operation) => ({
      id: operation.id,
      queue: this.queue,
      sequence: this.sequence++,
      operation,
    }));
    const transaction = (await open()).transaction('operations', 'readwrite');
    await Promise.all([...rows.map((row) => transaction.store.put(row)), transaction.done]);
  }

  async remove(ids: readonly string[]): Promise<void> {
    const transaction = (await open()).transaction('operations', 'readwrite');
    await Promise.all([...ids.map((id) => transaction.store.delete(id)), transaction.done]);
  }
}
