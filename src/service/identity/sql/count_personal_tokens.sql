SELECT COUNT(*) AS tokens FROM api_tokens
WHERE organization_id = $1 AND user_id = $3 AND kind = 'personal' AND revoked_at IS NULL
  AND expires_at > $2
