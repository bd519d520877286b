import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Job, jobIsOver } from '@/net/api';
import { listJobs } from '@/net/routes';
import type { JobFilter } from './jobFilter';

const kPage = 50;
const kBusyMs = 2000;
const kQuietMs = 15_000;

function pace(jobs: readonly Job[] | undefined): number {
  return jobs?.some((job) => !jobIsOver(job.state)) ? kBusyMs : kQuietMs;
}

export function jobsQuery(projectId?: string) {
  return queryOptions({
    queryKey: ['jobs', projectId ?? 'all'],
    queryFn: ({ signal }) => listJobs({ project_id: projectId, limit: kPage }, signal),
    refetchInterval: (query) => pace(query.state.data?.items),
  });
}

/** Those of the organization that the filter takes, page by page. */
export function jobPagesQuery({ kind, ...filter }: JobFilter) {
  return infiniteQueryOptions({
    queryKey: ['jobs', 'pages', kind, filter],
    queryFn: ({ pageParam, signal }) =>
      listJobs({ ...filter, group: kind, cursor: pageParam || undefined, limit: kPage }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => pace(query.state.data?.pages[0]?.items),
  });
}
