import { useRouter } from '@tanstack/react-router';
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
        title={stale ? 'A newer version is there' : 'This page could not be shown'}
        detail={
          stale
            ? 'AnnotateAI was updated while this page was open. Load it again to go on.'
            : fromServer
              ? errorText(error)
              : 'Something in this page broke. Your saved work is safe on the server.'
        }
        onRetry={retry}
      />
    </div>
  );
}
