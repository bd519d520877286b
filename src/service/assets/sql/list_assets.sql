SELECT id, project_id, rank, filename, kind, format, width, height, orientation, sha256, size_bytes, status,
       created_at, annotation_count, suggestion_count, revision, note <> '' AS has_note, note_revision
FROM assets WHERE project_id = $1 AND organization_id = $2 AND rank > $3 AND deleted_at IS NULL
ORDER BY rank LIMIT $4
