-- Inside CASE, where PostgreSQL does not guess how few pass: it would read and sort all of them.
SELECT {asset_columns}
FROM assets
WHERE project_id = $1 AND deleted_at IS NULL AND rank < $14
  AND CASE WHEN {asset_filter} THEN TRUE ELSE FALSE END
ORDER BY rank DESC LIMIT $15 OFFSET $16
