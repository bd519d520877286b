SELECT job_id FROM exports
WHERE organization_id = $1
  AND job_id IN (SELECT value::uuid FROM json_array_elements_text($2::json) AS t(value))
