SELECT a.revision, a.log_hash, a.anchored_at, n.body
FROM assets a LEFT JOIN annotations n ON n.asset_id = a.id AND n.organization_id = $2
WHERE a.id = $1 AND a.organization_id = $2 AND a.deleted_at IS NULL
ORDER BY n.id
