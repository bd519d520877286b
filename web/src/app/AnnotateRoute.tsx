import { useParams, useSearch } from '@tanstack/react-router';
import AnnotatePage from '@/features/editor2d';

export function AnnotateRoute() {
  const { projectId, assetId } = useParams({ from: '/projects/$projectId/annotate/$assetId' });
  const { thread } = useSearch({ from: '/projects/$projectId/annotate/$assetId' });
  return <AnnotatePage projectId={projectId} assetId={assetId} thread={thread} />;
}
