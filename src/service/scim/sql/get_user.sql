SELECT {user_columns}
FROM {user_tables}
WHERE u.organization_id = $1 AND u.id = $2
