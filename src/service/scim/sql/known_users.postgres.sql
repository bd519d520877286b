SELECT id FROM scim_users
WHERE organization_id = $1
  AND id IN (SELECT value::uuid FROM json_array_elements_text($2::json) AS v(value))
