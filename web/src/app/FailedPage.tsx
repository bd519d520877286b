import { useRouter } from '@tanstack/react-router';
import { t } from '@/i18n/i18n';
import { ApiError, errorText } from '@/net/http';
import { ErrorState } from '@/ui/EmptyState';

export interface FailedPageProps {
  error: unknown;
  onRetry: () => void;
}

/** What stands in the place of a page that threw. */
export function FailedPage({ error, onRetry }: FailedPageProps) {
  const router = useRouter();
  const fromServer = error instanceof ApiError;
  // A page of an older build is gone from the server once a newer one is installed.
  const stale = error instanceof TypeError && /dynamically imported module/i.test(error.message);
  const retry = () => {
    if (stale) {
      window.location.reload();
      return;
    }
    onRetry();
    void router.invalidate();
  };
  return (
    <div className="full-page">
      <ErrorState
        title={t(stale ? 'shell.failed.newer' : 'shell.failed.title')}
        detail={
          stale
            ? t('shell.failed.newerText')
            : fromServer
              ? errorText(error)
              : t('shell.failed.text')
        }
        onRetry={retry}
      />
    </div>
  );
}
