UPDATE sso_flows SET used_at = $3
WHERE state_hash = $1 AND browser_hash = $2 AND used_at IS NULL
RETURNING organization_id, provider_id, data, purpose, user_id, return_to, expires_at
