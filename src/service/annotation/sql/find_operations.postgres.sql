SELECT revision, id, body, source, actor_id, created_at, run, hash FROM operations
WHERE asset_id = $1
  AND id IN (SELECT value::uuid FROM json_array_elements_text($2::json) AS t(value))
ORDER BY revision
