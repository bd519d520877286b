/**
 * A multipart POST with upload progress. Resolves with the parsed reply; rejects with an ApiError,
 * or with an AbortError when the signal fires.
 */
import { parseProblem, reportSignedOut } from './http';
import { sendBody } from './sendBody';

export interface PostFormOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Share of the body that has left, 0 to 1. */
  onProgress?: (share: number) => void;
  /** Whether the body of an answer that is no success says all the same what became of the form. */
  isReply?: (body: unknown) => boolean;
}

export async function postForm<T>(
  path: string,
  form: FormData,
  options: PostFormOptions = {},
): Promise<T> {
  const { headers, signal, onProgress } = options;
  const onSent = (sent: number, total: number) => onProgress?.(total > 0 ? sent / total : 1);
  const xhr = await sendBody('POST', path, form, { headers, signal, onSent });
  const body = parsed(xhr.responseText);
  if ((xhr.status < 200 || xhr.status > 299) && !options.isReply?.(body)) {
    if (xhr.status === 401) reportSignedOut();
    const header = (name: string) => xhr.getResponseHeader(name);
    throw parseProblem(xhr.status, xhr.responseText, header('Retry-After'), header('X-Request-Id'));
  }
  if (body === undefined) {
    throw parseProblem(xhr.status, '{"code":"bad_reply","detail":"The reply is not JSON."}');
  }
  return body as T;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
