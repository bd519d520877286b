SELECT COALESCE(SUM(model_ms), 0) AS model_ms FROM usage_days
WHERE organization_id = $1 AND day >= $2
