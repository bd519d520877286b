UPDATE sessions
SET method = (SELECT method FROM sessions WHERE id = $2),
    second_factor = (SELECT CASE second_factor WHEN 'own' THEN 'own' ELSE 'none' END
                     FROM sessions WHERE id = $2),
    authenticated_at = (SELECT authenticated_at FROM sessions WHERE id = $2)
WHERE id = $1 AND EXISTS (SELECT 1 FROM sessions WHERE id = $2)
