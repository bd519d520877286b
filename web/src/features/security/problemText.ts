import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';

/** What went wrong, of the server's and the browser's failures alike. */
export function problemText(error: unknown): string {
  if (error instanceof DOMException) {
    if (error.name === 'NotAllowedError' || error.name === 'AbortError') {
      return t('mfa.passkeys.cancelled');
    }
    if (error.name === 'InvalidStateError') return t('mfa.passkeys.known');
    if (error.name === 'SecurityError') return t('mfa.passkeys.wrongSite');
  }
  return errorText(error);
}
