import { RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { isNewer } from './build';

const kEveryMs = 10 * 60_000;

/** Says that the server has another build than the one this page came from. */
export function UpdateBanner() {
  const [newer, setNewer] = useState(false);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') void isNewer().then(setNewer);
    };
    const timer = setInterval(look, kEveryMs);
    document.addEventListener('visibilitychange', look);
    window.addEventListener('online', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('online', look);
    };
  }, []);
  if (!newer) return null;
  return (
    <div className="update" role="status" data-testid="update-banner">
      <RefreshCw aria-hidden="true" />
      <span>{t('shell.update')}</span>
      <Button size="s" onClick={() => window.location.reload()}>
        {t('shell.reload')}
      </Button>
    </div>
  );
}
