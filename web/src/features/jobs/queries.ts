import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Job, jobIsOver } from '@/net/api';
import { listJobs } from '@/net/routes';

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

/** All of the organization's, page by page. */
export const jobPagesQuery = infiniteQueryOptions({
  queryKey: ['jobs', 'pages'],
  queryFn: ({ pageParam, signal }) =>
    listJobs({ cursor: pageParam || undefined, limit: kPage }, signal),
  initialPageParam: '',
  getNextPageParam: (last) => last.next_cursor || undefined,
  refetchInterval: (query) => pace(query.state.data?.pages[0]?.items),
});
