import { expect, test, vi } from 'vitest';
import type { Asset } from '@/net/api';
import { AssetPages, pageSize } from './assetPages';

const asset = (position: number): Asset => ({
  id: `id-${position}`,
  filename: `${position}.jpg`,
  kind: 'image',
  width: 1,
  height: 1,
  sha256: '',
  size_bytes: 1,
  status: 'ready',
});
const pageFrom = (first: number): Asset[] =>
  Array.from({ length: pageSize }, (_, index) => asset(first + index));

test('pages around what is seen are fetched once each', async () => {
  const asked: number[] = [];
  const pages = new AssetPages(async (first) => {
    asked.push(first);
    return pageFrom(first);
  });
  pages.want(90, 130);
  await vi.waitFor(() => expect(pages.at(130)?.id).toBe('id-130'));
  pages.want(95, 140);
  expect(asked).toEqual([0, 100]);
  expect(pages.at(90)?.id).toBe('id-90');
  expect(pages.at(900)).toBeUndefined();
});

test('a page that went out of sight is not waited for, but asked for when it is back', async () => {
  const signals: AbortSignal[] = [];
  const pages = new AssetPages((first, signal) => {
    signals.push(signal);
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')));
      if (signals.length > 1) resolve(pageFrom(first));
    });
  });
  pages.want(500_000, 500_010);
  pages.want(10, 20);
  expect(signals[0]?.aborted).toBe(true);
  await vi.waitFor(() => expect(pages.at(10)).toBeDefined());
  expect(pages.failedAt(500_000)).toBe(false);
  pages.want(500_000, 500_010);
  await vi.waitFor(() => expect(pages.at(500_000)?.id).toBe('id-500000'));
});

test('a failure is told and can be tried again', async () => {
  let broken = true;
  const pages = new AssetPages(async (first) => {
    if (broken) throw new Error('away');
    return pageFrom(first);
  });
  pages.want(0, 10);
  await vi.waitFor(() => expect(pages.failedAt(3)).toBe(true));
  broken = false;
  pages.retry();
  await vi.waitFor(() => expect(pages.at(3)).toBeDefined());
});

test('after a change the old is shown until the new came', async () => {
  let round = 0;
  const pages = new AssetPages(async (first) => {
    round += 1;
    return pageFrom(first).map((one) => ({ ...one, filename: `round ${round}` }));
  });
  pages.want(0, 10);
  await vi.waitFor(() => expect(pages.at(0)?.filename).toBe('round 1'));
  pages.refresh();
  expect(pages.at(0)?.filename).toBe('round 1');
  await vi.waitFor(() => expect(pages.at(0)?.filename).toBe('round 2'));
});
