/**
 * A multipart POST with upload progress, which fetch does not report. Resolves with the parsed
 * reply; rejects with an ApiError, or with an AbortError when the signal fires.
 */
import { t } from '@/i18n/i18n';
import { apiUrl, parseProblem, reportSignedOut, unreachable } from './http';

export interface PostFormOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Share of the body that has left, 0 to 1. */
  onProgress?: (share: number) => void;
  /** Whether the body of an answer that is no success says all the same what became of the form. */
  isReply?: (body: unknown) => boolean;
}

export function postForm<T>(
  path: string,
  form: FormData,
  options: PostFormOptions = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => new DOMException(t('common.http.uploadCancelled'), 'AbortError');
    if (options.signal?.aborted) {
      reject(aborted());
      return;
    }
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    const settle = (finish: () => void) => {
      options.signal?.removeEventListener('abort', abort);
      finish();
    };
    xhr.open('POST', apiUrl(path));
    xhr.setRequestHeader('Accept', 'application/json');
    xhr.setRequestHeader('X-CSRF', '1');
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      xhr.setRequestHeader(name, value);
    }
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) {
        options.onProgress?.(event.loaded / event.total);
      }
    };
    xhr.upload.onload = () => options.onProgress?.(1);
    xhr.onload = () => settle(() => finishReply(xhr, options, resolve, reject));
    xhr.onerror = () => settle(() => reject(unreachable()));
    xhr.onabort = () => settle(() => reject(aborted()));
    options.signal?.addEventListener('abort', abort);
    xhr.send(form);
  });
}

function finishReply<T>(
  xhr: XMLHttpRequest,
  options: PostFormOptions,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): void {
  const retryAfter = xhr.getResponseHeader('Retry-After');
  const requestId = xhr.getResponseHeader('X-Request-Id');
  const body = parsed(xhr.responseText);
  if ((xhr.status < 200 || xhr.status > 299) && !options.isReply?.(body)) {
    if (xhr.status === 401) reportSignedOut();
    reject(parseProblem(xhr.status, xhr.responseText, retryAfter, requestId));
    return;
  }
  if (body === undefined) {
    reject(parseProblem(xhr.status, '{"code":"bad_reply","detail":"The reply is not JSON."}'));
    return;
  }
  resolve(body as T);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
