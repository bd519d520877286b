UPDATE invitations SET revoked_at = $2
WHERE organization_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL
