/** When a request is worth sending again, and how soon. */
import { t } from '@/i18n/i18n';
import { ApiError } from './http';

export function browserOnline(): Promise<boolean> {
  if (typeof navigator === 'undefined' || navigator.onLine !== false) return Promise.resolve(false);
  return new Promise((resolve) => {
    window.addEventListener('online', () => resolve(true), { once: true });
  });
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const detail = error instanceof Error ? error.message : t('uploads.failed');
  return new ApiError(0, 'unreachable', detail);
}

/** Failures that the same request may outlive. */
export function isPassing(error: ApiError): boolean {
  return [0, 408, 429, 502, 503, 504].includes(error.status);
}

export function waitMs(error: ApiError, attempt: number): number {
  if (error.retryAfterS !== null) return Math.min(60, error.retryAfterS) * 1000;
  return Math.min(8000, 500 * 2 ** (attempt - 1));
}
