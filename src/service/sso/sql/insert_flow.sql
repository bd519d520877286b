INSERT INTO sso_flows (state_hash, organization_id, provider_id, browser_hash, data, purpose,
                       user_id, return_to, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
