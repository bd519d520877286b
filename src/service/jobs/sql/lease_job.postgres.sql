UPDATE jobs SET state = 'running', lease_owner = $2, lease_until = $3, attempts = attempts + 1,
  started_at = COALESCE(started_at, $1), revision = revision + 1
WHERE id = (SELECT id FROM jobs
            WHERE state IN ('queued', 'running') AND run_after <= $1 AND errand = $4
              AND (state = 'queued' OR lease_until < $1)
            ORDER BY run_after, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, organization_id, created_by, project_id, kind, payload, attempts, cancel_requested
