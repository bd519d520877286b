SELECT role, COUNT(*) AS members FROM memberships
WHERE organization_id = $1 AND role_id IS NULL GROUP BY role
