SELECT id, asset_id, shape, label_id, class AS class_name, score, model_version,
       attributes, state, annotation_id, created_at, reasons, job_id
FROM suggestions WHERE id = $1 AND organization_id = $2
