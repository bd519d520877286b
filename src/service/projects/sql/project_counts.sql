SELECT (SELECT CAST(COALESCE(SUM(b.assets), 0) AS BIGINT) FROM asset_blocks b
        WHERE b.project_id = $1 AND b.organization_id = $2) AS assets,
       CAST(COALESCE(SUM(annotation_count), 0) AS BIGINT) AS annotations,
       CAST(COALESCE(SUM(suggestion_count), 0) AS BIGINT) AS suggestions_pending
FROM assets WHERE project_id = $1 AND organization_id = $2 AND deleted_at IS NULL
  AND (annotation_count > 0 OR suggestion_count > 0)
