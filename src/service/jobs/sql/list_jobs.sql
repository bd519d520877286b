SELECT id, kind, project_id, state, done, total, unit, error, result, created_by, created_at, started_at, finished_at, revision
FROM jobs WHERE organization_id = $1 AND id < $2
ORDER BY id DESC LIMIT $3
