UPDATE webhooks SET disabled_at = $2, disabled_reason = $3, revision = revision + 1
WHERE id = $1 AND disabled_at IS NULL
