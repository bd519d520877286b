import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { errorText } from '@/net/http';
import { logout } from '@/net/routes';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { Segmented } from '@/ui/Segmented';
import { Skeleton } from '@/ui/Skeleton';
import { meQuery } from '../auth/queries';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import { type ThemeChoice, useTheme } from './theme';
import './settings.css';

const themes: readonly { value: ThemeChoice; label: React.ReactNode }[] = [
  {
    value: 'system',
    label: (
      <>
        <Monitor aria-hidden="true" /> System
      </>
    ),
  },
  {
    value: 'dark',
    label: (
      <>
        <Moon aria-hidden="true" /> Dark
      </>
    ),
  },
  {
    value: 'light',
    label: (
      <>
        <Sun aria-hidden="true" /> Light
      </>
    ),
  },
];

export function SettingsPage() {
  usePageTitle('Settings');
  return (
    <div className="page-narrow">
      <PageHeader title="Settings" />
      <div className="stack-l">
        {window.isSecureContext ? null : (
          <Notice tone="warn" title="Limited mode: this site was opened without HTTPS">
            Some functions of the browser, such as the clipboard and fast video decoding, are only
            there for sites opened by HTTPS or on this machine itself.
          </Notice>
        )}
        <ProfileCard />
        <AppearanceCard />
        <SessionCard />
      </div>
    </div>
  );
}

function ProfileCard() {
  const me = useQuery(meQuery);
  const rows: [string, string | undefined][] = [
    ['Name', me.data?.user.name],
    ['Email', me.data?.user.email],
    ['Organization', me.data?.organization.name],
    ['Role', me.data?.organization.role],
  ];
  return (
    <section className="card settings-card" aria-labelledby="profile">
      <h2 className="h3" id="profile">
        Profile
      </h2>
      {me.isPending ? (
        <Skeleton height={96} />
      ) : me.isError ? (
        <Notice tone="err" title="Your profile could not be loaded">
          {errorText(me.error)}
        </Notice>
      ) : (
        <dl className="facts">
          {rows.map(([name, value]) =>
            value ? (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ) : null,
          )}
        </dl>
      )}
    </section>
  );
}

function AppearanceCard() {
  const { theme, glass, setTheme, setGlass } = useTheme();
  return (
    <section className="card settings-card" aria-labelledby="appearance">
      <h2 className="h3" id="appearance">
        Appearance
      </h2>
      <div className="settings-row">
        <div>
          <strong>Theme</strong>
          <p>Colours of labels stay the same in both.</p>
        </div>
        <Segmented label="Theme" value={theme} options={themes} onChange={setTheme} />
      </div>
      <Checkbox
        label="Glass surfaces"
        hint="Switch off if moving around an image feels slow."
        checked={glass}
        onChange={(event) => setGlass(event.target.checked)}
      />
    </section>
  );
}

function SessionCard() {
  const me = useQuery(meQuery);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const signOut = async () => {
    setBusy(true);
    try {
      await logout();
      queryClient.clear();
      await navigate({ to: '/login', search: {} });
    } catch (error) {
      setFailure(errorText(error));
      setBusy(false);
    }
  };
  return (
    <section className="card settings-card" aria-labelledby="session">
      <h2 className="h3" id="session">
        Session
      </h2>
      <div className="settings-row">
        <div>
          <strong>Signed in on this browser</strong>
          <p>{me.data ? `As ${me.data.user.email}.` : null}</p>
        </div>
        <Button icon={<LogOut />} busy={busy} data-testid="logout" onClick={() => void signOut()}>
          Sign out
        </Button>
      </div>
      {failure ? (
        <Notice tone="err" title="You are still signed in">
          {failure}
        </Notice>
      ) : null}
    </section>
  );
}
