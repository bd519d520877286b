UPDATE sessions
SET method = (SELECT method FROM sessions WHERE id = $2),
    authenticated_at = (SELECT authenticated_at FROM sessions WHERE id = $2)
WHERE id = $1 AND EXISTS (SELECT 1 FROM sessions WHERE id = $2)
