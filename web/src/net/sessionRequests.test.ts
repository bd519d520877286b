import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, onSignedOut } from './http';
import { asTransportError, AssetRequests } from './sessionRequests';
import type { Operation } from '../kernel/records';

const kLog = Array.from({ length: 250 }, (_, index) => ({
  revision: index + 1,
  operation: { id: `o${index + 1}`, op: 'del', target: 'a' },
  created_by: { id: 'u', name: 'Ana' },
  created_at: '2026-01-01T00:00:00Z',
  source: 'manual',
}));

const json = (body: unknown, status = 200, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers });

/** A server with a log of 250 operations; other routes as `answers` says. */
function serve(answers: Record<string, () => Response> = {}): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: string) => {
    const { pathname, searchParams } = new URL(url, 'http://x');
    asked.push(url.replace('/api/v1/assets/x', ''));
    const answer = Object.entries(answers).find(([path]) => pathname.endsWith(path));
    if (answer) return Promise.resolve(answer[1]());
    if (!pathname.endsWith('/history')) return Promise.resolve(json({ revision: 250, items: [] }));
    const before = Number(searchParams.get('before') ?? kLog.length + 1);
    const limit = Number(searchParams.get('limit'));
    const items = kLog.slice(Math.max(0, before - 1 - limit), before - 1).reverse();
    return Promise.resolve(json({ items }));
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

describe('what happened since a revision', () => {
  const since = (revision: number) => new AssetRequests('x').since(revision);

  it('is nothing when nothing happened, by one short question', async () => {
    const asked = serve();
    expect(await since(250)).toEqual({ operations: [] });
    expect(asked).toEqual(['/history?limit=100']);
  });

  it('is read page by page, in order, as the log has it', async () => {
    const asked = serve();
    const { operations } = await since(40);
    expect(operations.map(({ revision }) => revision)).toEqual(
      Array.from({ length: 210 }, (_, index) => index + 41),
    );
    expect(operations[0]).toEqual({
      id: 'o41',
      op: 'del',
      target: 'a',
      revision: 41,
      created_by: 'u',
      created_at: '2026-01-01T00:00:00Z',
      source: 'manual',
    });
    expect(asked).toHaveLength(3);
  });

  it('is the whole state from a server that keeps no history', async () => {
    serve({ '/history': () => json({ code: 'not_found' }, 404) });
    expect(await since(0)).toMatchObject({
      snapshot: { revision: 250, items: [] },
      operations: [],
    });
  });

  it('is that the image is gone when its state is gone too', async () => {
    const gone = () => json({ code: 'not_found' }, 404);
    serve({ '/history': gone, '/annotations': gone });
    await expect(since(0)).rejects.toMatchObject({ failure: 'gone' });
  });
});

describe('a batch', () => {
  const batch = { n: 1, base: 3, operations: [{ id: 'o', op: 'del', target: 'a' } as Operation] };
  const post = () => new AssetRequests('x').post(batch);

  it('is answered by what was stored or by what was rejected', async () => {
    serve({ '/operations': () => json({ revision: 4, applied: [{ id: 'o' }] }) });
    expect(await post()).toMatchObject({ kind: 'applied', revision: 4 });
    const rejected = [{ id: 'o', code: 'target_gone' }];
    serve({ '/operations': () => json({ revision: 4, rejected }, 409) });
    expect(await post()).toEqual({ kind: 'rejected', revision: 4, rejected });
  });

  it('is refused with the places that the server points at', async () => {
    const errors = [{ pointer: '/operations/0/field', detail: 'no' }];
    serve({ '/operations': () => json({ code: 'invalid_operation', errors }, 422) });
    await expect(post()).rejects.toMatchObject({ failure: 'refused', indices: [0] });
  });

  it('waits when nobody answers', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(post()).rejects.toMatchObject({ failure: 'unreachable' });
  });
});

it('says in the editor that the sign-in ended, and takes nobody away from it', async () => {
  serve({ '/live/tickets': () => json({ code: 'unauthenticated' }, 401) });
  const left = vi.fn();
  const stop = onSignedOut(left);
  await expect(new AssetRequests('x').ticket()).rejects.toMatchObject({ failure: 'signed_out' });
  expect(left).not.toHaveBeenCalled();
  stop();
});

it('sorts failures by whether waiting mends them', () => {
  const failure = (status: number) => asTransportError(new ApiError(status, 'c', 'd')).failure;
  expect([0, 408, 429, 500, 503].map(failure)).toEqual(Array(5).fill('unreachable'));
  expect([401, 403, 404, 422].map(failure)).toEqual(['signed_out', 'forbidden', 'gone', 'refused']);
  const late = new ApiError(429, 'c', 'd', [], 7);
  expect(asTransportError(late).retryAfterMs).toBe(7000);
  expect(asTransportError(new TypeError('x')).failure).toBe('unreachable');
});
