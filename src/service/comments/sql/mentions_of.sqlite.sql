SELECT comment_id, user_id FROM mentions
WHERE organization_id = $1
  AND comment_id IN (SELECT value FROM json_each($2))
ORDER BY id
