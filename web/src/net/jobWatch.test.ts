import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Job } from './api';
import { type JobEventStream, type JobWatchPorts, readChange, watchJob } from './jobWatch';

class FakeStream implements JobEventStream {
  closed = false;
  private readonly listeners = new Map<string, ((event: { data?: unknown }) => void)[]>();

  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  emit(type: string, data?: unknown): void {
    for (const listener of this.listeners.get(type) ?? []) listener({ data });
  }

  close(): void {
    this.closed = true;
  }
}

function watching(jobs: (Job | Error)[]) {
  const stream = new FakeStream();
  const seen: Job[] = [];
  const lost = vi.fn();
  let at = 0;
  const loadJob = vi.fn(async () => {
    const next = jobs[Math.min(at, jobs.length - 1)]!;
    at += 1;
    if (next instanceof Error) throw next;
    return next;
  });
  const ports: JobWatchPorts = { openStream: () => stream, loadJob, pollMs: 100 };
  const stop = watchJob('j1', (job) => seen.push(job), lost, ports);
  return { stream, seen, lost, loadJob, stop };
}

const running: Job = { id: 'j1', state: 'running', progress: { done: 1, total: 4 } };
const finished: Job = { id: 'j1', state: 'succeeded', result: { imported: 3 } };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('watchJob', () => {
  test('shows progress events, then the whole job once it is over, then nothing more', async () => {
    const { stream, seen } = watching([running, finished]);
    await vi.advanceTimersByTimeAsync(0);
    stream.emit('progress', '{"done":3,"total":4,"unit":"images"}');
    expect(seen.at(-1)).toMatchObject({
      state: 'running',
      progress: { done: 3, total: 4, unit: 'images' },
    });
    stream.emit('state', '{"state":"succeeded"}');
    await vi.advanceTimersByTimeAsync(0);
    expect(seen.at(-1)).toEqual(finished);
    expect(stream.closed).toBe(true);
    const count = seen.length;
    stream.emit('progress', '{"done":4,"total":4}');
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen).toHaveLength(count);
  });

  test('polls while the stream is broken', async () => {
    const { stream, seen, loadJob } = watching([running, running, running, finished]);
    await vi.advanceTimersByTimeAsync(0);
    stream.emit('error');
    await vi.advanceTimersByTimeAsync(350);
    expect(seen.at(-1)?.state).toBe('succeeded');
    expect(loadJob).toHaveBeenCalledTimes(4);
  });

  test('gives up after five failures in a row and says so', async () => {
    const { stream, lost, loadJob } = watching([new Error('gone')]);
    stream.emit('error');
    await vi.advanceTimersByTimeAsync(5000);
    expect(lost).toHaveBeenCalledTimes(1);
    expect(loadJob).toHaveBeenCalledTimes(5);
  });

  test('a stopped watch is silent', async () => {
    const { stream, seen, stop } = watching([running]);
    stop();
    stream.emit('progress', '{"done":2,"total":4}');
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen).toEqual([]);
    expect(stream.closed).toBe(true);
  });
});

describe('readChange', () => {
  test('reads bare states, whole jobs and bare progress', () => {
    expect(readChange('running')).toEqual({ state: 'running' });
    expect(readChange('"failed"')).toEqual({ state: 'failed' });
    expect(readChange('{"done":1,"total":2}')).toEqual({ progress: { done: 1, total: 2 } });
    expect(readChange('{"id":"j","state":"running","progress":{"done":1,"total":2}}')).toEqual({
      state: 'running',
      progress: { done: 1, total: 2 },
    });
  });

  test('ignores what it does not know', () => {
    for (const data of ['', '{', 'null', '7', '{"state":"exploded"}', undefined]) {
      expect(readChange(data)).toBeNull();
    }
  });
});
