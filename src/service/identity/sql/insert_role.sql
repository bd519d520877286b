INSERT INTO roles (id, organization_id, name, description, permissions, created_by, created_at,
                   updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
