-- The wished one among those of the person, else the first.
SELECT o.id, o.name, m.role FROM memberships m JOIN organizations o ON o.id = m.organization_id
WHERE m.user_id = $1
ORDER BY CASE WHEN o.id = $2 THEN 0 ELSE 1 END, m.created_at, o.id LIMIT 1
