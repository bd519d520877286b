import type { JobState } from '@/net/api';
import { type JobSort, jobSorts } from './jobText';

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

export function showsAll(filter: JobFilter): boolean {
  return !filter.mine && !filter.state && !filter.kind;
}
