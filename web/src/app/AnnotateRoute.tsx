import { useParams, useSearch } from '@tanstack/react-router';
import AnnotatePage from '@/features/editor2d';
import { loadKernel } from '@/kernel/kernel';

// While the page is still being asked for; a failure is told where the kernel is needed.
loadKernel().catch(() => {});

export function AnnotateRoute() {
  const { projectId, assetId } = useParams({ from: '/projects/$projectId/annotate/$assetId' });
  const { thread, ...walk } = useSearch({ from: '/projects/$projectId/annotate/$assetId' });
  return <AnnotatePage projectId={projectId} assetId={assetId} thread={thread} walk={walk} />;
}
