SELECT id, project_id, asset_id, annotation_id, x, y, frame, created_by, created_at, resolved_by,
       resolved_at, revision
FROM comment_threads
WHERE project_id = $1 AND organization_id = $2 AND id < $3
  AND EXISTS (SELECT 1 FROM comments c WHERE c.thread_id = comment_threads.id AND c.deleted_at IS NULL)
ORDER BY id DESC LIMIT $4
