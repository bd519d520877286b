-- Inside CASE, where PostgreSQL does not guess how few pass: it would read and sort all of them.
SELECT {asset_columns}
FROM assets
WHERE project_id = $1 AND deleted_at IS NULL AND organization_id = $2 AND (filename, rank) > ($15, $14)
  AND CASE WHEN {asset_filter} THEN TRUE ELSE FALSE END
ORDER BY filename, rank LIMIT $16 OFFSET $17
