-- $6 are the kinds wanted, each between slashes; '' for all.
SELECT id, kind, project_id, state, done, total, unit, error, result, created_by, created_at, started_at, finished_at, revision
FROM jobs WHERE {job_filter}
ORDER BY id DESC LIMIT $3
