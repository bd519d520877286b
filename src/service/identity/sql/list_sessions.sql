SELECT s.id, o.name AS organization, s.ip, s.user_agent, s.method, s.created_at, s.last_used_at
FROM sessions s JOIN organizations o ON o.id = s.organization_id
WHERE s.user_id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND s.last_used_at > $3
ORDER BY s.last_used_at DESC, s.id LIMIT 100
