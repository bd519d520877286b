import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import { t } from '@/i18n/i18n';
import type { AuditRecord } from '@/net/api';
import { errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { formatDateTime } from '@/ui/format';
import { AdminTable, LoadingTable } from './AdminTable';
import { actionText } from './auditText';
import { auditQuery, membersQuery } from './queries';
import type { SectionProps } from './sections';

export default function AuditTab({ me }: SectionProps) {
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
      <AdminTable heads={[t('admin.what'), t('admin.who'), t('admin.from'), t('admin.when')]}>
        {records.map((record) => (
          <AuditRow
            key={record.sequence}
            record={record}
            who={
              record.actor_id ? (names.get(record.actor_id) ?? record.actor_id) : t('admin.system')
            }
          />
        ))}
      </AdminTable>
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
