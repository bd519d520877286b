UPDATE webhooks SET secret = $3, revision = revision + 1 WHERE id = $1 AND organization_id = $2
