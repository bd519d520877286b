UPDATE uploads SET state = 'done', result = $3, expires_at = $4 WHERE id = $1 AND organization_id = $2
