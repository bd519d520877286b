import { useQuery } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import { t, tMaybe } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { type IdentityProvider, testProvider } from '@/net/ssoRoutes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Notice } from '@/ui/Notice';
import { Skeleton } from '@/ui/Skeleton';

/** Tries a provider, and tells what happened step by step. */
export function TestDialog({ provider, close }: { provider: IdentityProvider; close: () => void }) {
  const test = useQuery({
    queryKey: ['identity provider test', provider.id],
    queryFn: () => testProvider(provider.id),
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t('providers.testTitle', { name: provider.name })}
      testId="provider-test"
      footer={
        <Button variant="primary" onClick={close}>
          {t('common.close')}
        </Button>
      }
    >
      {test.isPending ? <Skeleton height={96} /> : null}
      {test.isError ? (
        <Notice tone="err" title={t('providers.testBroken')}>
          {errorText(test.error)}
        </Notice>
      ) : null}
      {test.data ? (
        <div className="stack" role="status">
          <Notice tone={test.data.ok ? 'ok' : 'err'}>
            {t(test.data.ok ? 'providers.testOk' : 'providers.testFailed')}
          </Notice>
          <ol className="provider-steps">
            {test.data.steps.map((one) => (
              <li key={one.step} data-testid="test-step" data-ok={one.ok}>
                {one.ok ? (
                  <Check aria-label={t('providers.well')} />
                ) : (
                  <X aria-label={t('providers.badly')} />
                )}
                <span>
                  {tMaybe(`providers.steps.${one.step}`) ?? one.step}
                  <small className="audit-object">{one.detail}</small>
                </span>
              </li>
            ))}
          </ol>
        </div>
      ) : null}
    </Dialog>
  );
}
