UPDATE assets SET comments_revision = comments_revision + 1
WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL
RETURNING comments_revision
