import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { MailPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { type Invitation, revokeInvitation } from '@/net/adminRoutes';
import { errorText } from '@/net/http';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { formatDateTime } from '@/ui/format';
import { toast } from '@/ui/Toast';
import { AdminTable, LoadingTable, Refused } from './AdminTable';
import { InviteDialog } from './InviteDialog';
import { givable } from './givable';
import { invitationsQuery, rolesQuery } from './queries';
import { roleName } from './roleName';
import type { SectionProps } from './sections';

export default function InvitationsTab({ me }: SectionProps) {
  const allowed = me.permissions.includes('member_write');
  const organization = me.organization.id;
  const invitations = useQuery({ ...invitationsQuery(organization), enabled: allowed });
  const roles = useQuery({ ...rolesQuery(organization), enabled: allowed });
  const [inviting, setInviting] = useState(false);
  if (!allowed) return <Refused permission="member_write" />;
  if (invitations.isPending) return <LoadingTable label={t('rights.invitations.loading')} />;
  if (invitations.isError) {
    return (
      <ErrorState
        title={t('rights.invitations.loadFailed')}
        detail={errorText(invitations.error)}
        onRetry={() => void invitations.refetch()}
      />
    );
  }
  const button = (
    <Button
      variant="primary"
      icon={<MailPlus />}
      data-testid="invite"
      onClick={() => setInviting(true)}
    >
      {t('rights.invitations.invite')}
    </Button>
  );
  return (
    <>
      {invitations.data.length === 0 ? (
        <div className="card">
          <EmptyState icon={<Users />} title={t('rights.invitations.none')} actions={button}>
            {t('rights.invitations.noneText')}
          </EmptyState>
        </div>
      ) : (
        <>
          <div className="admin-bar">
            <p className="muted">{t('rights.invitations.intro')}</p>
            {button}
          </div>
          <InvitationTable organization={organization} invitations={invitations.data} />
        </>
      )}
      {inviting ? (
        <InviteDialog
          organization={organization}
          roles={givable(roles.data ?? [], me.permissions)}
          close={() => setInviting(false)}
        />
      ) : null}
    </>
  );
}

function InvitationTable(props: { organization: string; invitations: readonly Invitation[] }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (one: Invitation) => revokeInvitation(props.organization, one.id),
    onSuccess: () => toast({ tone: 'ok', title: t('rights.invitations.revoked') }),
    onError: (error) =>
      toast({ tone: 'err', title: t('rights.members.failed'), detail: errorText(error) }),
    onSettled: () =>
      void client.invalidateQueries({ queryKey: ['invitations', props.organization] }),
  });
  const heads = [
    t('rights.invitations.email'),
    t('rights.invitations.role'),
    t('rights.invitations.state'),
    t('rights.invitations.expires'),
    t('rights.members.actions'),
  ];
  return (
    <AdminTable heads={heads}>
      {props.invitations.map((one) => (
        <tr key={one.id} data-testid="invitation-row">
          <td>{one.email}</td>
          <td>{roleName(one.role_name)}</td>
          <td>
            <Badge tone={one.state === 'open' ? 'accent' : undefined}>
              {t(`rights.invitations.states.${one.state}`)}
            </Badge>
          </td>
          <td className="muted num">{formatDateTime(one.expires_at)}</td>
          <td>
            {one.state === 'open' ? (
              <Button size="s" busy={revoke.isPending} onClick={() => revoke.mutate(one)}>
                {t('rights.invitations.revoke')}
              </Button>
            ) : null}
          </td>
        </tr>
      ))}
    </AdminTable>
  );
}
