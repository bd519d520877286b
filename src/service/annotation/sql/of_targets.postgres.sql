SELECT revision, id, body, source, actor_id, created_at, run, hash FROM operations
WHERE asset_id = $1 AND organization_id = $2 AND revision > $3
  AND target IN (SELECT value::uuid FROM json_array_elements_text($4::json) AS t(value))
ORDER BY revision
