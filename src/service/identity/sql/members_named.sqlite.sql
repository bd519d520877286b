SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.organization_id = $1 AND u.disabled_at IS NULL
  AND m.user_id IN (SELECT value FROM json_each($2))
