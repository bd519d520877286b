SELECT a.id FROM assets a
WHERE a.project_id = $1 AND a.organization_id = $2 AND a.deleted_at IS NULL
  AND EXISTS (SELECT 1 FROM operations o
              WHERE o.asset_id = a.id AND o.actor_id = $3 AND o.created_at >= $4)
ORDER BY a.rank
