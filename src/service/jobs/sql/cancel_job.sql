UPDATE jobs SET cancel_requested = TRUE,
  finished_at = CASE WHEN state = 'queued' THEN $3 ELSE finished_at END,
  state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END,
  revision = revision + 1
WHERE id = $1 AND organization_id = $2 AND NOT errand AND state IN ('queued', 'running')
