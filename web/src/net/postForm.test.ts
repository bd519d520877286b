import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { onSignedOut } from './http';
import { postForm } from './postForm';

class FakeXhr {
  static last: FakeXhr;
  status = 0;
  responseText = '';
  opened: string[] = [];
  sent: unknown = null;
  readonly headers: Record<string, string> = {};
  readonly replyHeaders: Record<string, string> = {};
  readonly upload: {
    onprogress?: (event: { lengthComputable: boolean; loaded: number; total: number }) => void;
    onload?: () => void;
  } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;

  constructor() {
    FakeXhr.last = this;
  }
  open(...args: string[]): void {
    this.opened = args;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  getResponseHeader(name: string): string | null {
    return this.replyHeaders[name] ?? null;
  }
  send(body: unknown): void {
    this.sent = body;
  }
  abort(): void {
    this.onabort?.();
  }
  reply(status: number, text: string): void {
    this.status = status;
    this.responseText = text;
    this.onload?.();
  }
}

beforeEach(() => void vi.stubGlobal('XMLHttpRequest', FakeXhr));
afterEach(() => void vi.unstubAllGlobals());

describe('postForm', () => {
  test('a refusal that says what became of each file is a reply', async () => {
    const isReply = (body: unknown) => typeof body === 'object' && body !== null && 'items' in body;
    const told = postForm('/x', new FormData(), { isReply });
    FakeXhr.last.reply(422, '{"items":[],"rejected":[{"filename":"a"}]}');
    expect(await told).toEqual({ items: [], rejected: [{ filename: 'a' }] });
    const refused = postForm('/x', new FormData(), { isReply });
    FakeXhr.last.reply(422, '{"code":"no_files","detail":"No files."}');
    await expect(refused).rejects.toMatchObject({ code: 'no_files' });
  });

  test('sends the form with the CSRF header and tells how much has left', async () => {
    const shares: number[] = [];
    const form = new FormData();
    const done = postForm<{ ok: boolean }>('/projects/p/assets', form, {
      headers: { 'Idempotency-Key': 'k' },
      onProgress: (share) => shares.push(share),
    });
    const xhr = FakeXhr.last;
    expect(xhr.opened).toEqual(['POST', '/api/v1/projects/p/assets']);
    expect(xhr.headers).toMatchObject({ 'X-CSRF': '1', 'Idempotency-Key': 'k' });
    expect(xhr.sent).toBe(form);
    xhr.upload.onprogress?.({ lengthComputable: true, loaded: 25, total: 100 });
    xhr.upload.onprogress?.({ lengthComputable: false, loaded: 50, total: 0 });
    xhr.upload.onload?.();
    xhr.reply(201, '{"ok":true}');
    expect(await done).toEqual({ ok: true });
    expect(shares).toEqual([0.25, 1]);
  });

  test('a problem document becomes an ApiError with its wait', async () => {
    const done = postForm('/x', new FormData());
    FakeXhr.last.replyHeaders['Retry-After'] = '3';
    FakeXhr.last.reply(429, '{"code":"rate_limited","detail":"Slow down."}');
    await expect(done).rejects.toMatchObject({ status: 429, code: 'rate_limited', retryAfterS: 3 });
  });

  test('a 201 that is not JSON is a failure', async () => {
    const done = postForm('/x', new FormData());
    FakeXhr.last.reply(201, 'stored');
    await expect(done).rejects.toMatchObject({ code: 'bad_reply' });
  });

  test('no answer is status 0, an abort stays an abort', async () => {
    const lost = postForm('/x', new FormData());
    FakeXhr.last.onerror?.();
    await expect(lost).rejects.toMatchObject({ status: 0, code: 'unreachable' });

    const controller = new AbortController();
    const stopped = postForm('/x', new FormData(), { signal: controller.signal });
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    const late = postForm('/x', new FormData(), { signal: controller.signal });
    await expect(late).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('401 says that nobody is signed in', async () => {
    const listener = vi.fn();
    const stop = onSignedOut(listener);
    const done = postForm('/x', new FormData());
    FakeXhr.last.reply(401, '{}');
    await expect(done).rejects.toMatchObject({ status: 401 });
    expect(listener).toHaveBeenCalledTimes(1);
    stop();
  });
});
