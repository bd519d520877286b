/** A request with a body whose progress is told, which fetch does not do. */
import { t } from '@/i18n/i18n';
import { apiUrl, unreachable } from './http';

export interface SendOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Bytes of the body that have left, of so many. */
  onSent?: (sent: number, total: number) => void;
}

/** Resolves with the answer, whatever its status; rejects with unreachable() or an AbortError. */
export function sendBody(
  method: 'POST' | 'PATCH',
  path: string,
  body: XMLHttpRequestBodyInit,
  options: SendOptions = {},
): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const aborted = () => new DOMException(t('uploads.cancelled'), 'AbortError');
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
    xhr.open(method, apiUrl(path));
    xhr.setRequestHeader('Accept', 'application/json');
    xhr.setRequestHeader('X-CSRF', '1');
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      xhr.setRequestHeader(name, value);
    }
    let total = 0;
    xhr.upload.onprogress = (event) => {
      if (!event.lengthComputable || event.total === 0) return;
      total = event.total;
      options.onSent?.(event.loaded, total);
    };
    xhr.upload.onload = () => options.onSent?.(total, total);
    xhr.onload = () => settle(() => resolve(xhr));
    xhr.onerror = () => settle(() => reject(unreachable()));
    xhr.onabort = () => settle(() => reject(aborted()));
    options.signal?.addEventListener('abort', abort);
    xhr.send(body);
  });
}
