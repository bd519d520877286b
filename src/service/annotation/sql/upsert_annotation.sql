INSERT INTO annotations (id, organization_id, project_id, asset_id, label_id, type, source, score,
                         body, created_by, created_at, updated_at, revision)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)
ON CONFLICT (id) DO UPDATE SET label_id = $5, type = $6, source = $7, score = $8, body = $9,
  updated_at = $11, revision = $12
WHERE annotations.organization_id = $2 AND annotations.asset_id = $4
