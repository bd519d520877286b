SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.organization_id = $1 AND u.email = $2
