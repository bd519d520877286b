INSERT INTO suggestions (id, organization_id, project_id, asset_id, label_id, class, shape, score,
                         model_version, attributes, job_id, created_at, reasons,
                         state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'pending')
