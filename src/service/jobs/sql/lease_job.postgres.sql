-- Of the organisations that wait (one step through the index each), the one with the fewest jobs
-- running, then the one whose last turn is longest ago; of its jobs the oldest. Other workers may
-- be taking the first ones, so some of the next are looked at too.
UPDATE jobs SET state = 'running', lease_owner = $2, lease_until = $3, attempts = attempts + 1,
  started_at = COALESCE(started_at, $1), revision = revision + 1
WHERE id = (
  WITH RECURSIVE waiting (organization_id) AS (
    (SELECT organization_id FROM jobs WHERE state = 'queued' AND errand = $4
     ORDER BY organization_id LIMIT 1)
    UNION ALL
    SELECT (SELECT j.organization_id FROM jobs j
            WHERE j.state = 'queued' AND j.errand = $4 AND j.organization_id > w.organization_id
            ORDER BY j.organization_id LIMIT 1)
    FROM waiting w WHERE w.organization_id IS NOT NULL
  ), busy AS (
    SELECT organization_id, COUNT(*) AS running FROM jobs
    WHERE state = 'running' AND errand = $4 AND lease_until >= $1 GROUP BY organization_id
  ), next_organizations AS (
    SELECT w.organization_id
    FROM waiting w
    CROSS JOIN LATERAL (
      SELECT run_after FROM jobs
      WHERE state = 'queued' AND errand = $4 AND organization_id = w.organization_id
        AND run_after <= $1
      ORDER BY run_after, id LIMIT 1) oldest
    LEFT JOIN busy b ON b.organization_id = w.organization_id
    LEFT JOIN job_turns t ON t.organization_id = w.organization_id AND t.errand = $4
    ORDER BY COALESCE(b.running, 0), COALESCE(t.turn, 0), oldest.run_after LIMIT 8
  ), next_jobs AS (
    SELECT q.id, q.organization_id, q.run_after
    FROM next_organizations o CROSS JOIN LATERAL (
      SELECT id, organization_id, run_after FROM jobs
      WHERE state = 'queued' AND errand = $4 AND organization_id = o.organization_id
        AND run_after <= $1
      ORDER BY run_after, id LIMIT 32) q
    UNION ALL
    SELECT id, organization_id, run_after FROM jobs
    WHERE state = 'running' AND errand = $4 AND run_after <= $1 AND lease_until < $1
  )
  SELECT j.id FROM next_jobs n
  JOIN jobs j ON j.id = n.id
  LEFT JOIN busy b ON b.organization_id = n.organization_id
  LEFT JOIN job_turns t ON t.organization_id = n.organization_id AND t.errand = $4
  WHERE j.state = 'queued' OR (j.state = 'running' AND j.lease_until < $1)
  ORDER BY COALESCE(b.running, 0), COALESCE(t.turn, 0), n.run_after, n.id
  LIMIT 1 FOR UPDATE OF j SKIP LOCKED)
RETURNING id, organization_id, created_by, project_id, kind, payload, attempts, cancel_requested
