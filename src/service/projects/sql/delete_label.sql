UPDATE labels SET deleted_at = $3 WHERE id = $1 AND organization_id = $2
