/** What a person has not seen yet: mentions, and jobs of theirs that have ended. */
import { type Job, jobIsOver } from '@/net/api';

/** Older results are no news. */
const kFreshDays = 7;
const kJobsMax = 8;
const kDayMs = 86_400_000;

export interface NewsChoice {
  mentions: boolean;
  finished: boolean;
  failed: boolean;
}

/** Own jobs that ended after `seenAt` (RFC 3339, '' for never looked), latest first. */
export function endedJobs(
  jobs: readonly Job[],
  userId: string,
  seenAt: string,
  choice: NewsChoice,
  now: number,
): Job[] {
  const seen = Date.parse(seenAt) || 0;
  const after = Math.max(seen, now - kFreshDays * kDayMs);
  const wanted = (job: Job) => (job.state === 'failed' ? choice.failed : choice.finished);
  return jobs
    .filter((job) => job.created_by === userId && jobIsOver(job.state) && job.state !== 'cancelled')
    .filter((job) => wanted(job) && endOf(job) > after)
    .sort((a, b) => endOf(b) - endOf(a))
    .slice(0, kJobsMax);
}

function endOf(job: Job): number {
  return Date.parse(job.finished_at ?? '') || 0;
}
