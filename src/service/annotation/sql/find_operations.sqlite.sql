SELECT revision, id, body, source, actor_id, created_at, run, hash FROM operations
WHERE asset_id = $1 AND id IN (SELECT value FROM json_each($2)) ORDER BY revision
