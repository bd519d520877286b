import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { LogOut, ShieldOff, UserMinus } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import {
  type Member,
  type Role,
  giveRole,
  removeMember,
  resetMfa,
  signMemberOut,
} from '@/net/adminRoutes';
import { errorText } from '@/net/http';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/EmptyState';
import { formatAgo, formatDateTime } from '@/ui/format';
import { Select } from '@/ui/Select';
import { toast } from '@/ui/Toast';
import { initialsOf } from '../shell/initials';
import { AdminTable, LoadingTable } from './AdminTable';
import { givable } from './givable';
import { rolesQuery, useMembers } from './queries';
import { roleName } from './roleName';
import type { SectionProps } from './sections';

export default function MembersTab({ me }: SectionProps) {
  const { query, members } = useMembers(me.organization.id);
  const roles = useQuery(rolesQuery(me.organization.id));
  const [leaving, setLeaving] = useState<Member | null>(null);
  const writes = me.permissions.includes('member_write');
  if (query.isPending) return <LoadingTable label={t('admin.loadingMembers')} />;
  if (query.isError) {
    return (
      <ErrorState
        title={t('admin.membersFailed')}
        detail={errorText(query.error)}
        onRetry={() => void query.refetch()}
      />
    );
  }
  const heads = [
    t('admin.name'),
    t('admin.email'),
    t('admin.role'),
    t('admin.since'),
    t('rights.members.lastSeen'),
    ...(writes ? [t('rights.members.actions')] : []),
  ];
  return (
    <>
      <AdminTable heads={heads}>
        {members.map((member) => (
          <MemberRow
            key={member.id}
            member={member}
            own={member.id === me.user.id}
            organization={me.organization.id}
            roles={writes ? givable(roles.data ?? [], me.permissions) : []}
            remove={writes ? () => setLeaving(member) : null}
          />
        ))}
      </AdminTable>
      {query.hasNextPage ? (
        <div className="more">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('rights.members.more')}
          </Button>
        </div>
      ) : null}
      {leaving ? (
        <RemoveDialog
          member={leaving}
          organization={me.organization.id}
          close={() => setLeaving(null)}
        />
      ) : null}
    </>
  );
}

interface MemberRowProps {
  member: Member;
  own: boolean;
  organization: string;
  roles: readonly Role[];
  remove: (() => void) | null;
}

function MemberRow({ member, own, organization, roles, remove }: MemberRowProps) {
  return (
    <tr data-testid="member-row">
      <td>
        <span className="member">
          <span className="avatar" aria-hidden="true">
            {initialsOf(member.name)}
          </span>
          <strong className="truncate">{member.name}</strong>
          {own ? <Badge>{t('common.you')}</Badge> : null}
          {member.second_factor ? <Badge tone="ok">{t('rights.members.twoStep')}</Badge> : null}
        </span>
      </td>
      <td>{member.email}</td>
      <td>
        <RoleCell member={member} organization={organization} roles={roles} />
      </td>
      <td className="muted" title={formatDateTime(member.created_at)}>
        {formatAgo(member.created_at)}
      </td>
      <td className="muted">
        {member.last_used_at ? formatAgo(member.last_used_at) : t('rights.members.never')}
      </td>
      {remove ? (
        <td>
          <MemberActions member={member} own={own} organization={organization} remove={remove} />
        </td>
      ) : null}
    </tr>
  );
}

function RoleCell({ member, organization, roles }: Omit<MemberRowProps, 'own' | 'remove'>) {
  const client = useQueryClient();
  const give = useMutation({
    mutationFn: (role: string) => giveRole(organization, member.id, role),
    onSuccess: () => toast({ tone: 'ok', title: t('rights.members.roleChanged') }),
    onError: failed,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['members', organization] });
      void client.invalidateQueries({ queryKey: ['roles', organization] });
    },
  });
  const name = roleName(member.role_name);
  if (!roles.some((role) => role.id === member.role)) {
    return <Badge tone={member.role === 'owner' ? 'accent' : undefined}>{name}</Badge>;
  }
  return (
    <Select
      small
      aria-label={t('rights.members.roleOf', { name: member.name })}
      data-testid="member-role"
      value={member.role}
      disabled={give.isPending}
      options={roles.map((role) => ({ value: role.id, label: roleName(role.name) }))}
      onChange={(event) => give.mutate(event.target.value)}
    />
  );
}

function failed(error: unknown): void {
  toast({ tone: 'err', title: t('rights.members.failed'), detail: errorText(error) });
}

function MemberActions(props: {
  member: Member;
  own: boolean;
  organization: string;
  remove: () => void;
}) {
  const { member, organization, remove } = props;
  const [resetting, setResetting] = useState(false);
  const signOut = useMutation({
    mutationFn: () => signMemberOut(organization, member.id),
    onSuccess: () =>
      toast({ tone: 'ok', title: t('rights.members.signedOut', { name: member.name }) }),
    onError: failed,
  });
  return (
    <span className="member-actions">
      <IconButton
        label={t('rights.members.signOut')}
        icon={<LogOut />}
        disabled={signOut.isPending}
        onClick={() => signOut.mutate()}
      />
      {member.second_factor && !props.own ? (
        <IconButton
          label={t('rights.members.resetMfa')}
          icon={<ShieldOff />}
          data-testid="reset-mfa"
          onClick={() => setResetting(true)}
        />
      ) : null}
      {resetting ? (
        <ResetDialog
          member={member}
          organization={organization}
          close={() => setResetting(false)}
        />
      ) : null}
      <IconButton
        label={t('rights.members.remove')}
        icon={<UserMinus />}
        data-testid="remove-member"
        onClick={remove}
      />
    </span>
  );
}

function ResetDialog(props: { member: Member; organization: string; close: () => void }) {
  const { member, organization, close } = props;
  const client = useQueryClient();
  const reset = useMutation({
    mutationFn: () => resetMfa(organization, member.id),
    onSuccess: () => {
      toast({ tone: 'ok', title: t('rights.members.mfaReset', { name: member.name }) });
      void client.invalidateQueries({ queryKey: ['members', organization] });
      close();
    },
    onError: failed,
  });
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t('rights.members.resetMfaTitle', { name: member.name })}
      description={t('rights.members.resetMfaText')}
      footer={
        <>
          <Button variant="ghost" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            variant="danger"
            busy={reset.isPending}
            data-testid="confirm-reset-mfa"
            onClick={() => reset.mutate()}
          >
            {t('rights.members.resetMfa')}
          </Button>
        </>
      }
    >
      {null}
    </Dialog>
  );
}

function RemoveDialog(props: { member: Member; organization: string; close: () => void }) {
  const { member, organization, close } = props;
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeMember(organization, member.id),
    onSuccess: () => {
      toast({ tone: 'ok', title: t('rights.members.removed', { name: member.name }) });
      void client.invalidateQueries({ queryKey: ['members', organization] });
      close();
    },
    onError: failed,
  });
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t('rights.members.removeTitle', { name: member.name })}
      description={t('rights.members.removeText')}
      footer={
        <>
          <Button variant="ghost" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            variant="danger"
            busy={remove.isPending}
            data-testid="confirm-remove"
            onClick={() => remove.mutate()}
          >
            {t('rights.members.remove')}
          </Button>
        </>
      }
    >
      {null}
    </Dialog>
  );
}
