SELECT id, name FROM users
WHERE id IN (SELECT value FROM json_each($1))
