-- $2: 1 those who are members, 0 the others, 2 all.
SELECT {user_columns}
FROM {user_tables}
WHERE u.organization_id = $1 AND (CAST($2 AS INTEGER) = 2
  OR CASE WHEN m.user_id IS NULL THEN 0 ELSE 1 END = CAST($2 AS INTEGER))
ORDER BY u.id LIMIT $3 OFFSET $4
