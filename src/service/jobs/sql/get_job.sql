SELECT id, kind, project_id, state, done, total, unit, error, result, created_by, created_at, started_at, finished_at, revision
FROM jobs WHERE id = $1 AND organization_id = $2 AND NOT errand
