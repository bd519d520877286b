SELECT comment_id, user_id FROM mentions
WHERE organization_id = $1
  AND comment_id IN (SELECT value::uuid FROM json_array_elements_text($2::json) AS l(value))
ORDER BY id
