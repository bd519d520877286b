UPDATE uploads SET received = received + $4, expires_at = $5,
  state = CASE WHEN received + $4 = size_bytes THEN 'received' ELSE state END
WHERE id = $1 AND organization_id = $2 AND received = $3 AND received + $4 <= size_bytes
  AND state = 'receiving'
