INSERT INTO projects (id, organization_id, name, type, created_by, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $6)
