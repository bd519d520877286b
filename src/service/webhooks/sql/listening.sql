SELECT id, events FROM webhooks WHERE organization_id = $1 AND disabled_at IS NULL ORDER BY id
