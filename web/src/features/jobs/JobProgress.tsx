import { type MessageKey, t, tMaybe } from '@/i18n/i18n';
import { type Job, jobErrorText } from '@/net/api';
import { ProgressRow } from '@/ui/Progress';
import { formatCount } from '@/ui/format';

const stateText: Record<Job['state'], MessageKey> = {
  queued: 'jobs.waiting',
  running: 'jobs.states.running',
  succeeded: 'jobs.states.succeeded',
  failed: 'jobs.states.failed',
  cancelled: 'jobs.states.cancelled',
};

export interface JobProgressProps {
  job: Job | null;
  label: string;
  tone?: 'accent' | 'ai';
}

export function JobProgress({ job, label, tone }: JobProgressProps) {
  const state = job?.state ?? 'queued';
  const share = jobShare(job);
  const ended = state === 'failed' ? 'err' : state === 'succeeded' ? 'ok' : tone;
  const reason = job ? jobErrorText(job) : null;
  return (
    <ProgressRow
      label={label}
      text={state === 'failed' && reason ? reason : t(stateText[state])}
      detail={progressText(job)}
      value={share}
      tone={ended}
    />
  );
}

export function jobShare(job: Job | null): number | undefined {
  if (job?.state === 'succeeded') return 1;
  if (!job?.progress || job.progress.total <= 0) {
    return job && job.state !== 'queued' && job.state !== 'running' ? 0 : undefined;
  }
  return job.progress.done / job.progress.total;
}

export function progressText(job: Job | null): string {
  if (!job?.progress || job.progress.total <= 0) return '';
  const { done, total, unit } = job.progress;
  const figures = { done: formatCount(done), total: formatCount(total) };
  if (!unit) return t('common.of', figures);
  return t('common.ofUnit', { ...figures, unit: tMaybe(`jobs.units.${unit}`) ?? unit });
}
