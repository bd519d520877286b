INSERT INTO exports (job_id, organization_id, project_id, format, filename, blob, size_bytes,
                     sha256, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (job_id) DO UPDATE SET filename = $5, blob = $6, size_bytes = $7, sha256 = $8
