{mapped_roles}
WHERE u.organization_id = $1
  AND u.id IN (SELECT value::uuid FROM json_array_elements_text($2::json) AS v(value))
ORDER BY u.id
