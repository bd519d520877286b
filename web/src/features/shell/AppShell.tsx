import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { Cpu, FolderOpen, ListChecks, LogOut, Moon, Settings, Sun, Users } from 'lucide-react';
import { errorText } from '@/net/http';
import { logout } from '@/net/routes';
import { IconButton } from '@/ui/Button';
import { Menu, MenuHead, MenuItem, MenuSeparator } from '@/ui/Menu';
import { toast } from '@/ui/Toast';
import { meQuery } from '../auth/queries';
import { MentionsBell } from '../comments/MentionsBell';
import { useTheme } from '../settings/theme';
import { initialsOf } from './initials';
import { Logo } from './Logo';

export function AppShell() {
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <header className="topbar annotate-tool-glass">
        <Link to="/projects" className="topbar-home" aria-label="AnnotateAI, all projects">
          <Logo />
        </Link>
        <nav className="topbar-nav" aria-label="Main">
          <Link to="/projects" className="nav-link">
            <FolderOpen aria-hidden="true" />
            <span>Projects</span>
          </Link>
          <Link to="/models" className="nav-link">
            <Cpu aria-hidden="true" />
            <span>Models</span>
          </Link>
          <Link to="/jobs" className="nav-link">
            <ListChecks aria-hidden="true" />
            <span>Jobs</span>
          </Link>
        </nav>
        <div className="topbar-end">
          <MentionsBell />
          <ThemeButton />
          <AccountMenu />
        </div>
      </header>
      <main id="main" className="page" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

function ThemeButton() {
  const { theme, setTheme } = useTheme();
  const dark =
    theme === 'dark' || (theme === 'system' && document.documentElement.dataset.theme === 'dark');
  return (
    <IconButton
      label={dark ? 'Use the light theme' : 'Use the dark theme'}
      icon={dark ? <Sun /> : <Moon />}
      onClick={() => setTheme(dark ? 'light' : 'dark')}
    />
  );
}

function AccountMenu() {
  const { data: me } = useQuery(meQuery);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const name = me?.user.name || me?.user.email || 'Account';
  const signOut = async () => {
    try {
      await logout();
      queryClient.clear();
      await navigate({ to: '/login', search: {} });
    } catch (error) {
      toast({ tone: 'err', title: 'You are still signed in', detail: errorText(error) });
    }
  };
  return (
    <Menu
      label="Account"
      trigger={
        <button
          type="button"
          className="avatar"
          aria-label={`${initialsOf(name)}, account of ${name}`}
        >
          {initialsOf(name)}
        </button>
      }
    >
      <MenuHead>
        <strong>{name}</strong>
        {me?.user.email}
        {me ? <div>{me.organization.name}</div> : null}
      </MenuHead>
      <MenuSeparator />
      <MenuItem
        icon={<Users />}
        onSelect={() => void navigate({ to: '/admin/$section', params: { section: 'members' } })}
      >
        Administration
      </MenuItem>
      <MenuItem icon={<Settings />} onSelect={() => void navigate({ to: '/settings' })}>
        Settings
      </MenuItem>
      <MenuItem icon={<LogOut />} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
