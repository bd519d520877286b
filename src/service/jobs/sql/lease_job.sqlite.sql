-- Of the organisations that wait (one step through the index each), the one with the fewest jobs
-- running, then the one whose last turn is longest ago; of its jobs the oldest.
UPDATE jobs SET state = 'running', lease_owner = $2, lease_until = $3, attempts = attempts + 1,
  started_at = COALESCE(started_at, $1), revision = revision + 1
WHERE id = (
  WITH RECURSIVE waiting (organization_id) AS (
    SELECT min(organization_id) FROM jobs WHERE state = 'queued' AND errand = $4
    UNION ALL
    SELECT (SELECT min(j.organization_id) FROM jobs j
            WHERE j.state = 'queued' AND j.errand = $4 AND j.organization_id > w.organization_id)
    FROM waiting w WHERE w.organization_id IS NOT NULL
  ), next_one (id, organization_id, run_after) AS (
    SELECT j.id, j.organization_id, j.run_after
    FROM waiting w CROSS JOIN jobs j ON j.id = (
      SELECT q.id FROM jobs q WHERE q.state = 'queued' AND q.errand = $4
        AND q.organization_id = w.organization_id AND q.run_after <= $1
      ORDER BY q.run_after, q.id LIMIT 1)
    UNION ALL
    SELECT id, organization_id, run_after FROM jobs
    WHERE state = 'running' AND errand = $4 AND run_after <= $1 AND lease_until < $1
  )
  SELECT n.id FROM next_one n
  LEFT JOIN job_turns t ON t.organization_id = n.organization_id AND t.errand = $4
  ORDER BY (SELECT COUNT(*) FROM jobs r WHERE r.state = 'running' AND r.errand = $4
              AND r.organization_id = n.organization_id AND r.lease_until >= $1),
           COALESCE(t.turn, 0), n.run_after, n.id
  LIMIT 1)
RETURNING id, organization_id, created_by, project_id, kind, payload, attempts, cancel_requested
