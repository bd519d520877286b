import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  ApiError,
  apiUrl,
  call,
  errorText,
  onSignedOut,
  parseProblem,
  randomKey,
  request,
} from './http';

function answer(status: number, body: string, headers: Record<string, string> = {}) {
  const fetchMock = vi.fn<typeof fetch>(async () => {
    return new Response(status === 204 ? null : body, { status, headers });
  });
  vi.stubGlobal('fetch', fetchMock);
  return fetchMock;
}

async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error(`expected an ApiError, got ${String(error)}`);
  return error;
}

afterEach(() => vi.unstubAllGlobals());

describe('request', () => {
  test('what the page asked for before is given once, to the page as it was opened', async () => {
    const fetchMock = answer(200, '"now"');
    const ahead = () => ({ '/api/v1/auth/me': Promise.resolve(new Response('"before"')) });
    vi.stubGlobal('annotateaiAhead', ahead());
    vi.stubGlobal('performance', { now: () => 900 });
    expect(await call('/auth/me', { method: 'POST' })).toBe('now');
    expect(await call('/auth/me')).toBe('before');
    expect(await call('/auth/me')).toBe('now');
    vi.stubGlobal('annotateaiAhead', ahead());
    vi.stubGlobal('performance', { now: () => 60_000 });
    expect(await call('/auth/me')).toBe('now');
    expect(fetchMock).toHaveBeenCalledTimes(3);
  });

  test('a changing request carries the CSRF header, JSON and same-origin credentials', async () => {
    const fetchMock = answer(200, '{"id":"p1"}', { ETag: '"7"' });
    const reply = await request<{ id: string }>('/projects', { method: 'POST', body: { a: 1 } });
    expect(reply).toEqual({ data: { id: 'p1' }, etag: '"7"' });
    const [url, init] = fetchMock.mock.calls[0]!;
    expect(url).toBe('/api/v1/projects');
    expect(init?.credentials).toBe('same-origin');
    expect(init?.body).toBe('{"a":1}');
    const headers = init?.headers as Record<string, string>;
    expect(headers['X-CSRF']).toBe('1');
    expect(headers['Content-Type']).toBe('application/json');
  });

  test('a GET has no CSRF header and no body', async () => {
    const fetchMock = answer(200, '{}');
    await call('/projects');
    const init = fetchMock.mock.calls[0]![1];
    expect(init?.headers).not.toHaveProperty('X-CSRF');
    expect(init?.body).toBeUndefined();
  });

  test('the browser names the content type of a form by itself', async () => {
    const fetchMock = answer(200, '{}');
    await call('/x', { method: 'POST', body: new FormData() });
    expect(fetchMock.mock.calls[0]![1]?.headers).not.toHaveProperty('Content-Type');
  });

  test('204 and empty bodies are undefined', async () => {
    answer(204, '');
    expect(await call('/x', { method: 'DELETE' })).toBeUndefined();
    answer(200, '');
    expect(await call('/x')).toBeUndefined();
  });

  test('a reply that is not JSON is a failure, not a crash', async () => {
    answer(200, '<html>');
    expect((await failureOf(call('/x'))).code).toBe('bad_reply');
  });

  test('nobody answering is status 0', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')));
    const error = await failureOf(call('/x'));
    expect([error.status, error.code]).toEqual([0, 'unreachable']);
  });

  test('an aborted request stays an AbortError', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new DOMException('stop', 'AbortError')));
    await expect(call('/x')).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('401 tells the listeners, except on the routes of /auth', async () => {
    const listener = vi.fn();
    const stop = onSignedOut(listener);
    answer(401, '{"code":"unauthenticated"}');
    await failureOf(call('/projects'));
    expect(listener).toHaveBeenCalledTimes(1);
    await failureOf(call('/auth/login', { method: 'POST', body: {} }));
    expect(listener).toHaveBeenCalledTimes(1);
    stop();
    await failureOf(call('/projects'));
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

describe('parseProblem', () => {
  test('reads code, detail, field errors and retry-after', () => {
    const text = JSON.stringify({
      title: 'Bad input',
      code: 'invalid_body',
      detail: 'labels: a name is missing',
      errors: [{ pointer: '/labels/0/name', detail: 'must not be empty' }, 'noise', { detail: 5 }],
    });
    const error = parseProblem(422, text, '17', 'req-1');
    expect(error).toMatchObject({
      status: 422,
      code: 'invalid_body',
      detail: 'labels: a name is missing',
      retryAfterS: 17,
      requestId: 'req-1',
    });
    expect(error.errors).toEqual([
      { pointer: '/labels/0/name', detail: 'must not be empty' },
      { pointer: '', detail: 'is not valid' },
    ]);
  });

  test('falls back to the title, then to a sentence for the status', () => {
    expect(parseProblem(400, '{"title":"Bad input"}').detail).toBe('Bad input');
    const bare = parseProblem(502, '<html>bad gateway</html>');
    expect(bare.code).toBe('http_502');
    expect(bare.detail).toMatch(/server failed/i);
    expect(parseProblem(418, 'null').detail).toContain('418');
  });

  test('retry-after as a date', () => {
    const soon = new Date(Date.now() + 30_000).toUTCString();
    const { retryAfterS } = parseProblem(429, '', soon);
    expect(retryAfterS).toBeGreaterThan(20);
    expect(retryAfterS).toBeLessThanOrEqual(31);
  });
});

test('apiUrl leaves out what is not given and escapes the rest', () => {
  expect(apiUrl('/jobs', { project_id: 'a b', limit: 5, cursor: undefined, x: null })).toBe(
    '/api/v1/jobs?project_id=a+b&limit=5',
  );
});

test('randomKey is a version 4 UUID and new each time', () => {
  const keys = Array.from({ length: 50 }, randomKey);
  for (const key of keys) {
    expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect(new Set(keys).size).toBe(50);
});

test('errorText speaks for anything thrown', () => {
  expect(errorText(new ApiError(404, 'not_found', 'No such project.'))).toBe('No such project.');
  expect(errorText(new Error('boom'))).toBe('boom');
  expect(errorText(undefined)).toBe('Something went wrong.');
});
