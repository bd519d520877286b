import { describe, expect, test, vi } from 'vitest';
import type { Asset, UploadResult } from './api';
import { ApiError } from './http';
import {
  type SendFiles,
  type SendLarge,
  UploadQueue,
  type UploadQueueOptions,
} from './uploadQueue';
import type { RememberedUpload, UploadMemory } from './uploadMemory';

let changedAt = 0;

function file(name: string, size = 10): File {
  changedAt += 1;
  return new File([new Uint8Array(size)], name, { lastModified: changedAt });
}

function asset(filename: string): Asset {
  return {
    id: `id-${filename}`,
    filename,
    kind: 'image',
    width: 1,
    height: 1,
    sha256: '',
    size_bytes: 1,
    status: 'ready',
  };
}

const storeAll: SendFiles = async (files) => ({
  items: files.map((one) => asset(one.name)),
  rejected: [],
});

function queueOf(send: SendFiles, options: Partial<UploadQueueOptions> = {}): UploadQueue {
  return new UploadQueue({ send, sleep: async () => {}, ...options });
}

async function settled(queue: UploadQueue): Promise<void> {
  await vi.waitFor(() => expect(queue.getSnapshot().active).toBe(false));
}

describe('UploadQueue', () => {
  test('stores all files and knows the first asset', async () => {
    const queue = queueOf(storeAll);
    queue.add([file('a.jpg', 100), file('b.jpg', 50)]);
    expect(queue.getSnapshot().active).toBe(true);
    await settled(queue);
    const { stored, failed, firstAssetId, sentBytes, totalBytes } = queue.getSnapshot();
    expect([stored, failed, firstAssetId]).toEqual([2, 0, 'id-a.jpg']);
    expect([sentBytes, totalBytes]).toEqual([150, 150]);
  });

  test('a refused file says why and the others of its request are kept', async () => {
    const send: SendFiles = async (files) => ({
      items: files.filter((one) => one.name !== 'bad.txt').map((one) => asset(one.name)),
      rejected: [{ filename: 'bad.txt', code: 'not_an_image', detail: 'Not an image.' }],
    });
    const queue = queueOf(send);
    queue.add([file('a.jpg'), file('bad.txt'), file('c.jpg')]);
    await settled(queue);
    const { items, stored, failed } = queue.getSnapshot();
    expect([stored, failed]).toEqual([2, 1]);
    expect(items.find((item) => item.phase === 'failed')).toMatchObject({
      name: 'bad.txt',
      code: 'not_an_image',
      detail: 'Not an image.',
    });
  });

  test('refused members of an archive are listed while the archive counts as stored', async () => {
    const send: SendFiles = async () => ({
      items: [asset('in/a.jpg')],
      rejected: [{ filename: '../evil.jpg', code: 'bad_name', detail: 'Leaves the archive.' }],
    });
    const queue = queueOf(send);
    queue.add([file('photos.zip')]);
    await settled(queue);
    const { items, stored, failed } = queue.getSnapshot();
    expect([stored, failed]).toEqual([1, 1]);
    expect(items.map((item) => item.name)).toEqual(['photos.zip', '../evil.jpg']);
  });

  test('small files share a request, up to the limits, never two of one name', async () => {
    const batches: string[][] = [];
    const send: SendFiles = async (files, options) => {
      batches.push(files.map((one) => one.name));
      return storeAll(files, options);
    };
    const queue = queueOf(send, { batchFilesMax: 2, batchBytesMax: 100, parallelMax: 1 });
    queue.add([file('a.jpg'), file('a.jpg'), file('b.jpg'), file('big.jpg', 500), file('c.jpg')]);
    await settled(queue);
    expect(batches).toEqual([['a.jpg', 'b.jpg'], ['a.jpg'], ['big.jpg'], ['c.jpg']]);
    expect(queue.getSnapshot().stored).toBe(5);
  });

  test('never more requests at once than allowed', async () => {
    let now = 0;
    let most = 0;
    const send: SendFiles = async (files, options) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 2));
      now -= 1;
      return storeAll(files, options);
    };
    const queue = queueOf(send, { parallelMax: 3, batchFilesMax: 1 });
    queue.add(Array.from({ length: 12 }, (_, index) => file(`${index}.jpg`)));
    await settled(queue);
    expect(most).toBe(3);
  });

  test('a passing failure is tried again with the same key, a lasting one is not', async () => {
    const keys: string[] = [];
    const waits: number[] = [];
    let calls = 0;
    const send: SendFiles = async (files, options) => {
      keys.push(options.key);
      calls += 1;
      if (calls === 1) throw new ApiError(429, 'rate_limited', 'Slow down.', [], 7);
      if (calls === 2) throw new ApiError(503, 'busy', 'Busy.');
      return storeAll(files, options);
    };
    const sleep = async (ms: number) => void waits.push(ms);
    const queue = queueOf(send, { sleep });
    queue.add([file('a.jpg')]);
    await settled(queue);
    expect(queue.getSnapshot().stored).toBe(1);
    expect(new Set(keys).size).toBe(1);
    expect(waits).toEqual([7000, 1000]);

    const refusing = vi.fn(async () => {
      throw new ApiError(413, 'too_large', 'Larger than 1 GB.');
    });
    const other = queueOf(refusing);
    other.add([file('huge.tif')]);
    await settled(other);
    expect(refusing).toHaveBeenCalledTimes(1);
    expect(other.getSnapshot().items[0]).toMatchObject({ phase: 'failed', code: 'too_large' });
  });

  test('being offline is waited out, a server that is away is not', async () => {
    let calls = 0;
    const send: SendFiles = async (files, options) => {
      calls += 1;
      if (calls <= 7) throw new ApiError(0, 'unreachable', 'No answer.');
      return storeAll(files, options);
    };
    const queue = queueOf(send, { attemptsMax: 2, whenOnline: async () => true });
    queue.add([file('a.jpg')]);
    await settled(queue);
    expect([calls, queue.getSnapshot().stored]).toEqual([8, 1]);

    calls = 0;
    const online = queueOf(send, { attemptsMax: 2, whenOnline: async () => false });
    online.add([file('a.jpg')]);
    await settled(online);
    expect([calls, online.getSnapshot().failed]).toEqual([2, 1]);
  });

  test('retry sends a failed file again', async () => {
    let broken = true;
    const send: SendFiles = async (files, options) => {
      if (broken) throw new ApiError(400, 'bad', 'Bad.');
      return storeAll(files, options);
    };
    const queue = queueOf(send);
    queue.add([file('a.jpg')]);
    await settled(queue);
    broken = false;
    queue.retry(queue.getSnapshot().items.map((item) => item.id));
    await settled(queue);
    expect(queue.getSnapshot()).toMatchObject({ stored: 1, failed: 0 });
  });

  test('progress of a request is shared out to its files in their order', async () => {
    const seen: number[][] = [];
    const send: SendFiles = async (files, options) => {
      options.onProgress(0.5);
      seen.push(queue.getSnapshot().items.map((item) => item.share));
      options.onProgress(1);
      expect(queue.getSnapshot().items.map((item) => item.phase)).toEqual([
        'processing',
        'processing',
      ]);
      return storeAll(files, options);
    };
    const queue = queueOf(send);
    queue.add([file('a.jpg', 100), file('b.jpg', 300)]);
    await settled(queue);
    expect(seen).toEqual([[1, 1 / 3]]);
  });

  test('cancel aborts what travels and forgets what waits', async () => {
    const signals: AbortSignal[] = [];
    const send: SendFiles = (_files, options) =>
      new Promise<UploadResult>((_resolve, reject) => {
        signals.push(options.signal);
        options.signal.addEventListener('abort', () =>
          reject(new DOMException('stopped', 'AbortError')),
        );
      });
    const queue = queueOf(send, { batchFilesMax: 1, parallelMax: 1 });
    queue.add([file('a.jpg'), file('b.jpg')]);
    queue.cancel();
    await settled(queue);
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
    expect(queue.getSnapshot().items).toEqual([]);
  });

  test('a new round forgets the stored files of the last one', async () => {
    const queue = queueOf(storeAll);
    queue.add([file('a.jpg')]);
    await settled(queue);
    queue.add([file('b.jpg')]);
    await settled(queue);
    expect(queue.getSnapshot().items.map((item) => item.name)).toEqual(['b.jpg']);
    expect(queue.getSnapshot().firstAssetId).toBe('id-b.jpg');
  });

  test('a file chosen twice is sent once', async () => {
    const sent: string[] = [];
    const send: SendFiles = async (files, options) => {
      sent.push(...files.map((one) => one.name));
      return storeAll(files, options);
    };
    const queue = queueOf(send);
    const twice = file('a.jpg');
    queue.add([twice, twice]);
    queue.add([twice, file('b.jpg')]);
    await settled(queue);
    expect(sent).toEqual(['a.jpg', 'b.jpg']);
    expect(queue.getSnapshot().doubled).toBe(1);
  });

  test('a large file is paused and goes on by its name, another one is not held up', async () => {
    const begun: (string | undefined)[] = [];
    const sendLarge: SendLarge = (large, { id, signal, onBegun, onSent }) =>
      new Promise((resolve, reject) => {
        begun.push(id);
        if (!id) onBegun('upload-1');
        onSent(large.size / 2);
        signal.addEventListener('abort', () => reject(new DOMException('cut', 'AbortError')));
        if (id) resolve({ stored: 1, asset_ids: ['big'], rejected: [] });
      });
    const queue = queueOf(storeAll, { sendLarge, largeBytesMin: 100 });
    queue.add([file('big.zip', 1000), file('a.jpg')]);
    await vi.waitFor(() => expect(queue.getSnapshot().stored).toBe(1));
    queue.pause();
    await vi.waitFor(() => expect(queue.getSnapshot().items[0]?.phase).toBe('waiting'));
    expect(queue.getSnapshot()).toMatchObject({ paused: true, active: true, sentBytes: 510 });
    queue.resume();
    await settled(queue);
    expect(begun).toEqual([undefined, 'upload-1']);
    expect(queue.getSnapshot()).toMatchObject({ stored: 2, firstAssetId: 'big' });
  });

  test('what a reload cut is remembered until it is chosen again or given up', async () => {
    const kept = new Map<string, RememberedUpload>();
    const memory: UploadMemory = {
      of: async () => [...kept.values()],
      put: (uploads) => uploads.forEach((one) => kept.set(one.key, one)),
      forget: (keys) => keys.forEach((key) => kept.delete(key)),
    };
    const never: SendLarge = (_file, { onBegun }) => {
      onBegun('upload-7');
      return new Promise(() => {});
    };
    const [big, lost] = [file('big.zip', 1000), file('lost.jpg')];
    const before = queueOf(() => new Promise(() => {}), {
      sendLarge: never,
      largeBytesMin: 100,
      memory,
    });
    before.add([big, lost]);

    const ids: (string | undefined)[] = [];
    const dropped: string[] = [];
    const after = queueOf(storeAll, {
      sendLarge: async (_file, { id }) => {
        ids.push(id);
        return { stored: 1, asset_ids: ['x'], rejected: [] };
      },
      forgetLarge: async (id) => void dropped.push(id),
      largeBytesMin: 100,
      memory,
    });
    await vi.waitFor(() => expect(after.getSnapshot().remembered).toHaveLength(2));
    after.add([big]);
    await settled(after);
    expect(ids).toEqual(['upload-7']);
    expect(after.getSnapshot().remembered.map((one) => one.name)).toEqual(['lost.jpg']);
    after.forgetRemembered();
    expect([kept.size, dropped]).toEqual([0, []]);
  });

  test('a large file that is given up is given up on the server too', async () => {
    const dropped: string[] = [];
    const sendLarge: SendLarge = (_file, { signal, onBegun }) =>
      new Promise((_resolve, reject) => {
        onBegun('upload-3');
        signal.addEventListener('abort', () => reject(new DOMException('cut', 'AbortError')));
      });
    const forgetLarge = async (id: string) => void dropped.push(id);
    const queue = queueOf(storeAll, { sendLarge, forgetLarge, largeBytesMin: 100 });
    queue.add([file('big.zip', 1000), file('other.zip', 1000)]);
    queue.remove(queue.getSnapshot().items[0]!.id);
    expect(queue.getSnapshot().items.map((item) => item.name)).toEqual(['other.zip']);
    queue.cancel();
    await settled(queue);
    expect(dropped).toEqual(['upload-3', 'upload-3']);
  });
});
