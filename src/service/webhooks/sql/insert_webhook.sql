INSERT INTO webhooks (id, organization_id, name, url, events, secret, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
