INSERT INTO annotations (id, organization_id, project_id, asset_id, label_id, type, source, score,
                         body, created_by, created_at, updated_at, revision)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)
