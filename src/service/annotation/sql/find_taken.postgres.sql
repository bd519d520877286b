SELECT id FROM annotations
WHERE id IN (SELECT value::uuid FROM json_array_elements_text($1::json) AS t(value))
