/**
 * The one way to the server's JSON routes. The browser signs in by an HttpOnly cookie, so each
 * request only says that it comes from our own page: same-origin credentials and `X-CSRF: 1`.
 * Every failure is an ApiError: status 0 when nobody answered, else from the problem document
 * (RFC 9457) of the reply.
 */
import { language, t, tMaybe } from '@/i18n/i18n';

export const apiBase = '/api/v1';

export interface FieldProblem {
  /** JSON pointer into the request body. */
  pointer: string;
  detail: string;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: FieldProblem[] = [],
    readonly retryAfterS: number | null = null,
    readonly requestId: string | null = null,
    /** The whole problem document: what the client needs to go on stands in it. */
    readonly problem: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
    this.name = 'ApiError';
  }
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface RequestOptions {
  method?: Method;
  query?: Record<string, string | number | boolean | null | undefined>;
  /** Sent as JSON, or as it is when it is FormData. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** The caller itself says that nobody is signed in any more. */
  quiet?: boolean;
  /** Asked for a proof already: a second refusal is an error. */
  proven?: boolean;
}

export interface Reply<T> {
  data: T;
  etag: string | null;
}

const listeners = new Set<() => void>();

/** Called whenever a route other than those of /auth says that nobody is signed in. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function reportSignedOut(): void {
  for (const listener of [...listeners]) listener();
}

const returned = new Set<() => void>();

/** Called when the person has signed in again without leaving the page. */
export function onSignedIn(listener: () => void): () => void {
  returned.add(listener);
  return () => returned.delete(listener);
}

export function reportSignedIn(): void {
  for (const listener of [...returned]) listener();
}

let heldBack: (() => void) | null = null;

/** Called when the organization asks for a second factor that the person has not shown. */
export function onHeldBack(tell: () => void): void {
  heldBack = tell;
}

let askForProof: (() => Promise<boolean>) | null = null;

/**
 * Sensitive changes want a proof of identity of the last minutes. Who asks the person for it tells
 * whether it was given; the refused call is then made again.
 */
export function onProofNeeded(ask: () => Promise<boolean>): void {
  askForProof = ask;
}

export function apiUrl(path: string, query?: RequestOptions['query']): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined) params.set(key, String(value));
  }
  const text = params.toString();
  return `${apiBase}${path}${text ? `?${text}` : ''}`;
}

/** A version 4 UUID; crypto.randomUUID is missing on plain-HTTP host names. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join('-');
}

declare global {
  /** What the script in index.html asked for before this code was there. */
  var annotateaiAhead: Record<string, Promise<Response>> | undefined;
}

/** Each answer is given once, and only to the page as it was opened. */
const kAheadMs = 10_000;

function takeAhead(url: string): Promise<Response> | null {
  const answers = globalThis.annotateaiAhead;
  const answer = answers?.[url];
  if (!answers || !answer) return null;
  delete answers[url];
  return performance.now() < kAheadMs ? answer : null;
}

export async function request<T>(path: string, options: RequestOptions = {}): Promise<Reply<T>> {
  const method = options.method ?? 'GET';
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  let body: BodyInit | undefined;
  if (options.body instanceof FormData) {
    body = options.body;
  } else if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.body);
  }
  if (method !== 'GET') headers['X-CSRF'] = '1';

  let response: Response;
  try {
    const url = apiUrl(path, options.query);
    const ahead = method === 'GET' ? takeAhead(url) : null;
    response = await (ahead ??
      fetch(url, { method, headers, body, credentials: 'same-origin', signal: options.signal }));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable();
  }
  if (!response.ok) {
    const text = await response.text().catch(() => '');
    const retryAfter = response.headers.get('Retry-After');
    const requestId = response.headers.get('X-Request-Id');
    const failure = parseProblem(response.status, text, retryAfter, requestId);
    if (failure.code === 'reauth_required' && askForProof && !options.proven) {
      if (await askForProof()) return request(path, { ...options, proven: true });
    }
    if (failure.code === 'mfa_enrolment') heldBack?.();
    if (response.status === 401 && !options.quiet && !path.startsWith('/auth/')) reportSignedOut();
    throw failure;
  }
  const etag = response.headers.get('ETag');
  if (response.status === 204) return { data: undefined as T, etag };
  const text = await response.text();
  if (text === '') return { data: undefined as T, etag };
  try {
    return { data: JSON.parse(text) as T, etag };
  } catch {
    throw new ApiError(response.status, 'bad_reply', t('common.http.badReply'));
  }
}

export async function call<T>(path: string, options: RequestOptions = {}): Promise<T> {
  return (await request<T>(path, options)).data;
}

export function unreachable(): ApiError {
  return new ApiError(0, 'unreachable', t('common.http.unreachable'));
}

export function parseProblem(
  status: number,
  text: string,
  retryAfter: string | null = null,
  requestId: string | null = null,
): ApiError {
  let problem: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) problem = parsed as Record<string, unknown>;
  } catch {
    // A proxy in between answers in HTML; the status alone has to do.
  }
  const code = textOf(problem.code) ?? `http_${status}`;
  const detail = textOf(problem.detail) ?? textOf(problem.title) ?? defaultDetail(status);
  const errors = Array.isArray(problem.errors) ? problem.errors.flatMap(fieldProblem) : [];
  return new ApiError(status, code, detail, errors, secondsOf(retryAfter), requestId, problem);
}

/** `retry-after` is a number of seconds or a date. */
function secondsOf(value: string | null): number | null {
  if (value === null || value.trim() === '') return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function fieldProblem(value: unknown): FieldProblem[] {
  if (typeof value !== 'object' || value === null) return [];
  const { pointer, detail } = value as Record<string, unknown>;
  return [{ pointer: textOf(pointer) ?? '', detail: textOf(detail) ?? t('common.http.invalid') }];
}

const spoken = [401, 403, 404, 409, 412, 413, 429, 507] as const;

function defaultDetail(status: number): string {
  const known = spoken.find((one) => one === status);
  if (known) return t(`common.http.s${known}`);
  return status >= 500 ? t('common.http.s500') : t('common.http.other', { status });
}

/** What the server said; in another language than the server's, what its code stands for. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) return codeText(error.code) ?? error.detail;
  if (error instanceof Error && error.message) return error.message;
  return t('common.http.unknown');
}

/** The words for a code of the server in a language that the server does not speak. */
export function codeText(code: string | undefined): string | null {
  return code === undefined || language() === 'en' ? null : tMaybe(`common.errors.${code}`);
}
