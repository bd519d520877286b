INSERT INTO jobs (id, organization_id, project_id, kind, state, payload, total, unit, created_by,
                  created_at, run_after, errand)
VALUES ($1, $2, $3, $4, 'queued', $5, $6, $7, $8, $9, $9, $10)
