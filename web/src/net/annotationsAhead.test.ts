import { afterEach, describe, expect, it, vi } from 'vitest';
import { fetchAhead, takeAhead } from './annotationsAhead';
import { AssetRequests } from './sessionRequests';

function answer(...replies: Response[]) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return replies.shift()!;
  });
  return asked;
}

const body = (revision: number) => Response.json({ revision, items: [] });

afterEach(() => vi.unstubAllGlobals());

describe('annotations asked for ahead', () => {
  it('are what the first load gives, and only the first', async () => {
    const asked = answer(body(1), body(2));
    fetchAhead('a');
    const requests = new AssetRequests('a');
    expect((await requests.load()).revision).toBe(1);
    expect((await requests.load()).revision).toBe(2);
    expect(asked).toHaveLength(2);
  });

  it('are not given for an earlier revision or another image', async () => {
    const asked = answer(body(9), body(3), body(4));
    fetchAhead('a');
    expect((await new AssetRequests('a').load(3)).revision).toBe(3);
    expect((await new AssetRequests('b').load()).revision).toBe(4);
    expect(asked).toHaveLength(3);
    expect((await takeAhead('a'))?.revision).toBe(9);
  });

  it('are asked for again where that failed', async () => {
    answer(new Response('', { status: 503 }), body(5));
    fetchAhead('a');
    expect((await new AssetRequests('a').load()).revision).toBe(5);
  });
});
