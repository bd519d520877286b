import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getProject, listAssets, listProjects } from '@/net/routes';

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

const coverImages = 3;

export function coverQuery(projectId: string) {
  return queryOptions({
    queryKey: ['assets', projectId, 'cover'],
    queryFn: ({ signal }) => listAssets(projectId, { limit: coverImages }, signal),
    staleTime: 60_000,
  });
}
