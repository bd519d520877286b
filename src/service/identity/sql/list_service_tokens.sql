SELECT t.id, t.kind, t.name, t.hint, t.scopes, t.created_by, t.created_at, t.expires_at,
       t.last_used_at
FROM api_tokens t
WHERE t.organization_id = $1 AND t.kind = 'service' AND t.revoked_at IS NULL
ORDER BY t.id DESC LIMIT 200
