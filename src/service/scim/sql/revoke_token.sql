UPDATE scim_tokens SET revoked_at = $3
WHERE id = $1 AND organization_id = $2 AND revoked_at IS NULL
