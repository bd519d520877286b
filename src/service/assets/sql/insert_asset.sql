INSERT INTO assets (id, organization_id, project_id, rank, filename, kind, format, width, height,
                    orientation, sha256, size_bytes, status, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
