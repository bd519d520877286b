SELECT id, name, hint, created_by, created_at, expires_at, last_used_at
FROM scim_tokens WHERE organization_id = $1 AND revoked_at IS NULL ORDER BY id
