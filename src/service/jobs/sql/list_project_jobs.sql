SELECT id, kind, project_id, state, done, total, unit, error, result, created_by, created_at, started_at, finished_at, revision
FROM jobs WHERE {job_filter} AND project_id = $7
ORDER BY id DESC LIMIT $3
