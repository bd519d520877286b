SELECT number, at, took_ms, status, problem, answer FROM webhook_attempts
WHERE delivery_id = $1 AND organization_id = $2 ORDER BY number DESC LIMIT 20
