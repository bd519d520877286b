/**
 * What this browser keeps between visits and shares between its tabs, by name. Without a store
 * that works it is kept as long as the page. Values are what structured cloning can take.
 */
import { openDB, type IDBPDatabase } from 'idb';

const kDatabase = 'annotateai-shelf';
const kStore = 'items';

interface Item {
  name: string;
  value: unknown;
  at: number;
}

let database: Promise<IDBPDatabase> | null = null;
const memory = new Map<string, Item>();

function open(): Promise<IDBPDatabase> {
  database ??= openDB(kDatabase, 1, {
    upgrade(db) {
      db.createObjectStore(kStore, { keyPath: 'name' }).createIndex('at', 'at');
    },
    blocking: () => void database?.then((db) => db.close()),
    terminated() {
      database = null;
    },
  }).catch((error: unknown) => {
    database = null;
    throw error;
  });
  return database;
}

export async function shelfGet(name: string): Promise<unknown> {
  try {
    const item = (await (await open()).get(kStore, name)) as Item | undefined;
    return (item ?? memory.get(name))?.value;
  } catch {
    return memory.get(name)?.value;
  }
}

export async function shelfPut(name: string, value: unknown): Promise<void> {
  const item = { name, value, at: Date.now() };
  memory.set(name, item);
  try {
    await (await open()).put(kStore, item);
  } catch {
    // Full or forbidden: this page still has it.
  }
}

export async function shelfRemove(name: string): Promise<void> {
  memory.delete(name);
  try {
    await (await open()).delete(kStore, name);
  } catch {
    // Nothing was kept.
  }
}

/** Of names that begin with `prefix` only the `most` latest stay. */
export async function shelfTrim(prefix: string, most: number): Promise<void> {
  try {
    const db = await open();
    const names = (await db.getAllKeysFromIndex(kStore, 'at')) as string[];
    const ours = names.filter((name) => name.startsWith(prefix));
    for (const name of ours.slice(0, -most)) await db.delete(kStore, name);
  } catch {
    // Nothing was kept.
  }
}
