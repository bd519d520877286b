SELECT subject, extra FROM coco_extras
WHERE project_id = $1 AND organization_id = $2 AND kind = $3 AND subject > $4
ORDER BY subject LIMIT $5
