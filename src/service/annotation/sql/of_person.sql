SELECT revision, id, body, source, actor_id, created_at, run, hash FROM operations
WHERE asset_id = $1 AND organization_id = $2 AND actor_id = $3 ORDER BY revision
