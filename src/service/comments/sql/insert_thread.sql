INSERT INTO comment_threads (id, organization_id, project_id, asset_id, annotation_id, x, y, frame,
                             created_by, created_at, revision)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
