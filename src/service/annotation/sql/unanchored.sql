SELECT id, organization_id FROM assets
WHERE revision > anchored_revision AND anchored_at <= $1 AND deleted_at IS NULL
ORDER BY anchored_at LIMIT $2
