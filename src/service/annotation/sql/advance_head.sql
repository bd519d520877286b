UPDATE assets SET revision = $3, log_hash = $4, annotation_count = annotation_count + $5
WHERE id = $1 AND organization_id = $2 AND revision = $6 AND deleted_at IS NULL
