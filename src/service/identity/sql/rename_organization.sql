UPDATE organizations SET name = $2, revision = revision + 1 WHERE id = $1
