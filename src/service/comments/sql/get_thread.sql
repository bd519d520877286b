SELECT id, project_id, asset_id, annotation_id, x, y, frame, created_by, created_at, resolved_by,
       resolved_at, revision
FROM comment_threads WHERE id = $1 AND organization_id = $2
