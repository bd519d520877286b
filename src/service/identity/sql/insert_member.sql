INSERT INTO memberships (organization_id, user_id, role, role_id, created_at)
VALUES ($1, $2, $3, $4, $5)
