WITH page AS (
  SELECT id, name, type, created_by, created_at, updated_at, revision
  FROM projects WHERE organization_id = $1 AND id < $2 AND deleted_at IS NULL
  ORDER BY id DESC LIMIT $3
), blocks AS (
  SELECT project_id, SUM(assets) AS assets FROM asset_blocks
  WHERE project_id IN (SELECT id FROM page) AND organization_id = $1
  GROUP BY project_id
), marks AS (
  SELECT project_id, SUM(annotation_count) AS annotations,
         SUM(suggestion_count) AS suggestions_pending
  FROM assets
  WHERE project_id IN (SELECT id FROM page) AND organization_id = $1 AND deleted_at IS NULL
    AND (annotation_count > 0 OR suggestion_count > 0)
  GROUP BY project_id
)
SELECT page.id, page.name, page.type, page.created_by, page.created_at, page.updated_at,
       page.revision, CAST(COALESCE(blocks.assets, 0) AS BIGINT) AS assets,
       CAST(COALESCE(marks.annotations, 0) AS BIGINT) AS annotations,
       CAST(COALESCE(marks.suggestions_pending, 0) AS BIGINT) AS suggestions_pending
FROM page
LEFT JOIN blocks ON blocks.project_id = page.id
LEFT JOIN marks ON marks.project_id = page.id
ORDER BY page.id DESC
