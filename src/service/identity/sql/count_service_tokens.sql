SELECT COUNT(*) AS tokens FROM api_tokens
WHERE organization_id = $1 AND kind = 'service' AND revoked_at IS NULL AND expires_at > $2
