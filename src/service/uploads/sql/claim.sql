UPDATE uploads SET state = 'storing', lease_until = $4
WHERE id = $1 AND organization_id = $2 AND state IN ('received', 'storing') AND lease_until < $3
