SELECT id, name FROM users
WHERE id IN (SELECT value::uuid FROM json_array_elements_text($1::json) AS l(value))
