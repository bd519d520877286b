UPDATE organizations SET deleted_at = $2, revision = revision + 1 WHERE id = $1
