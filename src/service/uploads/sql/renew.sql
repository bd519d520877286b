UPDATE uploads SET lease_until = $3 WHERE id = $1 AND organization_id = $2 AND state = 'storing'
