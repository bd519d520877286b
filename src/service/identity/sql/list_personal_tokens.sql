SELECT t.id, t.kind, t.name, t.hint, t.scopes, t.created_by, t.created_at, t.expires_at,
       t.last_used_at
FROM api_tokens t
WHERE t.organization_id = $1 AND t.user_id = $2 AND t.kind = 'personal' AND t.revoked_at IS NULL
ORDER BY t.id DESC LIMIT 200
