import type { Job, JobState } from '@/net/api';
import { type JobSort, jobSort, jobSorts } from './jobText';

export const jobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

/** What the list shows; it stands in the address. */
export interface JobFilter {
  mine?: true;
  state?: JobState;
  kind?: JobSort;
}

export function readJobFilter(search: Record<string, unknown>): JobFilter {
  return {
    mine: search.mine === true ? true : undefined,
    state: jobStates.find((state) => state === search.state),
    kind: jobSorts.find((kind) => kind === search.kind),
  };
}

export function matchesJob(job: Job, filter: JobFilter, userId: string | undefined): boolean {
  if (filter.mine && job.created_by !== userId) return false;
  if (filter.state && job.state !== filter.state) return false;
  return !filter.kind || jobSort(job) === filter.kind;
}
