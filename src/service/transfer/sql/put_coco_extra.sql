INSERT INTO coco_extras (organization_id, project_id, kind, subject, extra)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (project_id, kind, subject) DO UPDATE SET extra = $5
