UPDATE webhooks SET name = $3, url = $4, events = $5, failures = $6, disabled_at = $7,
  disabled_reason = $8, revision = revision + 1
WHERE id = $1 AND organization_id = $2 AND revision = $9
