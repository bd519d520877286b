SELECT a.id, a.organization_id, a.revision, a.comments_revision
FROM assets a JOIN projects p ON p.id = a.project_id
WHERE a.id IN (SELECT value::uuid FROM json_array_elements_text($1::json) AS t(value))
  AND a.deleted_at IS NULL AND p.deleted_at IS NULL
