UPDATE api_tokens SET last_used_at = $2
WHERE id IN (SELECT value::uuid FROM json_array_elements_text($1::json) AS v(value))
