SELECT revision, id, body, source, actor_id, created_at, run, hash FROM operations
WHERE target = $1 AND organization_id = $2 ORDER BY revision LIMIT 10000
