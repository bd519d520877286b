import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { Cpu, FolderOpen, ListChecks, Menu as MenuIcon, Moon, Sun } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { type MessageKey, t } from '@/i18n/i18n';
import { IconButton } from '@/ui/Button';
import { Menu, MenuItem } from '@/ui/Menu';
import { meQuery } from '../auth/queries';
import { NotificationBell } from '../notifications/NotificationBell';
import { useTheme } from '../settings/theme';
import { AccountMenu } from './AccountMenu';
import { Logo } from './Logo';
import { UpdateBanner } from './UpdateBanner';

const places: readonly {
  to: '/projects' | '/models' | '/jobs';
  name: MessageKey;
  icon: ReactNode;
}[] = [
  { to: '/projects', name: 'shell.projects', icon: <FolderOpen aria-hidden="true" /> },
  { to: '/models', name: 'shell.models', icon: <Cpu aria-hidden="true" /> },
  { to: '/jobs', name: 'shell.jobs', icon: <ListChecks aria-hidden="true" /> },
];

const VerifyBanner = lazy(() => import('./VerifyBanner'));

export function AppShell() {
  const me = useQuery(meQuery);
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        {t('shell.skip')}
      </a>
      <UpdateBanner />
      <header className="topbar annotate-tool-glass">
        <SmallMenu />
        <Link to="/projects" className="topbar-home" aria-label={t('shell.home')}>
          <Logo />
        </Link>
        <nav className="topbar-nav" aria-label={t('shell.main')}>
          {places.map(({ to, name, icon }) => (
            <Link key={to} to={to} className="nav-link">
              {icon}
              <span>{t(name)}</span>
            </Link>
          ))}
        </nav>
        <div className="topbar-end">
          <NotificationBell />
          <ThemeButton />
          <AccountMenu />
        </div>
      </header>
      <main id="main" className="page" tabIndex={-1}>
        {me.data?.restraint === 'email_unverified' ? (
          <Suspense fallback={null}>
            <VerifyBanner me={me.data} />
          </Suspense>
        ) : null}
        <Outlet />
      </main>
    </div>
  );
}

/** The navigation of narrow windows. */
function SmallMenu() {
  const navigate = useNavigate();
  return (
    <div className="topbar-small">
      <Menu
        align="start"
        label={t('shell.main')}
        trigger={
          <button
            type="button"
            className="btn btn-ghost btn-icon"
            aria-label={t('shell.menu')}
            data-testid="small-menu"
          >
            <MenuIcon aria-hidden="true" />
          </button>
        }
      >
        {places.map(({ to, name, icon }) => (
          <MenuItem key={to} icon={icon} onSelect={() => void navigate({ to })}>
            {t(name)}
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}

function ThemeButton() {
  const { theme, setTheme } = useTheme();
  const shown = theme === 'system' ? document.documentElement.dataset.theme : theme;
  const light = shown === 'light';
  return (
    <IconButton
      className="theme-button"
      label={t(light ? 'shell.useDark' : 'shell.useLight')}
      icon={light ? <Moon /> : <Sun />}
      onClick={() => setTheme(light ? 'dark' : 'light')}
    />
  );
}
