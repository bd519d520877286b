import { WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { t } from '@/i18n/i18n';

function subscribe(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

export function OfflineBanner() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  if (online) return null;
  return (
    <div className="offline" role="status">
      <WifiOff aria-hidden="true" />
      {t('shell.offline')}
    </div>
  );
}
