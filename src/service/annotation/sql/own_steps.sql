SELECT revision, id, body, source, actor_id, created_at, run, hash FROM operations
WHERE asset_id = $1 AND organization_id = $2 AND actor_id = $3 AND source <> 'import'
  AND (run IS NULL OR step IS NULL OR step <> run)
ORDER BY revision DESC LIMIT $4
