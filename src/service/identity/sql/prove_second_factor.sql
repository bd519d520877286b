UPDATE sessions SET second_factor = 'own' WHERE id = $1 AND revoked_at IS NULL
