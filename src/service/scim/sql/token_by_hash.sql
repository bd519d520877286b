SELECT t.id, t.organization_id, t.expires_at, t.last_used_at
FROM scim_tokens t JOIN organizations o ON o.id = t.organization_id
WHERE t.hash = $1 AND t.revoked_at IS NULL AND o.deleted_at IS NULL
