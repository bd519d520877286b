SELECT id, name, url, task, labels, version, problem, checked_at
FROM remote_models WHERE organization_id = $1 ORDER BY id
