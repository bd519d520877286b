INSERT INTO audit_origins (organization_id, id, actor_id, salt, ip, user_agent, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organization_id, id) DO NOTHING
