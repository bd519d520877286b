DELETE FROM webhooks WHERE id = $1 AND organization_id = $2
