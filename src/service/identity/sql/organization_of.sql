SELECT o.id, o.name, m.role FROM memberships m JOIN organizations o ON o.id = m.organization_id
WHERE m.organization_id = $1 AND m.user_id = $2
