import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { t } from '@/i18n/i18n';
import { logout } from '@/net/routes';
import { Button } from '@/ui/Button';
import { askForProof } from '../auth/proof';
import { meQuery } from '../auth/queries';
import { SettingsCard } from '../settings/SettingsCard';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import '../settings/settings.css';
import SecurityPanel from './SecurityPanel';
import { mfaQuery } from './mfaQuery';

/** All that is open to someone whose organization asks for a second factor. */
export function EnrolPage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const me = useQuery(meQuery);
  const mfa = useQuery(mfaQuery);
  const free = me.data !== undefined && me.data.restraint !== 'mfa_enrolment';
  const has = mfa.data !== undefined && (mfa.data.totp || mfa.data.passkeys.length > 0);
  usePageTitle(t('mfa.enrol.title'));
  // The codes are shown first: leaving would take them away.
  useEffect(() => {
    if (free && !has) void navigate({ to: '/projects', search: {} });
  }, [free, has, navigate]);
  const prove = async () => {
    if (await askForProof()) await client.invalidateQueries({ queryKey: meQuery.queryKey });
  };
  const leave = async () => {
    await logout();
    client.clear();
    await navigate({ to: '/login', search: {} });
  };
  return (
    <div className="mfa-enrol" data-testid="enrol">
      <PageHeader title={t('mfa.enrol.title')} />
      <div className="stack-l">
        <p className="muted">
          {t('mfa.enrol.text', { organization: me.data?.organization.name ?? '' })}
        </p>
        <SettingsCard id="security" title={t('settings.security.title')}>
          <SecurityPanel />
        </SettingsCard>
        <div className="mfa-actions">
          {free ? (
            <Link to="/projects" className="btn btn-primary" data-testid="enrol-onward">
              {t('mfa.enrol.onward')}
            </Link>
          ) : has ? (
            <Button variant="primary" data-testid="enrol-prove" onClick={() => void prove()}>
              {t('mfa.enrol.prove')}
            </Button>
          ) : null}
          {free ? null : (
            <Button data-testid="enrol-leave" onClick={() => void leave()}>
              {t('mfa.enrol.leave')}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
