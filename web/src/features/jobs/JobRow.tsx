import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download, RotateCw, X } from 'lucide-react';
import { t } from '@/i18n/i18n';
import { type Job, jobErrorText, jobIsOver } from '@/net/api';
import { errorText } from '@/net/http';
import { cancelJob, exportContentUrl, retryJob } from '@/net/routes';
import { Badge } from '@/ui/Badge';
import { Button, buttonClass } from '@/ui/Button';
import { formatAgo, formatDateTime } from '@/ui/format';
import { Progress } from '@/ui/Progress';
import { toast } from '@/ui/Toast';
import { meQuery } from '../auth/queries';
import { jobShare, progressText } from './JobProgress';
import { jobKindName, jobSort, stateBadges } from './jobText';

export function JobRow({ job, projectName }: { job: Job; projectName?: string }) {
  const badge = stateBadges[job.state];
  const started = job.started_at ?? job.created_at;
  const reason = jobErrorText(job);
  return (
    <tr data-testid="job-row">
      <td>
        <strong>{jobKindName(job)}</strong>
        {reason ? <div className="job-reason">{reason}</div> : null}
      </td>
      <td>
        {job.project_id ? (
          <Link to="/projects/$projectId" params={{ projectId: job.project_id }} search={{}}>
            {projectName ?? t('jobs.open')}
          </Link>
        ) : (
          <span className="muted">{t('jobs.none')}</span>
        )}
      </td>
      <td>
        <Badge tone={badge?.tone}>{badge ? t(badge.text) : job.state}</Badge>
      </td>
      <td className="job-progress">
        {jobIsOver(job.state) ? null : (
          <Progress
            label={t('jobs.progressOf', { what: jobKindName(job) })}
            value={jobShare(job)}
          />
        )}
        <span className="muted num">{progressText(job)}</span>
      </td>
      <td className="muted" title={started ? formatDateTime(started) : undefined}>
        {started ? formatAgo(started) : ''}
      </td>
      <td className="job-actions">
        <JobActions job={job} />
      </td>
    </tr>
  );
}

/** What can be done with it now: stop it, run it again, go to what it made. */
function JobActions({ job }: { job: Job }) {
  const me = useQuery(meQuery);
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ['jobs'] });
  const cancel = useMutation({
    mutationFn: () => cancelJob(job.id),
    onSuccess: refresh,
    onError: (error) =>
      toast({ tone: 'err', title: t('jobs.cancelFailed'), detail: errorText(error) }),
  });
  const retry = useMutation({
    mutationFn: () => retryJob(job.id),
    onSuccess: refresh,
    onError: (error) =>
      toast({ tone: 'err', title: t('jobs.retryFailed'), detail: errorText(error) }),
  });
  const allowed = me.data?.permissions.includes('job_cancel') ?? false;
  if (job.state === 'succeeded') return <Result job={job} />;
  if (!allowed) return null;
  if (jobIsOver(job.state)) {
    return (
      <Button
        size="s"
        variant="ghost"
        icon={<RotateCw />}
        busy={retry.isPending}
        data-testid="retry-job"
        onClick={() => retry.mutate()}
      >
        {t('jobs.retry')}
      </Button>
    );
  }
  return (
    <Button
      size="s"
      variant="ghost"
      icon={<X />}
      busy={cancel.isPending}
      onClick={() => cancel.mutate()}
    >
      {t('common.cancel')}
    </Button>
  );
}

function Result({ job }: { job: Job }) {
  const modelId = (job.result as { model_id?: unknown } | null | undefined)?.model_id;
  if (jobSort(job) === 'export') {
    return (
      <a className={buttonClass('ghost', 's')} href={exportContentUrl(job.id)} download>
        <Download aria-hidden="true" />
        {t('jobs.download')}
      </a>
    );
  }
  if (typeof modelId !== 'string') return null;
  return (
    <Link to="/models/$modelId" params={{ modelId }} className={buttonClass('ghost', 's')}>
      {t('jobs.showModel')}
    </Link>
  );
}
