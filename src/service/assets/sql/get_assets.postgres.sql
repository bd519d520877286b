SELECT id, project_id, rank, filename, kind, format, width, height, orientation, sha256, size_bytes, status,
       created_at, annotation_count, suggestion_count, revision, note <> '' AS has_note, note_revision
FROM assets
WHERE organization_id = $1 AND deleted_at IS NULL
  AND id IN (SELECT value::uuid FROM json_array_elements_text($2::json) AS t(value))
