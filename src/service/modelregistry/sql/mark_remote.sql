UPDATE remote_models SET version = $3, problem = $4, checked_at = $5
WHERE id = $1 AND organization_id = $2
