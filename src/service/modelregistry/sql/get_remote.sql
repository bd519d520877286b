SELECT id, name, url, task, labels, version, problem, checked_at
FROM remote_models WHERE id = $1 AND organization_id = $2
