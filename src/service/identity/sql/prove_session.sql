UPDATE sessions SET authenticated_at = $2 WHERE id = $1 AND revoked_at IS NULL
