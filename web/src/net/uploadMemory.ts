/**
 * Which files are on their way, so that a reload does not lose what was sent: each by what tells it
 * apart (project, name, size, time of its last change), with the server's id of its upload. The
 * browser cannot keep the files themselves; choosing them again lets them go on.
 */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPObjectStore } from 'idb';

export interface RememberedUpload {
  key: string;
  projectId: string;
  name: string;
  sizeBytes: number;
  /** The server's, of a file that travels in pieces. */
  uploadId?: string;
  at: number;
}

interface Schema extends DBSchema {
  uploads: { key: string; value: RememberedUpload; indexes: { project: string } };
}

type Store = IDBPObjectStore<Schema, ['uploads'], 'uploads', 'readwrite'>;

const kDayMs = 24 * 3600 * 1000;

export function uploadKey(projectId: string, file: File): string {
  const name = file.webkitRelativePath || file.name;
  return [projectId, name, file.size, file.lastModified].join('|');
}

export interface UploadMemory {
  of(projectId: string): Promise<RememberedUpload[]>;
  put(uploads: readonly RememberedUpload[]): void;
  forget(keys: readonly string[]): void;
}

/** Does without when the browser keeps nothing: then a reload forgets. */
export class BrowserUploadMemory implements UploadMemory {
  private database: Promise<IDBPDatabase<Schema>> | null = null;

  async of(projectId: string): Promise<RememberedUpload[]> {
    try {
      const all = await (await this.open()).getAllFromIndex('uploads', 'project', projectId);
      const old = all.filter((upload) => upload.at < Date.now() - kDayMs);
      if (old.length > 0) this.forget(old.map((upload) => upload.key));
      return all.filter((upload) => !old.includes(upload));
    } catch {
      return [];
    }
  }

  put(uploads: readonly RememberedUpload[]): void {
    void this.write((store) => uploads.map((upload) => store.put(upload)));
  }

  forget(keys: readonly string[]): void {
    void this.write((store) => keys.map((key) => store.delete(key)));
  }

  private async write(change: (store: Store) => Promise<unknown>[]): Promise<void> {
    try {
      const write = (await this.open()).transaction('uploads', 'readwrite');
      await Promise.all([...change(write.store), write.done]);
    } catch {
      // A full or forbidden store.
    }
  }

  private open(): Promise<IDBPDatabase<Schema>> {
    this.database ??= openDB<Schema>('annotateai-uploads', 1, {
      upgrade(database) {
        database
          .createObjectStore('uploads', { keyPath: 'key' })
          .createIndex('project', 'projectId');
      },
    });
    return this.database;
  }
}
