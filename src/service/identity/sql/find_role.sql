SELECT id, name, description, permissions, 0 AS members, revision FROM roles
WHERE id = $1 AND organization_id = $2
