SELECT id, organization_id, name, url, events, failures, disabled_at, disabled_reason, created_by,
       created_at, revision
FROM webhooks WHERE organization_id = $1 ORDER BY id LIMIT $2
