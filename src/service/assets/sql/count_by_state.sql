SELECT COUNT(*) AS count FROM assets
WHERE project_id = $1 AND organization_id = $2 AND deleted_at IS NULL
  AND annotation_count BETWEEN $3 AND $4 AND suggestion_count >= $5
