INSERT INTO remote_models (id, organization_id, name, url, task, labels, version, problem, checked_at,
                           created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9)
