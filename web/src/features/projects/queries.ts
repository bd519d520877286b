import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getProject, listProjects } from '@/net/routes';

export const projectsQuery = infiniteQueryOptions({
  queryKey: ['projects'],
  queryFn: ({ pageParam, signal }) =>
    listProjects({ cursor: pageParam || undefined, limit: 60 }, signal),
  initialPageParam: '',
  getNextPageParam: (last) => last.next_cursor || undefined,
});

export function projectQuery(projectId: string) {
  return queryOptions({
    queryKey: ['project', projectId],
    queryFn: ({ signal }) => getProject(projectId, signal),
  });
}
