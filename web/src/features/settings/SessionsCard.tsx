import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { LogOut } from 'lucide-react';
import { t } from '@/i18n/i18n';
import { endOtherSignIns, endSignIn, listSignIns } from '@/net/accountRoutes';
import type { SignIn } from '@/net/api';
import { errorText } from '@/net/http';
import { logout } from '@/net/routes';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { formatAgo } from '@/ui/format';
import { Notice } from '@/ui/Notice';
import { Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/Toast';
import { deviceName } from './deviceName';
import { SettingsCard } from './SettingsCard';

export function SessionsCard() {
  const signIns = useQuery({
    queryKey: ['sign-ins'],
    queryFn: ({ signal }) => listSignIns(signal),
  });
  const end = useEnd();
  const others = signIns.data?.filter((one) => !one.current) ?? [];
  return (
    <SettingsCard id="sessions" title={t('settings.sessions.title')}>
      {signIns.isPending ? (
        <Skeleton height={64} />
      ) : signIns.isError ? (
        <Notice tone="err" title={t('settings.sessions.failed')}>
          {errorText(signIns.error)}
        </Notice>
      ) : (
        <ul className="sign-ins">
          {signIns.data.map((one) => (
            <SignInRow key={one.id} signIn={one} end={() => end.mutate([one])} />
          ))}
        </ul>
      )}
      {others.length > 1 ? (
        <div>
          <Button busy={end.isPending} onClick={() => end.mutate(others)}>
            {t('settings.sessions.signOutAll')}
          </Button>
        </div>
      ) : null}
    </SettingsCard>
  );
}

/** Ends sign-ins; the one of this browser leads to the login. */
function useEnd() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (ended: readonly SignIn[]) => {
      if (ended.some((one) => one.current)) {
        const away = await logout();
        client.clear();
        if (away) return window.location.assign(away);
        await navigate({ to: '/login', search: {} });
        return;
      }
      if (ended.length > 1) await endOtherSignIns();
      else for (const one of ended) await endSignIn(one.id);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['sign-ins'] }),
    onError: (error) =>
      toast({ tone: 'err', title: t('settings.sessions.endFailed'), detail: errorText(error) }),
  });
}

function SignInRow({ signIn, end }: { signIn: SignIn; end: () => void }) {
  const device = deviceName(signIn.user_agent);
  return (
    <li className="settings-row" data-testid="sign-in">
      <div>
        <strong>{device}</strong>{' '}
        {signIn.method === 'password' ? null : (
          <Badge>{t(`settings.sessions.methods.${signIn.method}`)}</Badge>
        )}{' '}
        {signIn.current ? <Badge>{t('settings.sessions.here')}</Badge> : null}
        <p>
          {t('settings.sessions.used', {
            ago: formatAgo(signIn.last_used_at),
            address: signIn.place ? `${signIn.place} (${signIn.ip})` : signIn.ip,
            organization: signIn.organization,
          })}
        </p>
      </div>
      <Button
        icon={<LogOut />}
        aria-label={signIn.current ? undefined : t('settings.sessions.endOf', { device })}
        data-testid={signIn.current ? 'logout' : 'end-sign-in'}
        onClick={end}
      >
        {t('settings.sessions.end')}
      </Button>
    </li>
  );
}
