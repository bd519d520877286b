SELECT day, assets_added, bytes_added, model_ms FROM usage_days
WHERE organization_id = $1 AND day >= $2 ORDER BY day DESC
