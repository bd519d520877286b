import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Check, LogOut, Plus, Settings, Users } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Organization } from '@/net/api';
import { errorText } from '@/net/http';
import { logout } from '@/net/routes';
import { Badge } from '@/ui/Badge';
import { Menu, MenuHead, MenuItem, MenuSeparator } from '@/ui/Menu';
import { toast } from '@/ui/Toast';
import { roleName } from '../admin/roleName';
import { meQuery } from '../auth/queries';
import { initialsOf } from './initials';
import { organizationsQuery } from './organizationsQuery';
import { switchTo } from './switchTo';

const NewOrganizationDialog = lazy(() => import('./NewOrganizationDialog'));

export function AccountMenu() {
  const { data: me } = useQuery(meQuery);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [making, setMaking] = useState(false);
  const name = me?.user.name || me?.user.email || t('shell.account');
  const signOut = async () => {
    try {
      const away = await logout();
      queryClient.clear();
      if (away) return window.location.assign(away);
      await navigate({ to: '/login', search: {} });
    } catch (error) {
      toast({ tone: 'err', title: t('shell.stillSignedIn'), detail: errorText(error) });
    }
  };
  return (
    <>
      <Menu
        label={t('shell.account')}
        trigger={
          <button
            type="button"
            className="avatar"
            aria-label={t('shell.accountOf', { initials: initialsOf(name), name })}
          >
            {initialsOf(name)}
          </button>
        }
      >
        <MenuHead>
          <strong>{name}</strong>
          {me?.user.email}
        </MenuHead>
        <MenuSeparator />
        {me ? <Organizations current={me.organization} /> : null}
        <MenuItem icon={<Plus />} testId="new-organization" onSelect={() => setMaking(true)}>
          {t('shell.newOrganization')}
        </MenuItem>
        <MenuSeparator />
        <MenuItem
          icon={<Users />}
          onSelect={() => void navigate({ to: '/admin/$section', params: { section: 'members' } })}
        >
          {t('shell.administration')}
        </MenuItem>
        <MenuItem icon={<Settings />} onSelect={() => void navigate({ to: '/settings' })}>
          {t('shell.settings')}
        </MenuItem>
        <MenuItem icon={<LogOut />} onSelect={() => void signOut()}>
          {t('shell.signOut')}
        </MenuItem>
      </Menu>
      {making ? (
        <Suspense fallback={null}>
          <NewOrganizationDialog onClose={() => setMaking(false)} />
        </Suspense>
      ) : null}
    </>
  );
}

/** Where the person works; choosing another loads everything anew. */
function Organizations({ current }: { current: Organization }) {
  const { data } = useQuery(organizationsQuery);
  return (
    <>
      {(data ?? [current]).map((one) => (
        <MenuItem
          key={one.id}
          icon={one.id === current.id ? <Check /> : <span className="menu-gap" />}
          testId="organization"
          onSelect={() => void (one.id === current.id || switchTo(one.id))}
        >
          <span className="organization-row">
            <span className="truncate">{one.name}</span>
            <Badge>{roleName(one.role)}</Badge>
          </span>
        </MenuItem>
      ))}
    </>
  );
}
