import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ListChecks } from 'lucide-react';
import { t } from '@/i18n/i18n';
import type { Job } from '@/net/api';
import { errorText } from '@/net/http';
import { Button, buttonClass } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { projectsQuery } from '../projects/queries';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import { showsAll } from './jobFilter';
import { JobFilters } from './JobFilters';
import { JobRow } from './JobRow';
import { jobPagesQuery } from './queries';
import './jobs.css';

export function JobsPage() {
  usePageTitle(t('jobs.title'));
  const filter = useSearch({ from: '/_app/jobs' });
  const navigate = useNavigate();
  const jobs = useInfiniteQuery(jobPagesQuery(filter));
  const items = jobs.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = !showsAll(filter);
  const show = (search: typeof filter) => void navigate({ to: '/jobs', search, replace: true });
  return (
    <>
      <PageHeader title={t('jobs.title')} description={t('jobs.about')} />
      {filtered || items.length > 0 ? <JobFilters filter={filter} onChange={show} /> : null}
      {jobs.isPending ? (
        <LoadingJobs />
      ) : jobs.isError && items.length === 0 ? (
        <ErrorState
          title={t('jobs.failed')}
          detail={errorText(jobs.error)}
          onRetry={() => void jobs.refetch()}
        />
      ) : items.length > 0 ? (
        <JobTable jobs={items} />
      ) : filtered ? (
        <div className="card">
          <EmptyState
            icon={<ListChecks />}
            title={t('jobs.noMatch')}
            actions={<Button onClick={() => show({})}>{t('jobs.showAll')}</Button>}
          >
            {t('jobs.noMatchText')}
          </EmptyState>
        </div>
      ) : (
        <NoJobs />
      )}
      {jobs.hasNextPage ? (
        <div className="more">
          <Button busy={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>
            {t('common.showMore')}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function LoadingJobs() {
  return (
    <Delayed>
      <div className="card card-pad stack" aria-label={t('jobs.loading')}>
        {Array.from({ length: 5 }, (_, index) => (
          <Skeleton key={index} height={32} />
        ))}
      </div>
    </Delayed>
  );
}

function NoJobs() {
  return (
    <div className="card">
      <EmptyState
        icon={<ListChecks />}
        title={t('jobs.nothing')}
        actions={
          <Link to="/projects" className={buttonClass('secondary')}>
            {t('jobs.openProject')}
          </Link>
        }
      >
        {t('jobs.nothingText')}
      </EmptyState>
    </div>
  );
}

function JobTable({ jobs }: { jobs: readonly Job[] }) {
  const projects = useInfiniteQuery(projectsQuery);
  const names = new Map(
    projects.data?.pages.flatMap((page) => page.items.map((item) => [item.id, item.name] as const)),
  );
  return (
    <div className="card table-wrap" tabIndex={0} role="region" aria-label={t('jobs.title')}>
      <table className="table jobs-table">
        <thead>
          <tr>
            <th scope="col">{t('jobs.columns.job')}</th>
            <th scope="col">{t('jobs.columns.project')}</th>
            <th scope="col">{t('jobs.columns.state')}</th>
            <th scope="col">{t('jobs.columns.progress')}</th>
            <th scope="col">{t('jobs.columns.started')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('jobs.columns.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} projectName={names.get(job.project_id ?? '')} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
