SELECT id, salt, ip, user_agent FROM audit_origins
WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3
