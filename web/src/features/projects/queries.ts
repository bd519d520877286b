import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { listAssetsAt } from '@/net/galleryRoutes';
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

export function labelledQuery(projectId: string) {
  return queryOptions({
    queryKey: ['assets', projectId, 'labelled'],
    queryFn: async ({ signal }) => {
      const page = await listAssetsAt(projectId, { state: 'labelled' }, 0, 1, {
        count: true,
        signal,
      });
      return page.total ?? 0;
    },
    staleTime: 60_000,
  });
}
