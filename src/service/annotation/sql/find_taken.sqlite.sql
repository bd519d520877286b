SELECT id FROM annotations WHERE id IN (SELECT value FROM json_each($1))
