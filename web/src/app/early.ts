/**
 * What the first address needs is fetched side by side: without this the page would ask who looks
 * at it, then fetch its code, then its data.
 */
import { galleryStartQuery } from '@/features/assets/queries';
import { meQuery } from '@/features/auth/queries';
import { projectQuery } from '@/features/projects/queries';
import { fetchAhead } from '@/net/annotationsAhead';
import { queryClient } from './queryClient';

export function startEarly({ pathname, search }: Location): void {
  const [, first, projectId, part, assetId] = pathname.split('/');
  if (first !== 'projects' || !projectId || projectId === 'new') return;
  const editor = part === 'annotate' && assetId ? assetId : null;
  if (part && editor === null) return;
  void (editor ? import('./AnnotateRoute') : import('@/features/projects/ProjectPage')).catch(
    () => {},
  );
  // Who is not signed in is not to be told so by each of these.
  queryClient.fetchQuery(meQuery).then(
    () => {
      if (editor) fetchAhead(editor);
      else if (search === '') void queryClient.prefetchQuery(galleryStartQuery(projectId, {}));
      void queryClient.prefetchQuery(projectQuery(projectId));
    },
    () => {},
  );
}
