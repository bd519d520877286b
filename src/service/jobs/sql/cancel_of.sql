UPDATE jobs SET cancel_requested = TRUE,
  finished_at = CASE WHEN state = 'queued' THEN $3 ELSE finished_at END,
  state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END,
  revision = revision + 1
WHERE organization_id = $1 AND created_by = $2 AND project_id IS NOT NULL
  AND state IN ('queued', 'running')
