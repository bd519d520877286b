import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Organization } from '@/net/api';
import { errorText } from '@/net/http';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { roleName } from '../admin/roleName';
import { organizationsQuery } from '../shell/organizationsQuery';
import { switchTo } from '../shell/switchTo';
import { SettingsCard } from './SettingsCard';

const NewOrganizationDialog = lazy(() => import('../shell/NewOrganizationDialog'));

export function OrganizationsCard({ current }: { current: Organization }) {
  const organizations = useQuery(organizationsQuery);
  const [making, setMaking] = useState(false);
  return (
    <SettingsCard
      id="organizations"
      title={t('settings.organization.title')}
      text={t('settings.organization.text')}
    >
      {organizations.isError ? (
        <Notice tone="err" title={t('settings.organization.failed')}>
          {errorText(organizations.error)}
        </Notice>
      ) : null}
      <ul className="sign-ins">
        {(organizations.data ?? [current]).map((one) => (
          <li key={one.id} className="settings-row">
            <span className="organization-row">
              <strong className="truncate">{one.name}</strong>
              <Badge>{roleName(one.role)}</Badge>
            </span>
            {one.id === current.id ? (
              <Badge tone="ok">{t('settings.organization.current')}</Badge>
            ) : (
              <Button size="s" onClick={() => void switchTo(one.id)}>
                {t('settings.organization.open')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div>
        <Button icon={<Plus />} onClick={() => setMaking(true)}>
          {t('shell.newOrganization')}
        </Button>
      </div>
      {making ? (
        <Suspense fallback={null}>
          <NewOrganizationDialog onClose={() => setMaking(false)} />
        </Suspense>
      ) : null}
    </SettingsCard>
  );
}
