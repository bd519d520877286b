SELECT (SELECT CAST(COALESCE(SUM(b.assets), 0) AS BIGINT) FROM asset_blocks b
        WHERE b.project_id = $1 AND b.organization_id = $2) AS total,
       COUNT(CASE WHEN annotation_count > 0 THEN 1 END) AS labelled,
       COUNT(CASE WHEN suggestion_count > 0 THEN 1 END) AS suggested
FROM assets WHERE project_id = $1 AND organization_id = $2 AND deleted_at IS NULL
  AND (annotation_count > 0 OR suggestion_count > 0)
