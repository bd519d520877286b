import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { t } from '@/i18n/i18n';
import type { AuditRecord, Me, Member } from '@/net/api';
import { errorText } from '@/net/http';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { formatAgo, formatDateTime } from '@/ui/format';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { meQuery } from '../auth/queries';
import { initialsOf } from '../shell/initials';
import { NotFound } from '../shell/NotFound';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import { actionText } from './auditText';
import { auditQuery, membersQuery } from './queries';
import { roleName } from './roleName';
import '../projects/project.css';
import './admin.css';

const sections = { members: 'admin.members', audit: 'admin.audit' } as const;

export function AdminPage() {
  const { section } = useParams({ from: '/_app/admin/$section' });
  const me = useQuery(meQuery);
  usePageTitle(t('admin.title'));
  if (!(section in sections)) return <NotFound />;
  if (!me.data) return null;
  return (
    <>
      <PageHeader
        title={t('admin.title')}
        description={t('admin.about', { organization: me.data.organization.name })}
      />
      <nav className="tabs" aria-label={t('admin.parts')}>
        {Object.entries(sections).map(([name, title]) => (
          <Link key={name} to="/admin/$section" params={{ section: name }} className="tab">
            {t(title)}
          </Link>
        ))}
      </nav>
      {section === 'audit' ? <Audit me={me.data} /> : <Members me={me.data} />}
    </>
  );
}

function Members({ me }: { me: Me }) {
  const members = useQuery(membersQuery(me.organization.id));
  if (members.isPending) return <LoadingTable label={t('admin.loadingMembers')} />;
  if (members.isError) {
    return (
      <ErrorState
        title={t('admin.membersFailed')}
        detail={errorText(members.error)}
        onRetry={() => void members.refetch()}
      />
    );
  }
  return (
    <Table heads={[t('admin.name'), t('admin.email'), t('admin.role'), t('admin.since')]}>
      {members.data.items.map((member) => (
        <MemberRow key={member.id} member={member} own={member.id === me.user.id} />
      ))}
    </Table>
  );
}

function MemberRow({ member, own }: { member: Member; own: boolean }) {
  return (
    <tr data-testid="member-row">
      <td>
        <span className="member">
          <span className="avatar" aria-hidden="true">
            {initialsOf(member.name)}
          </span>
          <strong className="truncate">{member.name}</strong>
          {own ? <Badge>{t('common.you')}</Badge> : null}
        </span>
      </td>
      <td>{member.email}</td>
      <td>
        <Badge tone={member.role === 'owner' ? 'accent' : undefined}>{roleName(member.role)}</Badge>
      </td>
      <td className="muted" title={formatDateTime(member.created_at)}>
        {formatAgo(member.created_at)}
      </td>
    </tr>
  );
}

function Audit({ me }: { me: Me }) {
  const allowed = me.permissions.includes('audit_read');
  const audit = useInfiniteQuery({ ...auditQuery(me.organization.id), enabled: allowed });
  const members = useQuery(membersQuery(me.organization.id));
  const names = new Map(members.data?.items.map((member) => [member.id, member.name]));
  if (!allowed) {
    return (
      <div className="card">
        <EmptyState icon={<Lock />} title={t('admin.auditRefused')}>
          {t('admin.auditNeeds')}
        </EmptyState>
      </div>
    );
  }
  if (audit.isPending) return <LoadingTable label={t('admin.loadingAudit')} />;
  const records = audit.data?.pages.flatMap((page) => page.items) ?? [];
  if (audit.isError && records.length === 0) {
    return (
      <ErrorState
        title={t('admin.auditFailed')}
        detail={errorText(audit.error)}
        onRetry={() => void audit.refetch()}
      />
    );
  }
  return (
    <>
      <Table heads={[t('admin.what'), t('admin.who'), t('admin.from'), t('admin.when')]}>
        {records.map((record) => (
          <AuditRow
            key={record.sequence}
            record={record}
            who={
              record.actor_id ? (names.get(record.actor_id) ?? record.actor_id) : t('admin.system')
            }
          />
        ))}
      </Table>
      {audit.hasNextPage ? (
        <div className="more">
          <Button busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            {t('common.showMore')}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function AuditRow({ record, who }: { record: AuditRecord; who: string }) {
  const when = formatDateTime(record.at);
  return (
    <tr data-testid="audit-row">
      <td>
        <strong>{actionText(record.action)}</strong>
        <div className="audit-object">{record.object_id}</div>
      </td>
      <td>{who}</td>
      <td className="muted num">{record.ip}</td>
      <td className="muted num">{when}</td>
    </tr>
  );
}

function Table({ heads, children }: { heads: readonly string[]; children: ReactNode }) {
  return (
    <div className="card table-wrap">
      <table className="table">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function LoadingTable({ label }: { label: string }) {
  return (
    <Delayed>
      <div className="card card-pad stack" aria-label={label}>
        {Array.from({ length: 5 }, (_, index) => (
          <Skeleton key={index} height={32} />
        ))}
      </div>
    </Delayed>
  );
}
