UPDATE assets SET anchored_at = $3, anchored_revision = $4 WHERE id = $1 AND organization_id = $2
