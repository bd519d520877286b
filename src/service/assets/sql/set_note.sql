UPDATE assets SET note = $3, note_revision = note_revision + 1
WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL AND ($4 < 0 OR note_revision = $4)
