import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { type Role, deleteRole } from '@/net/adminRoutes';
import { errorText } from '@/net/http';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { toast } from '@/ui/Toast';
import { LoadingTable, Refused } from './AdminTable';
import { PermissionTable } from './PermissionTable';
import { permissionsQuery, rolesQuery } from './queries';
import { RoleDialog } from './RoleDialog';
import { roleName } from './roleName';
import type { SectionProps } from './sections';

export default function RolesTab({ me }: SectionProps) {
  const allowed = me.permissions.includes('role_read');
  const writes = me.permissions.includes('role_write');
  const organization = me.organization.id;
  const roles = useQuery({ ...rolesQuery(organization), enabled: allowed });
  const matrix = useQuery({ ...permissionsQuery, enabled: allowed });
  const [edited, setEdited] = useState<Role | 'new' | null>(null);
  if (!allowed) return <Refused permission="role_read" />;
  const failure = roles.error ?? matrix.error;
  if (failure) {
    return (
      <ErrorState
        title={t('rights.roles.loadFailed')}
        detail={errorText(failure)}
        onRetry={() => void Promise.all([roles.refetch(), matrix.refetch()])}
      />
    );
  }
  if (!roles.data || !matrix.data) return <LoadingTable label={t('rights.roles.loading')} />;
  return (
    <div className="stack-l">
      <div className="admin-bar">
        <p className="muted">{t('rights.roles.intro')}</p>
        {writes ? (
          <Button
            variant="primary"
            icon={<Plus />}
            data-testid="new-role"
            onClick={() => setEdited('new')}
          >
            {t('rights.roles.make')}
          </Button>
        ) : null}
      </div>
      <ul className="role-cards">
        {roles.data.map((role) => (
          <RoleCard
            key={role.id}
            role={role}
            organization={organization}
            edit={writes && !role.built_in ? () => setEdited(role) : null}
          />
        ))}
      </ul>
      <PermissionTable roles={roles.data} matrix={matrix.data} />
      {edited ? (
        <RoleDialog
          organization={organization}
          role={edited === 'new' ? null : edited}
          permissions={matrix.data.permissions}
          own={me.permissions}
          close={() => setEdited(null)}
        />
      ) : null}
    </div>
  );
}

function RoleCard(props: { role: Role; organization: string; edit: (() => void) | null }) {
  const { role, organization, edit } = props;
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteRole(organization, role.id),
    onSuccess: () => {
      toast({ tone: 'ok', title: t('rights.roles.deleted') });
      void client.invalidateQueries({ queryKey: ['roles', organization] });
    },
    onError: (error) =>
      toast({ tone: 'err', title: t('rights.members.failed'), detail: errorText(error) }),
  });
  return (
    <li className="card card-pad role-card" data-testid="role-card">
      <span className="member">
        <strong className="truncate">{roleName(role.name)}</strong>
        {role.built_in ? <Badge>{t('rights.roles.builtIn')}</Badge> : null}
      </span>
      <span className="muted">{t('rights.roles.holders', { count: role.members })}</span>
      {role.description ? <p>{role.description}</p> : null}
      {edit ? (
        <span className="member-actions">
          <Button size="s" data-testid="edit-role" onClick={edit}>
            {t('rights.roles.edit')}
          </Button>
          <Button
            size="s"
            variant="ghost"
            busy={remove.isPending}
            disabled={role.members > 0}
            title={role.members > 0 ? t('rights.roles.deleteText') : undefined}
            data-testid="delete-role"
            onClick={() => remove.mutate()}
          >
            {t('rights.roles.delete')}
          </Button>
        </span>
      ) : null}
    </li>
  );
}
