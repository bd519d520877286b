SELECT id, organization_id, name, url, events, failures, disabled_at, disabled_reason, created_by,
       created_at, revision
FROM webhooks WHERE id = $1 AND organization_id = $2
