SELECT m.user_id, m.role, m.role_id, r.permissions AS listed
FROM memberships m LEFT JOIN roles r ON r.id = m.role_id
WHERE m.organization_id = $1 AND m.user_id = $2
