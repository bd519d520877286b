INSERT INTO sessions (id, organization_id, user_id, cookie_hash, created_at, last_used_at,
                      expires_at, ip, user_agent, method, authenticated_at, second_factor)
VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $5, $10)
