UPDATE invitations SET revoked_at = $3
WHERE organization_id = $1 AND email = $2 AND accepted_at IS NULL AND revoked_at IS NULL
