SELECT COUNT(*) AS count
FROM {user_tables}
WHERE u.organization_id = $1 AND (CAST($2 AS INTEGER) = 2
  OR CASE WHEN m.user_id IS NULL THEN 0 ELSE 1 END = CAST($2 AS INTEGER))
