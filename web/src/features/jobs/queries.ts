import { queryOptions } from '@tanstack/react-query';
import { jobIsOver } from '@/net/api';
import { listJobs } from '@/net/routes';

export function jobsQuery(projectId?: string) {
  return queryOptions({
    queryKey: ['jobs', projectId ?? 'all'],
    queryFn: ({ signal }) => listJobs({ project_id: projectId, limit: 50 }, signal),
    refetchInterval: (query) => {
      const busy = query.state.data?.items.some((job) => !jobIsOver(job.state));
      return busy ? 2000 : 15_000;
    },
  });
}
