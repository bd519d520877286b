INSERT INTO webhook_attempts (delivery_id, number, organization_id, at, took_ms, status, problem,
                              answer)
VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM webhook_attempts WHERE delivery_id = $1), $2,
        $3, $4, $5, $6, $7)
