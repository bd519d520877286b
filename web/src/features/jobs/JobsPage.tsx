import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ListChecks } from 'lucide-react';
import { type Job, jobErrorText, jobIsOver } from '@/net/api';
import { errorText } from '@/net/http';
import { cancelJob } from '@/net/routes';
import { Badge } from '@/ui/Badge';
import { Button, buttonClass } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { formatAgo, formatDateTime } from '@/ui/format';
import { Progress } from '@/ui/Progress';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/Toast';
import { projectsQuery } from '../projects/queries';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import { jobShare, progressText } from './JobProgress';
import { jobKindName, stateBadges } from './jobText';
import { jobsQuery } from './queries';
import './jobs.css';

export function JobsPage() {
  usePageTitle('Jobs');
  const jobs = useQuery(jobsQuery());
  const projects = useInfiniteQuery(projectsQuery);
  const names = new Map(
    projects.data?.pages.flatMap((page) => page.items.map((item) => [item.id, item.name] as const)),
  );
  const items = jobs.data?.items ?? [];
  return (
    <>
      <PageHeader
        title="Jobs"
        description="Long work that goes on by itself: pre-annotation, exports and imports."
      />
      {jobs.isPending ? (
        <Delayed>
          <div className="card card-pad stack" aria-label="Loading jobs">
            {Array.from({ length: 5 }, (_, index) => (
              <Skeleton key={index} height={32} />
            ))}
          </div>
        </Delayed>
      ) : jobs.isError && items.length === 0 ? (
        <ErrorState
          title="The jobs could not be loaded"
          detail={errorText(jobs.error)}
          onRetry={() => void jobs.refetch()}
        />
      ) : items.length === 0 ? (
        <div className="card">
          <EmptyState
            icon={<ListChecks />}
            title="Nothing is running"
            actions={
              <Link to="/projects" className={buttonClass('secondary')}>
                Open a project
              </Link>
            }
          >
            Pre-annotate a project, or export it, and the work shows up here with its progress.
          </EmptyState>
        </div>
      ) : (
        <div className="card table-wrap">
          <table className="table jobs-table">
            <thead>
              <tr>
                <th scope="col">Job</th>
                <th scope="col">Project</th>
                <th scope="col">State</th>
                <th scope="col">Progress</th>
                <th scope="col">Started</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((job) => (
                <JobRow key={job.id} job={job} projectName={names.get(job.project_id ?? '')} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function JobRow({ job, projectName }: { job: Job; projectName?: string }) {
  const queryClient = useQueryClient();
  const badge = stateBadges[job.state] ?? { text: job.state };
  const started = job.started_at ?? job.created_at;
  const share = jobShare(job);
  const reason = jobErrorText(job);
  const cancel = useMutation({
    mutationFn: () => cancelJob(job.id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['jobs'] }),
    onError: (error) =>
      toast({ tone: 'err', title: 'The job could not be cancelled', detail: errorText(error) }),
  });
  return (
    <tr data-testid="job-row">
      <td>
        <strong>{jobKindName(job)}</strong>
        {reason ? <div className="job-reason">{reason}</div> : null}
      </td>
      <td>
        {job.project_id ? (
          <Link to="/projects/$projectId" params={{ projectId: job.project_id }} search={{}}>
            {projectName ?? 'Open'}
          </Link>
        ) : (
          <span className="muted">None</span>
        )}
      </td>
      <td>
        <Badge tone={badge.tone}>{badge.text}</Badge>
      </td>
      <td className="job-progress">
        {jobIsOver(job.state) ? (
          <span className="muted num">{progressText(job)}</span>
        ) : (
          <>
            <Progress label={`Progress of ${jobKindName(job)}`} value={share} />
            <span className="muted num">{progressText(job)}</span>
          </>
        )}
      </td>
      <td className="muted" title={started ? formatDateTime(started) : undefined}>
        {started ? formatAgo(started) : ''}
      </td>
      <td className="job-actions">
        {jobIsOver(job.state) ? null : (
          <Button size="s" variant="ghost" busy={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel
          </Button>
        )}
      </td>
    </tr>
  );
}
