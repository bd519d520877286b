import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { Download, FileSearch, Lock, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import type { AuditRecord, Me, Page } from '@/net/api';
import { type AuditFilter, auditExportUrl } from '@/net/auditRoutes';
import { errorText } from '@/net/http';
import { Badge } from '@/ui/Badge';
import { Button, buttonClass } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { formatDateTime } from '@/ui/format';
import { AuditChain } from './AuditChain';
import { AuditFilters } from './AuditFilters';
import { actionText } from './auditText';
import { auditQuery, membersQuery } from './queries';
import { AdminTable, LoadingTable } from './AdminTable';

export default function AuditPanel({ me }: { me: Me }) {
  if (me.permissions.includes('audit_read')) return <Trail me={me} />;
  return (
    <div className="card">
      <EmptyState icon={<Lock />} title={t('admin.auditRefused')}>
        {t('admin.auditNeeds')}
      </EmptyState>
    </div>
  );
}

function Trail({ me }: { me: Me }) {
  const organization = me.organization.id;
  const [filter, setFilter] = useState<AuditFilter>({});
  const members = useQuery(membersQuery(organization));
  const audit = useInfiniteQuery(auditQuery(organization, filter));
  const people = members.data?.items ?? [];
  return (
    <div className="stack">
      <AuditChain organization={organization} />
      <AuditFilters people={people} search={setFilter} />
      <div className="audit-tools">
        <Button icon={<RefreshCw />} busy={audit.isRefetching} onClick={() => void audit.refetch()}>
          {t('admin.trail.refresh')}
        </Button>
        <ExportLink organization={organization} filter={filter} format="jsonl" />
        <ExportLink organization={organization} filter={filter} format="csv" />
      </div>
      <Entries audit={audit} names={new Map(people.map((one) => [one.id, one.name]))} />
    </div>
  );
}

function ExportLink(props: { organization: string; filter: AuditFilter; format: 'jsonl' | 'csv' }) {
  const { organization, filter, format } = props;
  return (
    <a
      className={buttonClass()}
      href={auditExportUrl(organization, filter, format)}
      download
      data-testid={`audit-export-${format}`}
    >
      <Download aria-hidden="true" />
      {format === 'csv' ? t('admin.trail.exportCsv') : t('admin.trail.exportLines')}
    </a>
  );
}

function Entries(props: {
  audit: UseInfiniteQueryResult<InfiniteData<Page<AuditRecord>>>;
  names: ReadonlyMap<string, string>;
}) {
  const { audit, names } = props;
  const [shown, setShown] = useState<AuditRecord | null>(null);
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
  if (records.length === 0) {
    return (
      <div className="card">
        <EmptyState icon={<FileSearch />} title={t('admin.trail.none')}>
          {t('admin.trail.noneHint')}
        </EmptyState>
      </div>
    );
  }
  const heads = [t('admin.what'), t('admin.who'), t('admin.from'), t('admin.when')];
  return (
    <>
      <AdminTable heads={heads}>
        {records.map((record) => (
          <AuditRow
            key={record.sequence}
            record={record}
            who={whoOf(record, names)}
            show={() => setShown(record)}
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
      {shown ? (
        <EntryDialog record={shown} who={whoOf(shown, names)} close={() => setShown(null)} />
      ) : null}
    </>
  );
}

function whoOf(record: AuditRecord, names: ReadonlyMap<string, string>): string {
  if (!record.actor_id) return t('admin.system');
  return names.get(record.actor_id) ?? record.actor_id;
}

function AuditRow(props: { record: AuditRecord; who: string; show: () => void }) {
  const { record, who, show } = props;
  const action = actionText(record.action);
  const label = t('admin.trail.details', { action, sequence: record.sequence });
  return (
    <tr data-testid="audit-row">
      <td>
        <button type="button" className="audit-entry" aria-label={label} onClick={show}>
          <strong>{action}</strong>
        </button>{' '}
        {record.outcome === 'denied' ? <Badge tone="warn">{t('admin.trail.denied')}</Badge> : null}
        <div className="audit-object">{record.object_id}</div>
      </td>
      <td>{who}</td>
      <td className="muted num">{record.ip ?? ''}</td>
      <td className="muted num">{formatDateTime(record.at)}</td>
    </tr>
  );
}

function EntryDialog(props: { record: AuditRecord; who: string; close: () => void }) {
  const { record, who, close } = props;
  const rows: [string, string][] = [
    [t('admin.what'), record.action],
    [t('admin.trail.object'), `${record.object_type} ${record.object_id}`],
    [t('admin.trail.outcome'), record.outcome],
    [t('admin.who'), who],
    [t('admin.from'), record.ip ?? t('admin.trail.erased')],
    [t('admin.trail.program'), record.user_agent ?? ''],
    [t('admin.when'), record.at],
    [t('admin.trail.request'), record.request_id],
    [t('admin.trail.hash'), record.hash],
  ];
  return (
    <Dialog
      open
      reading
      onOpenChange={close}
      title={t('admin.trail.entry', { sequence: record.sequence })}
      testId="audit-entry"
      width={640}
    >
      <dl className="audit-facts">
        {rows
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <pre className="audit-detail" aria-label={t('admin.trail.detail')}>
        {JSON.stringify(record.detail, null, 2)}
      </pre>
    </Dialog>
  );
}
