id, project_id, rank, filename, kind, format, width, height, orientation, sha256, size_bytes, status,
       created_at, annotation_count, suggestion_count, revision, note <> '' AS has_note, note_revision
