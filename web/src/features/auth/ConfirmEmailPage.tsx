import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { t } from '@/i18n/i18n';
import { confirmEmail } from '@/net/accountRoutes';
import { ApiError, errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { AuthPanel } from './AuthPanel';
import { useLinkToken } from './linkToken';
import { meQuery } from './queries';

/** Programs that look at the links of letters open them, but press no button. */
export function ConfirmEmailPage() {
  const token = useLinkToken();
  const client = useQueryClient();
  const confirm = useMutation({
    mutationFn: () => confirmEmail(token),
    onSuccess: () => client.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
  const onward = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (confirm.isSuccess) onward.current?.focus();
  }, [confirm.isSuccess]);
  const dead =
    token === '' || (confirm.error instanceof ApiError && confirm.error.code === 'invalid_link');
  return (
    <AuthPanel title={t('auth.confirm.title')} text={dead ? null : t('auth.confirm.text')}>
      {dead ? <Notice tone="err">{t('auth.deadLink')}</Notice> : null}
      {confirm.isError && !dead ? <Notice tone="err">{errorText(confirm.error)}</Notice> : null}
      {confirm.isSuccess ? (
        <>
          <Notice tone="ok">{t('auth.confirm.done', { email: confirm.data.email })}</Notice>
          <p className="login-switch">
            <Link ref={onward} to="/projects" search={{}} className="link">
              {t('auth.confirm.onward')}
            </Link>
          </p>
        </>
      ) : (
        <Button
          variant="primary"
          size="l"
          block
          busy={confirm.isPending}
          disabled={dead}
          data-testid="confirm-email"
          onClick={() => confirm.mutate()}
        >
          {t('auth.confirm.go')}
        </Button>
      )}
    </AuthPanel>
  );
}
