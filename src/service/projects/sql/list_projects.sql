WITH page AS (
  SELECT id, name, type, created_by, created_at, updated_at, revision
  FROM projects WHERE organization_id = $1 AND id < $2 AND deleted_at IS NULL
  ORDER BY id DESC LIMIT $3
), counts AS (
  SELECT project_id, COUNT(*) AS assets, SUM(annotation_count) AS annotations,
         SUM(suggestion_count) AS suggestions_pending
  FROM assets
  WHERE project_id IN (SELECT id FROM page) AND organization_id = $1 AND deleted_at IS NULL
  GROUP BY project_id
)
SELECT page.id, page.name, page.type, page.created_by, page.created_at, page.updated_at,
       page.revision, COALESCE(counts.assets, 0) AS assets,
       CAST(COALESCE(counts.annotations, 0) AS BIGINT) AS annotations,
       CAST(COALESCE(counts.suggestions_pending, 0) AS BIGINT) AS suggestions_pending
FROM page LEFT JOIN counts ON counts.project_id = page.id
ORDER BY page.id DESC
