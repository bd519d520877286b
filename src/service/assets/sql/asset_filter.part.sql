project_id = $1 AND organization_id = $2 AND deleted_at IS NULL
  AND annotation_count BETWEEN $3 AND $4 AND suggestion_count >= $5
  AND size_bytes BETWEEN $6 AND $7 AND created_at BETWEEN $8 AND $9
  AND lower(filename) LIKE lower($10) ESCAPE '!'
  AND length(note) >= $11 AND comments_revision >= $12
  AND (id IN (SELECT asset_id FROM annotations WHERE project_id = $1 AND label_id = $13) OR $13 IS NULL)
