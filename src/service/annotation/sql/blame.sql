WITH changed AS (
  SELECT target, MIN(revision) AS first, MAX(revision) AS last, COUNT(*) AS changes
  FROM operations WHERE asset_id = $1 AND organization_id = $2 GROUP BY target
)
SELECT n.id AS annotation_id, f.actor_id AS created_by, f.created_at, l.actor_id AS changed_by,
       l.created_at AS changed_at, c.changes, f.run
FROM annotations n
JOIN changed c ON c.target = n.id
JOIN operations f ON f.asset_id = $1 AND f.revision = c.first
JOIN operations l ON l.asset_id = $1 AND l.revision = c.last
WHERE n.asset_id = $1 AND n.organization_id = $2
ORDER BY n.id
